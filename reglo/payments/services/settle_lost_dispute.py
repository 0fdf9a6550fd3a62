"""After a loss: *Réclamer à nouveau* the money from the customer, or *Passer en perte*."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.invoicing.locks import lock_invoices
from reglo.payments.locks import lock_attempt, lock_dispute
from reglo.payments.models import AttemptLine, Dispute, Payment
from reglo.payments.queries import is_reclaimable
from reglo.payments.services.booking import settle
from reglo.payments.services.decide_loss import decide_loss
from reglo.payments.states import DisputeOutcome


class DisputeAwaitsNoChoice(RegloError):
    code = "dispute_awaits_no_choice"
    status = 409
    message = _("Ce paiement contesté n’attend aucune décision : rechargez la page pour voir où il en est.")


class NothingToReclaim(RegloError):
    code = "nothing_to_reclaim"
    status = 409
    message = _("Aucune facture n’attend plus cet argent : passez-le en perte.")


@retry_on_conflict
def settle_lost_dispute(
    *, company_id: int, dispute_id: UUID, outcome: DisputeOutcome, now: datetime, actor_id: int | None = None
) -> Dispute:
    """The debt reopens, unpaid, with its VAT on receipts given back; or the money is written off, its VAT left alone.

    The same choice twice is once. Raises DisputeAwaitsNoChoice, NothingToReclaim: nothing is then written.
    """
    known = Dispute.objects.filter(company_id=company_id, id=dispute_id).select_related("payment").first()
    if known is None:
        raise Http404
    with transaction.atomic():
        invoices = lock_invoices(company_id=company_id, invoice_ids=_documents_of(known.payment))
        assert known.payment.attempt_id is not None, "a provider's payment comes from an attempt"
        lock_attempt(attempt_id=known.payment.attempt_id)
        dispute = lock_dispute(company_id=company_id, dispute_id=dispute_id)
        if dispute.outcome == outcome:
            return dispute
        _refuse(dispute, outcome)
        decide_loss(dispute=dispute, invoices=invoices, outcome=outcome, now=now, actor_id=actor_id)
        for invoice in invoices:
            settle(invoice, now=now)
    return dispute


def _documents_of(payment: Payment) -> list[int]:
    asked = AttemptLine.objects.filter(attempt_id=payment.attempt_id).values_list("invoice_id", flat=True)
    settled = payment.allocations.values_list("invoice_id", flat=True)
    return sorted({*asked, *settled})


def _refuse(dispute: Dispute, outcome: DisputeOutcome) -> None:
    if not dispute.awaits_choice:
        raise DisputeAwaitsNoChoice
    if outcome == DisputeOutcome.RECLAIMED and not is_reclaimable(dispute):
        raise NothingToReclaim
