"""*Nouvelle version*: the offer stays as it is until the copy that is now written replaces it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.copying import copy_head, line_like
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote, QuoteLine, QuoteVersion
from reglo.invoicing.quoting import lines_of_version
from reglo.invoicing.states import QuoteStatus


class QuoteClosed(RegloError):
    code = "quote_closed"
    status = 409
    message = _("Ce devis est « %(status)s » : il ne change plus. Dupliquez-le pour en faire un autre.")


def revise_quote(*, company_id: int, quote_id: int, now: datetime) -> Quote:
    """A version to be written, like the one that is offered; one that is being written already is found again.

    Raises QuoteClosed.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if quote.status not in {QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.REFUSED}:
            raise QuoteClosed(status=QuoteStatus(quote.status).label)
        last = quote.latest
        assert last is not None, "a quote has a version from the start"
        if last.is_draft:
            return quote
        quote.latest = copied_version(last, quote=quote, number=last.number + 1, now=now)
        quote.edited_at = now
        quote.save(update_fields=["latest", "edited_at"])
    return quote


def drop_revision(*, company_id: int, quote_id: int, now: datetime) -> Quote:
    """*Abandonner cette version*: what is offered is again the latest. Nothing where none is being written."""
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if not quote.is_being_revised:
            return quote
        dropped = quote.latest
        assert dropped is not None, "a quote has a version from the start"
        quote.latest, quote.edited_at = quote.offered, now
        quote.save(update_fields=["latest", "edited_at"])
        dropped.delete()
    return quote


def copied_version(source: QuoteVersion, *, quote: Quote, number: int, now: datetime) -> QuoteVersion:
    """A draft that says the same as `source`, with its lines, written in the caller's transaction."""
    copy = QuoteVersion(
        company_id=source.company_id,
        quote=quote,
        number=number,
        created_at=now,
        valid_days=source.valid_days,
        work_place=source.work_place,
        fee_minor=source.fee_minor,
        deposit_rate=source.deposit_rate,
        deposit_minor=source.deposit_minor,
    )
    copy_head(source, copy)
    copy.save(force_insert=True)
    lines = [line_like(QuoteLine, line, version=copy, optional=line.optional) for line in lines_of_version(source)]
    QuoteLine.objects.bulk_create(lines)
    return copy
