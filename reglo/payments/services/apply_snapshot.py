"""Make our books say what the provider says: facts first, then the attempt, then the documents."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoices
from reglo.invoicing.models import Invoice
from reglo.payments.locks import lock_attempt
from reglo.payments.models import AttemptLine, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers import contract
from reglo.payments.services.booking import settle
from reglo.payments.services.fill_fee import fill_fee
from reglo.payments.services.record_payment import record_payment
from reglo.payments.services.record_refund import record_refund
from reglo.payments.states import PENDING_STATES, AttemptState, Method

# Paid is not among them: it is the money itself that says so. An attempt called paid whose money is not told yet, or
# was only reserved, stays where it is and is asked about again.
_STATES = {
    contract.State.OPEN: AttemptState.OPEN,
    contract.State.PROCESSING: AttemptState.PROCESSING,
    contract.State.FAILED: AttemptState.FAILED,
    contract.State.EXPIRED: AttemptState.EXPIRED,
    contract.State.CANCELED: AttemptState.CANCELED,
}


def apply_snapshot(*, account: ProviderAccount, snapshot: contract.Snapshot, now: datetime) -> bool:
    """Apply `snapshot`, whatever was applied before: the same truth twice, or older truth late, changes nothing.

    False when it concerns no attempt of this account: a sale made elsewhere, or by another installation.
    """
    attempt = _attempt_of(account, snapshot)
    if attempt is None:
        return False
    _apply(attempt.company_id, attempt.id, snapshot, now)
    return True


def _attempt_of(account: ProviderAccount, snapshot: contract.Snapshot) -> PaymentAttempt | None:
    """The attempt that the provider's object carries, if it is ours, of this account and of its mode."""
    try:
        key = UUID(snapshot.attempt_key)
    except ValueError:
        return None
    if snapshot.live != account.is_live:
        return None
    return PaymentAttempt.objects.filter(id=key, account=account).first()


@retry_on_conflict
def _apply(company_id: int, attempt_id: UUID, snapshot: contract.Snapshot, now: datetime) -> None:
    invoice_ids = list(AttemptLine.objects.filter(attempt_id=attempt_id).values_list("invoice_id", flat=True))
    with transaction.atomic():
        invoices = lock_invoices(company_id=company_id, invoice_ids=invoice_ids)
        attempt = lock_attempt(attempt_id=attempt_id)
        changed = _apply_facts(attempt, invoices, snapshot, now)
        _note_refusal(attempt, snapshot)
        if _move(attempt, snapshot, now) or changed:
            for invoice in invoices:
                settle(invoice, now=now)


def _apply_facts(attempt: PaymentAttempt, invoices: list[Invoice], snapshot: contract.Snapshot, now: datetime) -> bool:
    """Whether anything was new."""
    known = {payment.external_id: payment for payment in Payment.objects.filter(attempt=attempt)}
    changed = False
    for fact in snapshot.payments:
        payment = known.get(fact.id)
        if payment is None:
            known[fact.id] = record_payment(attempt=attempt, invoices=invoices, fact=fact, now=now)
            changed = True
        else:
            fill_fee(payment=payment, fact=fact, payer=invoices[0], now=now)
    for refund in snapshot.refunds:
        if payment := known.get(refund.payment_id):
            changed |= record_refund(payment=payment, invoices=invoices, fact=refund, now=now)
    return changed


def _note_refusal(attempt: PaymentAttempt, snapshot: contract.Snapshot) -> None:
    """A refused card leaves the hosted page open: the payer who turns back is told why."""
    if attempt.is_pending and snapshot.failure and attempt.failure != snapshot.failure[:100]:
        attempt.failure = snapshot.failure[:100]
        _note_method(attempt, snapshot)
        attempt.save(update_fields=["failure", "method"])


def _note_method(attempt: PaymentAttempt, snapshot: contract.Snapshot) -> None:
    if snapshot.method is not None:
        attempt.method = Method(snapshot.method.value)


def _move(attempt: PaymentAttempt, snapshot: contract.Snapshot, now: datetime) -> bool:
    """Whether the attempt moved. What cannot follow from where it stands is older truth, and is left."""
    target = AttemptState.PAID if snapshot.payments else _STATES.get(snapshot.state)
    if target is None or not attempt.can_move_to(target):
        return False
    attempt.move_to(target)
    _note_method(attempt, snapshot)
    if target == AttemptState.OPEN:
        attempt.external_id, attempt.redirect_url = snapshot.ref.id, snapshot.redirect_url
    if target not in PENDING_STATES:
        attempt.ended_at = now
        attempt.redirect_url = ""
        AttemptLine.objects.filter(attempt=attempt, open=True).update(open=False)
    if target == AttemptState.FAILED:
        attempt.failure = snapshot.failure[:100]
        record(
            kind=Kind.ATTEMPT_FAILED,
            company_id=attempt.company_id,
            subject=attempt,
            now=now,
            content={
                "failure": attempt.failure,
                "method": attempt.method,
                "amount_minor": attempt.amount_minor,
                "currency": attempt.currency,
            },
        )
    attempt.save(update_fields=["state", "external_id", "method", "redirect_url", "failure", "ended_at"])
    return True
