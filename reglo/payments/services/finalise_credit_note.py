"""*Émettre l'avoir*: it lowers the debt of its invoice, and what was paid beyond becomes *trop-perçu*, all at once."""

from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.invoicing.locks import lock_credit_note, lock_invoices
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import issue_credit_note
from reglo.payments.disputed_money import contested_with
from reglo.payments.services.booking import free_excess, lock_settling, settle


@retry_on_conflict
def finalise_credit_note(
    *, company_id: int, credit_note_id: int, now: datetime, actor_id: int | None = None
) -> Invoice:
    """The credit note, numbered and booked; twice is once.

    What it frees of a contested payment is what the dispute takes first: other invoices of that payment are less
    contested from then on. Raises what `issue_credit_note` does: nothing is then written, no number is used.
    """
    corrected = Invoice.objects.filter(company_id=company_id, id=credit_note_id).values_list("corrects_id", flat=True)
    while True:
        concerned = [one for invoice_id in corrected if invoice_id for one in contested_with(invoice_id)]
        with transaction.atomic():
            contested = lock_invoices(company_id=company_id, invoice_ids=concerned) if concerned else []
            invoice = lock_credit_note(company_id=company_id, credit_note_id=credit_note_id).corrects
            assert invoice is not None, "a credit note corrects an invoice"
            if contested_with(invoice.pk) == concerned:
                return _issue(credit_note_id, invoice, contested, now, actor_id)
        # A dispute opened, or ended, just before we held them.


def _issue(
    credit_note_id: int, invoice: Invoice, contested: list[Invoice], now: datetime, actor_id: int | None
) -> Invoice:
    settling = lock_settling(invoice)  # payments come before the counters and the chains
    credit_note, excess = issue_credit_note(
        company_id=invoice.company_id, credit_note_id=credit_note_id, now=now, actor_id=actor_id
    )
    if excess:
        assert credit_note.corrects is not None, "a credit note corrects an invoice"
        free_excess(credit_note, settling, amount_minor=excess, now=now)
        for one in [credit_note.corrects, *(other for other in contested if other.pk != invoice.pk)]:
            settle(one, now=now)
    return credit_note
