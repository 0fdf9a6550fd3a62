"""Locks return rows. They come after the document's in the order of locks."""

from uuid import UUID

from reglo.delivery.models import Message, PortalLink


def lock_link(*, company_id: int, link_id: UUID) -> PortalLink | None:
    return (
        PortalLink.objects.select_for_update(of=("self",))
        .select_related("invoice")
        .filter(company_id=company_id, id=link_id)
        .first()
    )


def lock_message(*, message_id: UUID, company_id: int) -> Message | None:
    """The mail, locked, with its document and link; None outside the company."""
    return (
        Message.objects.select_for_update(of=("self",))
        .select_related("invoice__company", "invoice__settlement", "link", "payment")
        .filter(id=message_id, company_id=company_id)
        .first()
    )
