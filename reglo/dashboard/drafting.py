"""What the editor saves and what it shows of the sums."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.companies.models import Company
from reglo.invoicing.crediting import CreditRoom
from reglo.invoicing.models import Invoice, Quote, QuoteVersion
from reglo.invoicing.quoting import deposit_of, lines_of_version, quote_totals
from reglo.invoicing.services import DraftInput, create_draft, save_draft
from reglo.invoicing.totals import totals_of
from reglo.money import Money
from reglo.money.taxes import Totals
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class Sum:
    """A row under the lines; `is_main` is the one to pay."""

    label: str
    amount: Money
    is_main: bool = False


def begin_or_save(*, company: Company, invoice: Invoice, draft: DraftInput, now: datetime) -> Invoice:
    """Save onto `invoice`, which is created first when it is new: both, or neither. Raises what save_draft raises."""
    with transaction.atomic():
        if invoice._state.adding:
            invoice = create_draft(company=company, now=now)
            draft = replace(draft, revision=None)
        return save_draft(company=company, invoice_id=invoice.pk, draft=draft, now=now)


def totals_of_draft(invoice: Invoice) -> Totals:
    """The totals of a draft as it is stored, zero when it is new."""
    lines = list(invoice.lines.order_by("rank")) if invoice.pk else []
    return totals_of(
        lines,
        prices_include_vat=invoice.prices_include_vat,
        currency=invoice.currency,
        charges_vat=invoice.company.charges_vat,
    )


def sums_shown(totals: Totals, *, company: Company) -> list[Sum]:
    """Net, VAT by rate, gross; under franchise en base, the one total."""
    if not company.charges_vat:
        return [Sum(_("Total à payer"), Money(totals.gross_minor, company.currency), is_main=True)]
    return _with_vat(totals, company.currency)


def totals_of_quote(quote: Quote) -> Totals:
    """The totals of the latest version as it is stored, without its options; zero when it is new."""
    version = quote.latest
    assert version is not None, "a quote has a version from the start"
    lines = lines_of_version(version) if version.pk else []
    return quote_totals(version, lines, charges_vat=quote.company.charges_vat)


def quote_sums_shown(version: QuoteVersion, totals: Totals, *, company: Company) -> list[Sum]:
    """The same of a quote, and the deposit that it asks."""
    if company.charges_vat:
        sums = _with_vat(totals, version.currency)
    else:
        sums = [Sum(_("Total du devis"), Money(totals.gross_minor, version.currency), is_main=True)]
    deposit = deposit_of(version, totals.gross_minor)
    if deposit.amount_minor:
        sums.append(Sum(_("Acompte à la commande"), Money(deposit.amount_minor, version.currency)))
    return sums


def credit_sums_shown(totals: Totals, room: CreditRoom) -> list[Sum]:
    """The same of a credit note, with VAT where its invoice has it, and what it leaves of the invoice."""
    currency = room.content.currency
    left = Sum(_("Reste facturé"), Money(room.remaining_minor - totals.gross_minor, currency))
    if not room.content.charges_vat:
        return [Sum(_("Total de l’avoir"), Money(totals.gross_minor, currency), is_main=True), left]
    return [*_with_vat(totals, currency), left]


def _with_vat(totals: Totals, currency: str) -> list[Sum]:
    net, gross = Money(totals.net_minor, currency), Money(totals.gross_minor, currency)
    return [Sum(_("Total HT"), net), *_vat_shown(totals, currency), Sum(_("Total TTC"), gross, is_main=True)]


def today_of(company: Company, now: datetime) -> date:
    """The company's own date."""
    return now.astimezone(company.zone).date()


def _vat_shown(totals: Totals, currency: str) -> Iterator[Sum]:
    language = get_language() or "fr"
    several = len(totals.rates) > 1
    for total in totals.rates:
        if not total.vat_rate:
            continue
        words = {
            "rate": formats.rate(total.vat_rate, language=language),
            "net": formats.amount(Money(total.net_minor, currency), language=language),
        }
        label = _("TVA %(rate)s sur %(net)s") if several else _("TVA %(rate)s")
        yield Sum(label % words, Money(total.vat_minor, currency))
