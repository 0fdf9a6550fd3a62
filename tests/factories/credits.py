from typing import Any

from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditInput, draft_credit_note
from reglo.payments.services import credit_invoice
from reglo.ports import clock

REASON = "Prestation annulée"


def make_credit_draft(invoice: Invoice, **chosen: Any) -> Invoice:
    """The draft of a credit note: whole unless `lines` or `amount_minor` say less."""
    return draft_credit_note(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        credit=CreditInput(**{"reason": REASON, **chosen}),
        now=clock.now(),
    )


def make_credit(invoice: Invoice, *, asked_as: str | None = None, **chosen: Any) -> Invoice:
    """An issued credit note: whole unless `lines` or `amount_minor` say less."""
    return credit_invoice(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        credit=CreditInput(**{"reason": REASON, **chosen}),
        asked_as=asked_as,
        now=clock.now(),
    )
