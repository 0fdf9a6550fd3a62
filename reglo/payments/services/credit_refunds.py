"""A refund told by a provider reopened an invoice: by the company's policy its credit note is prepared, or issued."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from reglo.companies.models import Company
from reglo.companies.states import RefundPolicy
from reglo.database.retry import retry_on_conflict
from reglo.invoicing.crediting import CreditedElsewhere, NothingToCredit, credit_room
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditInput, draft_credit_note
from reglo.payments.models import Allocation, AttemptLine, Payment, Refund
from reglo.payments.services.finalise_credit_note import finalise_credit_note
from reglo.payments.states import RefundState
from reglo.ui import formats

REASON = "Remboursement du %s"  # printed, so in the language of the law


def credit_refunds(*, company_id: int, payment_id: UUID, now: datetime) -> list[Invoice]:
    """The credit notes of the refunds of this payment, one for each refund and invoice, whatever the number of calls.

    Each is of what its refund reopened: money that was *trop-perçu*, as after a credit note already issued, reopened
    nothing and is not credited again. An invoice that was credited or paid meanwhile is left as it is; one that the
    payment was not made for gets a draft at most.
    """
    policy = Company.objects.get(id=company_id).refund_policy
    payment = Payment.objects.get(company_id=company_id, id=payment_id)
    if policy == RefundPolicy.NOTHING:
        return []
    made = [
        _credit(refund, invoice_id, at_once=policy == RefundPolicy.ISSUE, now=now)
        for refund in payment.refunds.filter(state=RefundState.SUCCEEDED).order_by("recorded_at", "id")
        for invoice_id in Allocation.objects.filter(refund=refund)
        .order_by("invoice_id")
        .values_list("invoice_id", flat=True)
        .distinct()
    ]
    return [credit_note for credit_note in made if credit_note is not None]


@retry_on_conflict
def _credit(refund: Refund, invoice_id: int, *, at_once: bool, now: datetime) -> Invoice | None:
    asked_as = f"refund:{refund.id}:{invoice_id}"
    with transaction.atomic():
        invoice = lock_invoice(company_id=refund.company_id, invoice_id=invoice_id)
        if Invoice.objects.filter(company_id=refund.company_id, asked_as=asked_as).exists():
            return None
        amount = _reopened(refund, invoice)
        if not amount:
            return None
        day = formats.day(refund.refunded_on, language="fr")
        credit_note = draft_credit_note(
            company_id=refund.company_id,
            invoice_id=invoice_id,
            credit=CreditInput(REASON % day, amount_minor=amount),
            asked_as=asked_as,
            now=now,
        )
        if not at_once or not _was_paid_for(refund, invoice):
            return credit_note
        return finalise_credit_note(company_id=refund.company_id, credit_note_id=credit_note.id, now=now)


def _was_paid_for(refund: Refund, invoice: Invoice) -> bool:
    """Whether the payment was made for this invoice. Given or attached to it by a person, for another reason perhaps
    than the refund had: its credit note is that person's to issue."""
    asked = AttemptLine.objects.filter(attempt=refund.payment.attempt_id, invoice=invoice)
    return asked.filter(attempt__created_at__lte=refund.refunded_at).exists()


def _reopened(refund: Refund, invoice: Invoice) -> int:
    """What the refund took back out of the invoice and is still owed, as far as it can be credited, in minor units."""
    try:
        room = credit_room(invoice)
    except (NothingToCredit, CreditedElsewhere):
        return 0
    taken = Allocation.objects.filter(refund=refund, invoice=invoice).aggregate(total=Sum("amount_minor", default=0))
    return max(0, min(-int(taken["total"]), invoice.settlement.remaining_minor, room.remaining_minor))
