"""*Facture de situation*: how far the works of an accepted quote have come, line by line, less what was invoiced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.content import plain
from reglo.invoicing.copying import line_like
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Invoice, InvoiceLine, Quote, QuoteLine, QuoteShare
from reglo.invoicing.quote_billing import HUNDRED, LineBilling, billing_of
from reglo.invoicing.sections import with_their_titles
from reglo.invoicing.services.invoice_quote import (
    NothingToInvoice,
    QuoteNotAccepted,
    draft_of_quote,
    part_of_line,
    propose_deductions,
    rate_in_words,
    take_discount,
    write_with_lines,
)
from reglo.invoicing.states import InvoiceStatus, QuoteStatus
from reglo.money import round_half_up


class ProgressBehind(RegloError):
    code = "progress_behind"
    status = 422
    message = _("Cette ligne est déjà facturée à %(rate)s %% : pour revenir en arrière, faites un avoir.")


class SituationPending(RegloError):
    code = "situation_pending"
    status = 409
    message = _("La situation n° %(number)s est encore un brouillon : finalisez-la ou supprimez-la d’abord.")


@dataclass(frozen=True, slots=True)
class Progress:
    """The line of this rank is done to `rate` percent in all, what was invoiced before included."""

    rank: int
    rate: Decimal


def invoice_situation(
    *, company: Company, quote_id: int, progress: Sequence[Progress], now: datetime, actor_id: int | None = None
) -> Invoice:
    """A draft of what was done since; lines that are not named stay where they are.

    Raises QuoteNotAccepted, SituationPending, ProgressBehind, NothingToInvoice: nothing is then written.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company.pk, quote_id=quote_id)
        billing = billing_of(quote)
        if billing is None or quote.status != QuoteStatus.ACCEPTED:
            raise QuoteNotAccepted
        number = _next_number(quote)
        steps = _steps(billing.lines, progress)
        if not steps:
            raise NothingToInvoice
        invoice = draft_of_quote(company, quote, billing.decision, now)
        invoice.situation = number
        take_discount(invoice, billing, sum(amount for _line, _rate, amount in steps))
        write_with_lines(invoice, company, _lines(steps, billing.page, number), now)
        propose_deductions(invoice)
        QuoteShare.objects.bulk_create(
            QuoteShare(company=company, invoice=invoice, line=part.line, amount_minor=amount)
            for part, _rate, amount in steps
        )
        record(
            kind=Kind.QUOTE_INVOICED,
            company_id=company.pk,
            subject=quote,
            now=now,
            actor_id=actor_id,
            content={
                "number": quote.number,
                "invoice_id": invoice.pk,
                "situation": number,
                "gross_minor": invoice.gross_minor,
                "currency": invoice.currency,
            },
        )
    return invoice


Step = tuple[LineBilling, Decimal, int]


def _next_number(quote: Quote) -> int:
    situations = quote.invoices.filter(situation__isnull=False, discarded_at=None)
    if pending := situations.filter(status=InvoiceStatus.DRAFT).first():
        raise SituationPending(number=pending.situation)
    return int(situations.aggregate(last=Max("situation"))["last"] or 0) + 1


def _steps(lines: Sequence[LineBilling], progress: Sequence[Progress]) -> list[Step]:
    """Each line that moved: to which rate in all, by which amount."""
    rates = {one.rank: one.rate for one in progress}
    steps = []
    for line in lines:
        rate = rates.get(line.line.rank)
        if rate is None:
            continue
        reached = round_half_up(line.line.amount_minor * min(rate, HUNDRED) / HUNDRED)
        if rate < 0 or rate > HUNDRED or reached < line.invoiced_minor:
            reached_before = plain(line.invoiced_rate).replace(".", ",")
            raise ProgressBehind(field=f"rate-{line.line.rank}", rate=reached_before)
        step = reached - line.invoiced_minor
        if step or (rate == HUNDRED and line.is_left):
            steps.append((line, rate, step))
    return steps


def _lines(steps: Sequence[Step], page: Sequence[QuoteLine], number: int) -> list[InvoiceLine]:
    moved = {step[0].line.rank: step for step in steps}
    return [
        _line(rank, moved[line.rank], number) if line.is_article else line_like(InvoiceLine, line, rank=rank)
        for rank, line in enumerate(with_their_titles(page, lambda line: line.rank in moved), start=1)
    ]


def _line(rank: int, step: Step, number: int) -> InvoiceLine:
    """What is printed under the line: how far it is in all, and what of it was invoiced before."""
    part, rate, amount = step
    said = f"Situation n°\u00a0{number} – {plain(rate).replace('.', ',')}\u00a0% cumulé"
    if part.invoiced_minor:
        said += f", dont {rate_in_words(part.invoiced_minor, part)} déjà facturé"
    return part_of_line(rank, part, amount, said)
