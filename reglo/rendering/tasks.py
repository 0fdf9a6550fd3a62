"""What the worker prints."""

from datetime import datetime

from reglo.events.models import Event
from reglo.events.reactions import NeedsPerson
from reglo.invoicing.models import Invoice
from reglo.rendering.services import ContentDisagrees, render_invoice
from reglo.rendering.typesetting import CharactersNotShown


def render_issued_invoice(*, event: Event, now: datetime) -> None:
    """After `invoice.issued`, `credit_note.issued`: the PDF is made and kept. What no retry can mend waits for
    a person."""
    assert event.company_id is not None, "an invoice has a company"
    invoice = Invoice.objects.get(company_id=event.company_id, id=event.subject_id)
    try:
        render_invoice(invoice=invoice, now=now)
    except (CharactersNotShown, ContentDisagrees) as refusal:
        raise NeedsPerson(str(refusal)) from refusal
