"""What an object of Stripe means for an attempt: its state, and the money that moved."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import stripe

from reglo.money import Money
from reglo.payments.providers.contract import Account
from reglo.payments.providers.facts import Method, PaymentFact, Ref, RefundFact, RefundStanding, Snapshot, State
from reglo.payments.providers.stripe import disputes
from reglo.payments.providers.stripe.amounts import from_stripe
from reglo.payments.providers.stripe.balance import payout_fact
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
    of_charge = [f"charge.{path}" for path in _CHARGE]
    with translated():
        try:
            match ref.kind:
                case "checkout.session":
                    expand = [f"payment_intent.{path}" for path in _INTENT]
                    session = client.v1.checkout.sessions.retrieve(ref.id, {"expand": expand})
                    return _with_disputes(client, _of_session(client, ref, session), _charge_of(session.payment_intent))
                case "payment_intent":
                    intent = client.v1.payment_intents.retrieve(ref.id, {"expand": _INTENT})
                    return _with_disputes(client, _of_intent(client, ref, intent), _charge_of(intent))
                case "charge":
                    charge = client.v1.charges.retrieve(ref.id, {"expand": _CHARGE})
                    return _with_disputes(client, _of_charge(client, ref, charge), charge)
                case "refund":
                    refund = client.v1.refunds.retrieve(ref.id, {"expand": of_charge})
                    if isinstance(refund.charge, stripe.Charge):
                        return _with_disputes(client, _of_charge(client, ref, refund.charge), refund.charge)
                case "dispute":
                    dispute = disputes.retrieve(client, ref.id, of_charge)
                    if isinstance(dispute.charge, stripe.Charge):
                        found = (disputes.fact(dispute, dispute.charge),)
                        return replace(_of_charge(client, ref, dispute.charge), disputes=found)
                case "payout":
                    return _of_payout(client, ref)
        except stripe.PermissionError:
            # A key that was made before payouts were read: the daily check asks for the right, payments go on.
            if ref.kind != "payout":
                raise
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
    return Snapshot(ref=ref, live=account.mode == "live", attempt_key="", state=State.UNKNOWN)


def _charge_of(intent: str | stripe.PaymentIntent | None) -> stripe.Charge | None:
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    return charge if isinstance(charge, stripe.Charge) else None


def _with_disputes(client: stripe.StripeClient, seen: Snapshot, charge: stripe.Charge | None) -> Snapshot:
    if charge is None:
        return seen
    found = disputes.of_charge(client, charge)
    return replace(seen, disputes=found, covers=seen.covers | {dispute.id for dispute in found})


def _of_payout(client: stripe.StripeClient, ref: Ref) -> Snapshot:
    payout = client.v1.payouts.retrieve(ref.id)
    fact = payout_fact(client, payout)
    return Snapshot(ref=ref, live=payout.livemode, attempt_key="", state=State.UNKNOWN, payout=fact)


def _of_session(client: stripe.StripeClient, ref: Ref, session: stripe.checkout.Session) -> Snapshot:
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    payments, refunds = _facts(client, intent.latest_charge if intent else None)
    return Snapshot(
        ref=ref,
        live=session.livemode,
        attempt_key=_told(session.metadata, "attempt"),
        state=_session_state(session, intent),
        payments=payments,
        refunds=refunds,
        failure=_failure(intent),
        redirect_url=session.url or "",
        install=_told(session.metadata, "install"),
        covers=frozenset({session.id}) | _covered(intent),
        method=_method_tried(intent.latest_charge if intent else None),
    )


def _session_state(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> State:
    if session.status == "open":
        return State.OPEN
    if session.status == "expired":
        return State.EXPIRED
    if session.payment_status in {"paid", "no_payment_required"}:
        return State.PAID
    if session.status != "complete" or session.payment_status != "unpaid":
        return State.UNKNOWN  # a word that Stripe invented since: the charges alone are believed
    if intent is not None and intent.status in {"requires_payment_method", "canceled"}:
        return State.FAILED  # a delayed method said no, days later
    return State.PROCESSING


def _of_intent(client: stripe.StripeClient, ref: Ref, intent: stripe.PaymentIntent) -> Snapshot:
    """An intent that was refused once says nothing: the page may still be open for another card."""
    payments, refunds = _facts(client, intent.latest_charge)
    states = {"succeeded": State.PAID, "processing": State.PROCESSING}
    return Snapshot(
        ref=ref,
        live=intent.livemode,
        attempt_key=_told(intent.metadata, "attempt"),
        state=states.get(intent.status, State.UNKNOWN),
        payments=payments,
        refunds=refunds,
        failure=_failure(intent),
        install=_told(intent.metadata, "install"),
        covers=_covered(intent),
        method=_method_tried(intent.latest_charge),
    )


def _of_charge(client: stripe.StripeClient, ref: Ref, charge: stripe.Charge) -> Snapshot:
    payments, refunds = _facts(client, charge)
    states = {"succeeded": State.PAID, "pending": State.PROCESSING}
    intent = charge.payment_intent if isinstance(charge.payment_intent, stripe.PaymentIntent) else None
    words = charge.metadata if _told(charge.metadata, "attempt") or intent is None else intent.metadata
    return Snapshot(
        ref=ref,
        live=charge.livemode,
        attempt_key=_told(words, "attempt"),
        state=states.get(charge.status, State.UNKNOWN),
        payments=payments,
        refunds=refunds,
        # What the page says now: a refusal told late is not the last one.
        failure=_failure(intent, charge) if intent else charge.failure_code or "",
        method=_method_tried(charge),
        install=_told(words, "install"),
        covers=_covered(charge),
    )


def _covered(told: stripe.PaymentIntent | stripe.Charge | None) -> frozenset[str]:
    """The ids of what came along: a charge and its refunds with the intent, not an earlier charge that was refused."""
    if told is None:
        return frozenset()
    if isinstance(told, stripe.PaymentIntent):
        charge = told.latest_charge if isinstance(told.latest_charge, stripe.Charge) else None
        return frozenset({told.id}) | _covered(charge)
    return frozenset({told.id, *(refund.id for refund in (told.refunds.data if told.refunds else []))})


def _facts(
    client: stripe.StripeClient, charge: str | stripe.Charge | None
) -> tuple[tuple[PaymentFact, ...], tuple[RefundFact, ...]]:
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
        description=charge.description or "",
        payer_email=(charge.billing_details and charge.billing_details.email) or charge.receipt_email or "",
    )
    return (payment,), tuple(_refund_fact(refund, charge) for refund in _refunds_of(client, charge))


def _refunds_of(client: stripe.StripeClient, charge: stripe.Charge) -> Iterable[stripe.Refund]:
    """All of them: a charge shows its first page only."""
    if charge.refunds is None:
        return ()
    if not charge.refunds.has_more:
        return charge.refunds.data
    return client.v1.refunds.list({"charge": charge.id, "limit": 100}).auto_paging_iter()


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
        order_key=str(getattr(refund.metadata, "refund", "")),
        failure=getattr(refund, "failure_reason", None) or "",
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


def _told(metadata: object, name: str) -> str:
    """What came back of the metadata that we, or another installation, sent: `attempt`, `install`."""
    return str(getattr(metadata, name, ""))
