"""What an object of Stripe means for an attempt: its state, and the money that moved."""

from datetime import UTC, datetime

import stripe

from reglo.money import Money
from reglo.payments.providers.contract import (
    Account,
    Method,
    PaymentFact,
    Ref,
    RefundFact,
    RefundStanding,
    Snapshot,
    State,
)
from reglo.payments.providers.stripe.amounts import from_stripe
from reglo.payments.providers.stripe.client import Clients, translated

_INTENT = ["latest_charge.balance_transaction", "latest_charge.refunds"]
_CHARGE = ["balance_transaction", "refunds", "payment_intent"]
_METHODS = {"card": Method.CARD, "sepa_debit": Method.SEPA_DEBIT}
_SAYS_NOTHING = "payment_intent_payment_attempt_failed"
_REFUNDS = {
    "pending": RefundStanding.PENDING,
    "requires_action": RefundStanding.PENDING,
    "succeeded": RefundStanding.SUCCEEDED,
    "failed": RefundStanding.FAILED,
    "canceled": RefundStanding.CANCELED,
}


def fetch(clients: Clients, account: Account, ref: Ref) -> Snapshot:
    """The truth about `ref`, now. An object that is gone, or of a kind that says nothing of an attempt, is UNKNOWN."""
    client = clients.of(account.secrets)
    with translated():
        try:
            match ref.kind:
                case "checkout.session":
                    expand = [f"payment_intent.{path}" for path in _INTENT]
                    return _of_session(ref, client.v1.checkout.sessions.retrieve(ref.id, {"expand": expand}))
                case "payment_intent":
                    return _of_intent(ref, client.v1.payment_intents.retrieve(ref.id, {"expand": _INTENT}))
                case "charge":
                    return _of_charge(ref, client.v1.charges.retrieve(ref.id, {"expand": _CHARGE}))
                case "refund":
                    expand = [f"charge.{path}" for path in _CHARGE]
                    refund = client.v1.refunds.retrieve(ref.id, {"expand": expand})
                    if isinstance(refund.charge, stripe.Charge):
                        return _of_charge(ref, refund.charge)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
    return Snapshot(ref=ref, live=account.mode == "live", attempt_key="", state=State.UNKNOWN)


def _of_session(ref: Ref, session: stripe.checkout.Session) -> Snapshot:
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    payments, refunds = _facts(intent.latest_charge if intent else None)
    return Snapshot(
        ref=ref,
        live=session.livemode,
        attempt_key=_attempt_key(session.metadata),
        state=_session_state(session, intent),
        payments=payments,
        refunds=refunds,
        failure=_failure(intent),
        redirect_url=session.url or "",
        method=_method_tried(intent.latest_charge if intent else None),
    )


def _session_state(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> State:
    if session.status == "open":
        return State.OPEN
    if session.status == "expired":
        return State.EXPIRED
    if session.payment_status != "unpaid":
        return State.PAID
    if intent is not None and intent.status in {"requires_payment_method", "canceled"}:
        return State.FAILED  # a delayed method said no, days later
    return State.PROCESSING


def _of_intent(ref: Ref, intent: stripe.PaymentIntent) -> Snapshot:
    """An intent that was refused once says nothing: the page may still be open for another card."""
    payments, refunds = _facts(intent.latest_charge)
    states = {"succeeded": State.PAID, "processing": State.PROCESSING}
    return Snapshot(
        ref=ref,
        live=intent.livemode,
        attempt_key=_attempt_key(intent.metadata),
        state=states.get(intent.status, State.UNKNOWN),
        payments=payments,
        refunds=refunds,
        failure=_failure(intent),
        method=_method_tried(intent.latest_charge),
    )


def _of_charge(ref: Ref, charge: stripe.Charge) -> Snapshot:
    payments, refunds = _facts(charge)
    states = {"succeeded": State.PAID, "pending": State.PROCESSING}
    intent = charge.payment_intent if isinstance(charge.payment_intent, stripe.PaymentIntent) else None
    return Snapshot(
        ref=ref,
        live=charge.livemode,
        attempt_key=_attempt_key(charge.metadata) or (_attempt_key(intent.metadata) if intent else ""),
        state=states.get(charge.status, State.UNKNOWN),
        payments=payments,
        refunds=refunds,
        # What the page says now: a refusal told late is not the last one.
        failure=_failure(intent, charge) if intent else charge.failure_code or "",
        method=_method_tried(charge),
    )


def _facts(charge: str | stripe.Charge | None) -> tuple[tuple[PaymentFact, ...], tuple[RefundFact, ...]]:
    """The payment that a successful charge is, and its refunds."""
    if not isinstance(charge, stripe.Charge) or charge.status != "succeeded" or not charge.captured:
        return (), ()
    fee, settled = _fee_of(charge.balance_transaction)
    payment = PaymentFact(
        id=charge.id,
        money=from_stripe(charge.amount_captured, charge.currency),
        at=datetime.fromtimestamp(_moved_at(charge), tz=UTC),
        method=_method(charge),
        method_detail=_method_detail(charge),
        fee=fee,
        settled=settled,
    )
    listed = charge.refunds.data if charge.refunds else []
    return (payment,), tuple(_refund_fact(refund, charge) for refund in listed)


def _moved_at(charge: stripe.Charge) -> int:
    """A debit is a charge from the day it is asked for; its money moves days later, when it is credited."""
    movement = charge.balance_transaction
    if _method(charge) == Method.SEPA_DEBIT and isinstance(movement, stripe.BalanceTransaction):
        return movement.created
    return charge.created


def _fee_of(movement: str | stripe.BalanceTransaction | None) -> tuple[Money | None, Money | None]:
    """The fee and the amount before it, in the account's currency; unknown until Stripe has settled the charge."""
    if not isinstance(movement, stripe.BalanceTransaction):
        return None, None
    return from_stripe(movement.fee, movement.currency), from_stripe(movement.amount, movement.currency)


def _refund_fact(refund: stripe.Refund, charge: stripe.Charge) -> RefundFact:
    return RefundFact(
        id=refund.id,
        payment_id=charge.id,
        money=from_stripe(refund.amount, refund.currency),
        at=datetime.fromtimestamp(refund.created, tz=UTC),
        state=_REFUNDS.get(refund.status or "", RefundStanding.PENDING),
    )


def _method(charge: stripe.Charge) -> Method:
    details = charge.payment_method_details
    return _METHODS.get(details.type, Method.OTHER) if details else Method.OTHER


def _method_tried(charge: str | stripe.Charge | None) -> Method | None:
    return _method(charge) if isinstance(charge, stripe.Charge) else None


def _method_detail(charge: stripe.Charge) -> str:
    """ "Visa •••• 4242", "•••• 3000" for a bank account, or nothing."""
    details = charge.payment_method_details
    if details is None:
        return ""
    if details.type == "card" and details.card and details.card.last4:
        return f"{(details.card.brand or '').replace('_', ' ').capitalize()} •••• {details.card.last4}".strip()
    if details.type == "sepa_debit" and details.sepa_debit and details.sepa_debit.last4:
        return f"•••• {details.sepa_debit.last4}"
    return ""


def _failure(intent: stripe.PaymentIntent | None, charge: stripe.Charge | None = None) -> str:
    """Why the last try was refused; a debit's reason stands on its charge."""
    error = intent.last_payment_error if intent is not None else None
    # Stripe leaves `decline_code` out of an error that is not a decline: a 3-D Secure refused.
    code = getattr(error, "decline_code", None) or getattr(error, "code", None) or ""
    tried = charge or (intent.latest_charge if intent is not None else None)
    if code == _SAYS_NOTHING and isinstance(tried, stripe.Charge):
        return tried.failure_code or code
    return code


def _attempt_key(metadata: object) -> str:
    """Our id, as it came back in the metadata that we sent."""
    return str(getattr(metadata, "attempt", ""))
