"""Make our books say what the provider says: facts first, then the attempt, then the documents."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoices
from reglo.invoicing.models import Invoice
from reglo.payments.installation import is_of_this_database
from reglo.payments.locks import lock_attempt
from reglo.payments.models import Allocation, AttemptLine, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers import facts
from reglo.payments.services.booking import settle
from reglo.payments.services.fill_fee import fill_fee
from reglo.payments.services.link_payout_lines import link_payout_lines
from reglo.payments.services.record_dispute import record_dispute
from reglo.payments.services.record_payment import record_payment
from reglo.payments.services.record_payout import record_payout
from reglo.payments.services.record_refund import record_refund
from reglo.payments.states import PENDING_STATES, AttemptState, Method

# Paid is not among them: it is the money itself that says so. An attempt called paid whose money is not told yet, or
# was only reserved, stays where it is and is asked about again.
_STATES = {
    facts.State.OPEN: AttemptState.OPEN,
    facts.State.PROCESSING: AttemptState.PROCESSING,
    facts.State.FAILED: AttemptState.FAILED,
    facts.State.EXPIRED: AttemptState.EXPIRED,
    facts.State.CANCELED: AttemptState.CANCELED,
}


def apply_snapshot(*, account: ProviderAccount, snapshot: facts.Snapshot, now: datetime) -> bool:
    """Apply `snapshot`, whatever was applied before: the same truth twice, or older truth late, changes nothing.

    False when it concerns no attempt of this account: a sale made elsewhere, or by another installation. A payout
    concerns its account.
    """
    if snapshot.live != account.is_live:
        return False
    if snapshot.payout is not None:
        record_payout(account=account, fact=snapshot.payout, now=now)
        return True
    attempt = _attempt_of(account, snapshot) or _attached_to(account, snapshot)
    if attempt is None:
        return False
    _apply(attempt.company_id, attempt.id, snapshot, now)
    if sources := snapshot.sources:  # new or not: whoever applied them may have died before this
        link_payout_lines(account=account, source_ids=sources, now=now)
    return True


def _attempt_of(account: ProviderAccount, snapshot: facts.Snapshot) -> PaymentAttempt | None:
    """The attempt that the provider's object carries, if it is ours, of this account and of this installation."""
    try:
        key = UUID(snapshot.attempt_key)
    except ValueError:
        return None
    if not is_of_this_database(account, snapshot.install):
        return None
    return PaymentAttempt.objects.filter(id=key, account=account).first()


def _attached_to(account: ProviderAccount, snapshot: facts.Snapshot) -> PaymentAttempt | None:
    """The attempt that stands for a charge of elsewhere, once a person attached it to a document."""
    charges = [fact.id for fact in snapshot.payments]
    payment = Payment.objects.filter(account=account, external_id__in=charges).select_related("attempt").first()
    return payment.attempt if payment else None


@retry_on_conflict
def _apply(company_id: int, attempt_id: UUID, snapshot: facts.Snapshot, now: datetime) -> None:
    own = set(AttemptLine.objects.filter(attempt_id=attempt_id).values_list("invoice_id", flat=True))
    while True:
        concerned = own | _settled_by(attempt_id)
        with transaction.atomic():
            locked = lock_invoices(company_id=company_id, invoice_ids=list(concerned))
            attempt = lock_attempt(attempt_id=attempt_id)
            if not _settled_by(attempt_id) <= concerned:
                continue  # its *trop-perçu* was given to another invoice just before we held the attempt
            invoices = sorted(locked, key=lambda invoice: invoice.id not in own)  # those it was paid for come first
            changed = _apply_facts(attempt, invoices, snapshot, now)
            _note_refusal(attempt, snapshot)
            if _move(attempt, snapshot, now) or changed:
                for invoice in invoices:
                    settle(invoice, now=now)
            return


def _settled_by(attempt_id: UUID) -> set[int]:
    """The invoices that its payments settle, those that a *trop-perçu* was given to among them."""
    return set(Allocation.objects.filter(payment__attempt_id=attempt_id).values_list("invoice_id", flat=True))


def _apply_facts(attempt: PaymentAttempt, invoices: list[Invoice], snapshot: facts.Snapshot, now: datetime) -> bool:
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
    # Money that came back first: it is there to be given back again by another refund.
    for refund in sorted(snapshot.refunds, key=lambda fact: fact.state == facts.RefundStanding.SUCCEEDED):
        if payment := known.get(refund.payment_id):
            changed |= record_refund(payment=payment, invoices=invoices, fact=refund, now=now)
    for dispute in snapshot.disputes:
        if payment := known.get(dispute.payment_id):
            changed |= record_dispute(payment=payment, invoices=invoices, fact=dispute, now=now)
    return changed


def _note_refusal(attempt: PaymentAttempt, snapshot: facts.Snapshot) -> None:
    """A refused card leaves the hosted page open: the payer who turns back is told why."""
    if attempt.is_pending and snapshot.failure and attempt.failure != snapshot.failure[:100]:
        attempt.failure = snapshot.failure[:100]
        _note_method(attempt, snapshot)
        attempt.save(update_fields=["failure", "method"])


def _note_method(attempt: PaymentAttempt, snapshot: facts.Snapshot) -> None:
    if snapshot.method is not None:
        attempt.method = Method(snapshot.method.value)


def _move(attempt: PaymentAttempt, snapshot: facts.Snapshot, now: datetime) -> bool:
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
