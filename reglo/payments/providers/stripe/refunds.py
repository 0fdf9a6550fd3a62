"""Money given back: a Refund of a Charge, our key in its metadata."""

import stripe
from stripe.params import RefundCreateParams

from reglo.payments.providers.contract import RefundOrder, RefundReason, RefundRefused
from reglo.payments.providers.facts import Ref
from reglo.payments.providers.stripe.amounts import to_stripe
from reglo.payments.providers.stripe.client import Clients, translated

CHARGE = "charge"
NO_RIGHT = "no_right"
REFUSED = "refused"


def refund(clients: Clients, order: RefundOrder, install: str) -> Ref:
    """Ask for it. The same order sends the same words, so that a second call finds the first one's answer."""
    try:
        with translated(writes=True):
            made = _create(clients.of(order.account.secrets), order, install)
    except stripe.InvalidRequestError as error:
        raise RefundRefused(error.code or REFUSED) from error
    return Ref("refund", made.id)


def _create(client: stripe.StripeClient, order: RefundOrder, install: str) -> stripe.Refund:
    try:
        return client.v1.refunds.create(_parameters(order, install), {"idempotency_key": order.key})
    except stripe.PermissionError as error:  # the key still collects: the account is not broken
        raise RefundRefused(NO_RIGHT) from error
    except stripe.CardError as error:
        raise RefundRefused(error.code or REFUSED) from error


def _parameters(order: RefundOrder, install: str) -> RefundCreateParams:
    parameters: RefundCreateParams = {
        "charge": order.payment_id,
        "amount": to_stripe(order.money),
        "metadata": {"refund": order.key, "install": install},
    }
    if order.reason == RefundReason.CUSTOMER:
        parameters["reason"] = "requested_by_customer"
    elif order.reason == RefundReason.TWICE:
        parameters["reason"] = "duplicate"
    return parameters
