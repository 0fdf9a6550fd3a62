"""Credit an invoice at once: its credit note is drafted and issued together, or not at all."""

from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditInput, draft_credit_note
from reglo.payments.services.finalise_credit_note import finalise_credit_note


@retry_on_conflict
def credit_invoice(
    *,
    company_id: int,
    invoice_id: int,
    credit: CreditInput,
    now: datetime,
    asked_as: str | None = None,
    actor_id: int | None = None,
) -> Invoice:
    """The issued credit note. `asked_as` makes the same request, made again, the same credit note.

    Raises what `draft_credit_note` and `issue_credit_note` do: nothing is then written, no number is used.
    """
    with transaction.atomic():
        draft = draft_credit_note(
            company_id=company_id, invoice_id=invoice_id, credit=credit, now=now, asked_as=asked_as
        )
        return finalise_credit_note(company_id=company_id, credit_note_id=draft.id, now=now, actor_id=actor_id)
