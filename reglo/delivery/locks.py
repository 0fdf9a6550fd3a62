"""Locks return rows. They come after the document's in the order of locks."""

from uuid import UUID

from reglo.delivery.models import Message, PortalLink
from reglo.invoicing.locks import lock_invoice, lock_quote
from reglo.invoicing.models import Invoice, Quote


def lock_link(*, company_id: int, link_id: UUID) -> PortalLink | None:
    return (
        PortalLink.objects.select_for_update(of=("self",))
        .select_related("invoice", "quote")
        .filter(company_id=company_id, id=link_id)
        .first()
    )


def lock_document(about: PortalLink | Message) -> Invoice | Quote:
    """The document of a link or a mail, which is locked before it."""
    if about.quote_id is not None:
        return lock_quote(company_id=about.company_id, quote_id=about.quote_id)
    assert about.invoice_id is not None, "it is about a document"
    return lock_invoice(company_id=about.company_id, invoice_id=about.invoice_id)


def lock_message(*, message_id: UUID, company_id: int) -> Message | None:
    """The mail, locked, with its document and link; None outside the company."""
    return (
        Message.objects.select_for_update(of=("self",))
        .select_related(
            "invoice__company", "invoice__settlement", "quote__company", "quote__offered", "link", "payment"
        )
        .filter(id=message_id, company_id=company_id)
        .first()
    )
