"""A hosted Checkout Session: one line, one exact amount, the methods that the seller offers."""

from datetime import UTC, datetime
from typing import Literal

import stripe
from django.utils.translation import gettext_lazy as _
from stripe.params.checkout import SessionCreateParams

from reglo.payments.providers.contract import Attempt, Declined, Redirect, TooLate, Urls
from reglo.payments.providers.facts import Method, Ref
from reglo.payments.providers.stripe.amounts import to_stripe
from reglo.payments.providers.stripe.client import Clients, translated

SESSION = "checkout.session"
_TYPES: dict[Method, Literal["card", "sepa_debit"]] = {Method.CARD: "card", Method.SEPA_DEBIT: "sepa_debit"}
_TOO_SMALL = _("Ce montant est trop petit pour un paiement par carte.")
_TOO_LARGE = _("Ce montant est trop grand pour un paiement par carte.")
_AMOUNT_REFUSALS = {"amount_too_small": _TOO_SMALL, "amount_too_large": _TOO_LARGE}


def start(clients: Clients, attempt: Attempt, urls: Urls, install: str) -> Redirect:
    """Open the page. The same attempt sends the same words, so that a second call finds the first one's answer."""
    try:
        with translated(writes=True):
            session = clients.of(attempt.account.secrets).v1.checkout.sessions.create(
                _parameters(attempt, urls, install), {"idempotency_key": attempt.key}
            )
    except stripe.InvalidRequestError as error:
        if error.code in _AMOUNT_REFUSALS:
            raise Declined(reason=_AMOUNT_REFUSALS[error.code]) from error
        raise
    assert session.url, "an open hosted session has its page"
    return Redirect(session.url, Ref(SESSION, session.id), datetime.fromtimestamp(session.expires_at, tz=UTC))


def cancel(clients: Clients, attempt: Attempt) -> None:
    """Close the page, unless somebody already paid there."""
    if not attempt.external_id:
        return  # the page was never shown to anybody
    client = clients.of(attempt.account.secrets)
    with translated(writes=True):
        try:
            client.v1.checkout.sessions.expire(attempt.external_id)
        except stripe.InvalidRequestError as error:
            if client.v1.checkout.sessions.retrieve(attempt.external_id).status != "expired":
                raise TooLate from error


def _parameters(attempt: Attempt, urls: Urls, install: str) -> SessionCreateParams:
    metadata = {"attempt": attempt.key, "invoice": attempt.reference, "install": install}
    parameters: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "allowed_payment_method_types": [_TYPES[method] for method in attempt.methods],
        "line_items": [
            {
                "price_data": {
                    "currency": attempt.amount.currency.lower(),
                    "unit_amount": to_stripe(attempt.amount),
                    "product_data": {"name": attempt.description},
                },
                "quantity": 1,
            }
        ],
        "client_reference_id": attempt.key,
        "metadata": metadata,
        "payment_intent_data": {"description": attempt.description, "metadata": metadata},
        "success_url": urls.success,
        "cancel_url": urls.cancel,
        "locale": "fr" if attempt.language == "fr" else "en",
        "expires_at": int(attempt.expires_at.timestamp()),
        "integration_identifier": "reglo",
        # Its default follows the account: the payer could be charged in another currency than the invoice's.
        "adaptive_pricing": {"enabled": False},
        "submit_type": "pay",
    }
    if attempt.payer_email:
        parameters["customer_email"] = attempt.payer_email
    return parameters
