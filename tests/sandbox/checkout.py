"""A session to pay, and a person who pays it on the page."""

from typing import Any

import requests
import stripe

SUCCESS = "http://127.0.0.1:1/merci?session={CHECKOUT_SESSION_ID}"
CANCEL = "http://127.0.0.1:1/retour"
GOOD = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
POOR = "4000 0000 0000 9995"
CHALLENGED = "4000 0027 6000 3155"


def session_of(shop: stripe.StripeClient, amount: int = 124_000, **more: Any) -> Any:
    """An open session for one line, in cents of euro."""
    product = {"name": "Facture F2026-0143"}
    line: Any = {"price_data": {"currency": "eur", "unit_amount": amount, "product_data": product}, "quantity": 1}
    base = {"mode": "payment", "line_items": [line], "success_url": SUCCESS, "cancel_url": CANCEL}
    return shop.v1.checkout.sessions.create({**base, **more})


def press_pay(url: str, number: str = GOOD, **fields: str) -> requests.Response:
    """The page's form, sent; the answer is not followed."""
    form = {"email": "claire@example.com", "name": "Claire Martin", "number": number, "expiry": "12 / 34", "cvc": "123"}
    return requests.post(url, data={**form, **fields}, allow_redirects=False, timeout=10)


def types_of(shop: stripe.StripeClient) -> list[str]:
    """Every event so far, oldest first."""
    return [event.type for event in reversed(shop.v1.events.list({"limit": 100}).data)]
