"""*Annuler le devis*: withdrawn by the seller, its number stays."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_answers import QuoteNotSent
from reglo.invoicing.states import QuoteStatus


class QuoteInvoiced(RegloError):
    code = "quote_invoiced"
    status = 409
    message = _("Ce devis a une facture : il ne peut plus être annulé. Supprimez le brouillon, ou faites un avoir.")


def cancel_quote(*, company_id: int, quote_id: int, now: datetime, actor_id: int | None = None) -> Quote:
    """The quote, cancelled; again, nothing changes. Raises QuoteNotSent, QuoteInvoiced."""
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if quote.is_draft:
            raise QuoteNotSent
        if quote.status == QuoteStatus.CANCELLED:
            return quote
        if quote.invoices.filter(discarded_at=None).exists():
            raise QuoteInvoiced
        quote.move_to(QuoteStatus.CANCELLED)
        quote.edited_at = now
        quote.save(update_fields=["status", "edited_at"])
        record(
            kind=Kind.QUOTE_CANCELLED,
            company_id=company_id,
            subject=quote,
            now=now,
            actor_id=actor_id,
            content={"number": quote.number},
        )
    return quote
