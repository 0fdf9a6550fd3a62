"""*Émettre l'avoir*: it lowers the debt of its invoice, and what was paid beyond becomes *trop-perçu*, all at once."""

from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.invoicing.locks import lock_credit_note
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import issue_credit_note
from reglo.payments.services.booking import free_excess, lock_settling, settle


@retry_on_conflict
def finalise_credit_note(
    *, company_id: int, credit_note_id: int, now: datetime, actor_id: int | None = None
) -> Invoice:
    """The credit note, numbered and booked; twice is once.

    Raises what `issue_credit_note` does: nothing is then written, no number is used.
    """
    with transaction.atomic():
        invoice = lock_credit_note(company_id=company_id, credit_note_id=credit_note_id).corrects
        assert invoice is not None, "a credit note corrects an invoice"
        settling = lock_settling(invoice)  # payments come before the counters and the chains
        credit_note, excess = issue_credit_note(
            company_id=company_id, credit_note_id=credit_note_id, now=now, actor_id=actor_id
        )
        if excess:
            assert credit_note.corrects is not None, "a credit note corrects an invoice"
            free_excess(credit_note, settling, amount_minor=excess, now=now)
            settle(credit_note.corrects, now=now)
    return credit_note
