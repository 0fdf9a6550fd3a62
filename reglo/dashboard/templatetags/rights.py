"""`{% load rights %}`: what the person reading the page may do, and the look of a state."""

from django import template

from reglo.companies.models import Membership
from reglo.companies.permissions import Right
from reglo.companies.permissions import may as has_right
from reglo.invoicing.states import InvoiceState, QuoteState

register = template.Library()

PILLS: dict[str, str] = {
    InvoiceState.DRAFT: "draft",
    InvoiceState.ISSUED: "sent",
    InvoiceState.DUE: "due",
    InvoiceState.PENDING: "pending",
    InvoiceState.PARTLY_PAID: "partial",
    InvoiceState.PAID: "paid",
    InvoiceState.OVERDUE: "late",
    InvoiceState.DISPUTED: "disputed",
    InvoiceState.CREDITED: "cancelled",
    QuoteState.DRAFT: "draft",
    QuoteState.SENT: "sent",
    QuoteState.EXPIRED: "late",
    QuoteState.ACCEPTED: "paid",
    QuoteState.REFUSED: "failed",
    QuoteState.CANCELLED: "cancelled",
}


@register.filter
def may(membership: Membership, right: str) -> bool:
    """`{% if request.membership|may:"send" %}`: an action that the person may not do is not shown."""
    return has_right(membership, Right(right))


@register.filter
def pill(state: InvoiceState | QuoteState) -> str:
    """The kind of `<c-pill>` that shows this state."""
    return PILLS[state]
