"""*Finaliser le devis*: its version is frozen and is now what the customer sees; the first time, it gets its number."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.issue_check import Problem
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote, QuoteVersion
from reglo.invoicing.numbering import IssueDateBeforeSeries, take_number
from reglo.invoicing.quote_check import quote_problems
from reglo.invoicing.quote_content import quote_content
from reglo.invoicing.quoting import lines_of_version
from reglo.invoicing.services.issue_invoice import DraftDiscarded
from reglo.invoicing.services.revise_quote import QuoteClosed
from reglo.invoicing.states import QuoteStatus, SeriesKind


class QuoteIncomplete(RegloError):
    """Something is missing; `problems` is the same list as *Contrôle avant émission*."""

    code = "quote_incomplete"
    message = _("Il manque encore quelque chose avant de finaliser ce devis.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__()


@retry_on_conflict
def issue_quote(*, company_id: int, quote_id: int, now: datetime, actor_id: int | None = None) -> Quote:
    """Freeze the version being written, on today's date of the company; where none is, nothing changes.

    A refused or expired quote is before its customer again. Raises QuoteIncomplete, DraftDiscarded, QuoteClosed,
    IssueDateBeforeSeries: nothing is then written, no number is used.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        version = quote.latest
        assert version is not None, "a quote has a version from the start"
        if not version.is_draft:
            return quote  # a double click is not an error
        if quote.discarded_at:
            raise DraftDiscarded
        if quote.status in {QuoteStatus.ACCEPTED, QuoteStatus.CANCELLED}:
            raise QuoteClosed(status=QuoteStatus(quote.status).label)
        today = now.astimezone(quote.company.zone).date()
        lines = lines_of_version(version)
        problems = quote_problems(version, company=quote.company, customer=quote.customer, lines=lines, day=today)
        if problems:
            raise QuoteIncomplete(problems)
        _number(quote, today)
        _freeze(quote, version, today, now)
        quote.move_to(QuoteStatus.SENT)
        quote.offered, quote.valid_until, quote.edited_at = version, version.valid_until, now
        quote.save(update_fields=["status", "number", "series", "offered", "valid_until", "edited_at"])
        record(
            kind=Kind.QUOTE_ISSUED,
            company_id=company_id,
            subject=quote,
            now=now,
            actor_id=actor_id,
            content={
                "number": quote.number,
                "version": version.number,
                "gross_minor": version.gross_minor,
                "currency": version.currency,
                "hash": version.hash,
            },
        )
    return quote


def _number(quote: Quote, today: date) -> None:
    """The number stays from one version to the next; no version is dated before the one that it replaces."""
    if quote.offered is not None:
        assert quote.offered.issue_date is not None, "what is offered is dated"
        if today < quote.offered.issue_date:
            raise IssueDateBeforeSeries(issue_date=today.strftime("%d/%m/%Y"))
        return
    taken = take_number(
        company_id=quote.company_id, kind=SeriesKind.QUOTE, issue_date=today, practice=quote.company.practice
    )
    quote.series, quote.number = taken.series, taken.number


def _freeze(quote: Quote, version: QuoteVersion, today: date, now: datetime) -> None:
    assert quote.number is not None, "numbered before frozen"
    content = quote_content(
        version,
        company=quote.company,
        customer=quote.customer,
        lines=lines_of_version(version),
        number=quote.number,
        issue_date=today,
    )
    version.issue_date, version.issued_at = today, now
    version.valid_until = today + timedelta(days=version.valid_days)
    version.net_minor, version.vat_minor = content.net_minor, content.vat_minor
    version.gross_minor = content.gross_minor
    version.frozen = content.to_json()
    version.hash = hashlib.sha256(version.frozen.encode()).hexdigest()
    version.save()
