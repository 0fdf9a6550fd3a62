"""A dispute that a provider tells of: once per dispute id, each move of its funds once."""

from datetime import datetime

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.payments.models import Dispute, Payment
from reglo.payments.providers.facts import DisputeFact, DisputeStanding
from reglo.payments.queries import is_reclaimable
from reglo.payments.services.decide_loss import decide_loss
from reglo.payments.services.record_dispute_move import record_dispute_move
from reglo.payments.states import DisputeOutcome, DisputeState, Method
from reglo.ports import ids

_STATES = {
    DisputeStanding.INQUIRY: DisputeState.INQUIRY,
    DisputeStanding.OPEN: DisputeState.OPEN,
    DisputeStanding.UNDER_REVIEW: DisputeState.UNDER_REVIEW,
    DisputeStanding.WON: DisputeState.WON,
    DisputeStanding.LOST: DisputeState.LOST,
    DisputeStanding.CLOSED: DisputeState.CLOSED,
}


def record_dispute(*, payment: Payment, invoices: list[Invoice], fact: DisputeFact, now: datetime) -> bool:
    """Whether anything was new. In `apply_snapshot`'s transaction and locks.

    What the bank thinks moves no money, an inquiry least of all: only the moves of funds that the provider tells do.
    A debit taken back is lost at once, and its debt reopens by itself; a card's loss waits for the owner.
    """
    dispute = Dispute.objects.filter(account_id=payment.account_id, external_id=fact.id).first()
    changed = dispute is None
    if dispute is None:
        dispute = _open(payment, invoices[0], fact, now)
    else:
        changed = _follow(dispute, invoices[0], fact, now)
    dispute.payment = payment
    known = set(dispute.moves.values_list("external_id", flat=True))
    for move in fact.moves:
        if move.id not in known:
            record_dispute_move(dispute=dispute, invoices=invoices, fact=move, now=now)
            changed = True
    if payment.method == Method.SEPA_DEBIT and dispute.awaits_choice and is_reclaimable(dispute):
        # A debit that its debtor took back is a debt unpaid: nobody has to decide that.
        decide_loss(dispute=dispute, invoices=invoices, outcome=DisputeOutcome.RECLAIMED, now=now)
        changed = True
    return changed


def _open(payment: Payment, payer: Invoice, fact: DisputeFact, now: datetime) -> Dispute:
    assert payment.account is not None, "only a provider's payment is disputed through it"
    dispute = Dispute.objects.create(
        id=ids.new_uuid(),
        company_id=payment.company_id,
        account=payment.account,
        external_id=fact.id,
        payment=payment,
        # A word that we do not know asks for nothing here: the owner reads it at the provider.
        state=_STATES.get(fact.standing, DisputeState.UNDER_REVIEW),
        amount_minor=fact.money.minor,
        currency=fact.money.currency,
        reason=fact.reason[:60],
        refundable=fact.refundable,
        evidence_due_at=fact.evidence_due,
        opened_at=fact.at,
        recorded_at=now,
    )
    _tell(Kind.DISPUTE_OPENED, dispute, payer, now)
    return dispute


def _follow(dispute: Dispute, payer: Invoice, fact: DisputeFact, now: datetime) -> bool:
    """Take what the fact says on, unless it is older than what we know."""
    state = _STATES.get(fact.standing, DisputeState(dispute.state))
    if state != dispute.state and not dispute.can_move_to(state):
        return False
    moved = state != dispute.state
    told = (state, fact.reason[:60], fact.refundable, fact.evidence_due)
    if told == (dispute.state, dispute.reason, dispute.refundable, dispute.evidence_due_at):
        return False
    dispute.state, dispute.reason, dispute.refundable, dispute.evidence_due_at = told
    dispute.save(update_fields=["state", "reason", "refundable", "evidence_due_at"])
    if moved:
        _tell(Kind.DISPUTE_MOVED, dispute, payer, now)
    return moved


def _tell(kind: Kind, dispute: Dispute, payer: Invoice, now: datetime) -> None:
    record(
        kind=kind,
        company_id=dispute.company_id,
        subject=dispute.payment,
        now=now,
        content={
            "number": payer.number,
            "state": dispute.state,
            "reason": dispute.reason,
            "amount_minor": dispute.amount_minor,
            "currency": dispute.currency,
        },
    )
