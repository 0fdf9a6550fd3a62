"""Which of the SDK's types each request must satisfy, and the form body read for them."""

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe
from stripe import params
from stripe.params import checkout

from tests.contracts.stripe.strict_types import WireViolation, checker

STEP = re.compile(r"\[([^\]]*)\]")

SHAPES: dict[tuple[str, str], Any] = {
    ("get", "/v1/account"): params.AccountRetrieveCurrentParams,
    ("get", "/v1/accounts/*"): params.AccountRetrieveParams,
    ("get", "/v1/balance"): params.BalanceRetrieveParams,
    ("get", "/v1/balance_transactions"): params.BalanceTransactionListParams,
    ("get", "/v1/balance_transactions/*"): params.BalanceTransactionRetrieveParams,
    ("get", "/v1/charges"): params.ChargeListParams,
    ("get", "/v1/charges/*"): params.ChargeRetrieveParams,
    ("post", "/v1/charges/*"): params.ChargeUpdateParams,
    ("get", "/v1/checkout/sessions"): checkout.SessionListParams,
    ("post", "/v1/checkout/sessions"): checkout.SessionCreateParams,
    ("get", "/v1/checkout/sessions/*"): checkout.SessionRetrieveParams,
    ("post", "/v1/checkout/sessions/*"): checkout.SessionUpdateParams,
    ("post", "/v1/checkout/sessions/*/expire"): checkout.SessionExpireParams,
    ("get", "/v1/checkout/sessions/*/line_items"): checkout.SessionListLineItemsParams,
    ("get", "/v1/customers"): params.CustomerListParams,
    ("post", "/v1/customers"): params.CustomerCreateParams,
    ("get", "/v1/customers/*"): params.CustomerRetrieveParams,
    ("post", "/v1/customers/*"): params.CustomerUpdateParams,
    ("delete", "/v1/customers/*"): params.CustomerDeleteParams,
    ("get", "/v1/disputes"): params.DisputeListParams,
    ("get", "/v1/disputes/*"): params.DisputeRetrieveParams,
    ("post", "/v1/disputes/*"): params.DisputeUpdateParams,
    ("post", "/v1/disputes/*/close"): params.DisputeCloseParams,
    ("get", "/v1/events"): params.EventListParams,
    ("get", "/v1/events/*"): params.EventRetrieveParams,
    ("get", "/v1/invoice_payments"): params.InvoicePaymentListParams,
    ("get", "/v1/payment_intents"): params.PaymentIntentListParams,
    ("post", "/v1/payment_intents"): params.PaymentIntentCreateParams,
    ("get", "/v1/payment_intents/*"): params.PaymentIntentRetrieveParams,
    ("post", "/v1/payment_intents/*"): params.PaymentIntentUpdateParams,
    ("post", "/v1/payment_intents/*/cancel"): params.PaymentIntentCancelParams,
    ("post", "/v1/payment_intents/*/confirm"): params.PaymentIntentConfirmParams,
    ("post", "/v1/payment_methods"): params.PaymentMethodCreateParams,
    ("get", "/v1/payment_methods/*"): params.PaymentMethodRetrieveParams,
    ("get", "/v1/payouts"): params.PayoutListParams,
    ("post", "/v1/payouts"): params.PayoutCreateParams,
    ("get", "/v1/payouts/*"): params.PayoutRetrieveParams,
    ("post", "/v1/payouts/*"): params.PayoutUpdateParams,
    ("post", "/v1/payouts/*/cancel"): params.PayoutCancelParams,
    ("post", "/v1/payment_methods/*/attach"): params.PaymentMethodAttachParams,
    ("post", "/v1/payment_methods/*/detach"): params.PaymentMethodDetachParams,
    ("get", "/v1/prices"): params.PriceListParams,
    ("post", "/v1/prices"): params.PriceCreateParams,
    ("get", "/v1/products"): params.ProductListParams,
    ("post", "/v1/products"): params.ProductCreateParams,
    ("get", "/v1/refunds"): params.RefundListParams,
    ("post", "/v1/refunds"): params.RefundCreateParams,
    ("get", "/v1/refunds/*"): params.RefundRetrieveParams,
    ("post", "/v1/refunds/*"): params.RefundUpdateParams,
    ("get", "/v1/setup_intents"): params.SetupIntentListParams,
    ("post", "/v1/setup_intents"): params.SetupIntentCreateParams,
    ("get", "/v1/setup_intents/*"): params.SetupIntentRetrieveParams,
    ("post", "/v1/setup_intents/*/cancel"): params.SetupIntentCancelParams,
    ("post", "/v1/setup_intents/*/confirm"): params.SetupIntentConfirmParams,
    ("get", "/v1/webhook_endpoints"): params.WebhookEndpointListParams,
    ("post", "/v1/webhook_endpoints"): params.WebhookEndpointCreateParams,
    ("get", "/v1/webhook_endpoints/*"): params.WebhookEndpointRetrieveParams,
    ("post", "/v1/webhook_endpoints/*"): params.WebhookEndpointUpdateParams,
    ("delete", "/v1/webhook_endpoints/*"): params.WebhookEndpointDeleteParams,
    ("post", "/oauth/token"): stripe.OAuth.OAuthTokenParams,
    ("post", "/oauth/deauthorize"): stripe.OAuth.OAuthDeauthorizeParams,
}
WORDS = {step for _, path in SHAPES for step in path.split("/")}


@cache
def check_of(method: str, path: str) -> Any:
    return checker(SHAPES[method, path])


def nested(text: str) -> dict[str, Any]:
    """`a[b][0]=c` → {"a": {"b": {"0": "c"}}}."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        steps = [name.partition("[")[0], *STEP.findall(name)]
        here = tree
        for step in steps[:-1]:
            here = here.setdefault(step, {})
        here[steps[-1]] = value
    return tree


def pattern(path: str) -> str:
    """A path with its object names starred."""
    return "/".join(step if step in WORDS else "*" for step in path.split("/"))


def check_request(method: str, url: str, body: str | bytes | None) -> None:
    """Raises WireViolation for a request that the SDK's types do not allow, or that nobody has placed in SHAPES."""
    parts = urlsplit(url)
    key = method.lower(), pattern(parts.path)
    if key not in SHAPES:
        raise WireViolation(f"no type is known for {method.upper()} {parts.path}")
    text = body.decode() if isinstance(body, bytes) else body
    check_of(*key)(nested(parts.query if method.lower() in {"get", "delete"} else text or ""))
