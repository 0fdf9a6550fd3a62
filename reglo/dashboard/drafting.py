"""What the editor saves and what it shows of the sums."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

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
        discount=invoice.discount,
    )


def sums_shown(invoice: Invoice, totals: Totals, *, company: Company) -> list[Sum]:
    """What the discount takes, net, VAT by rate, gross; under franchise en base, the one total."""
    mode = invoice.prices_include_vat if company.charges_vat else None
    discount = _discount_shown(totals, company.currency, mode, rate=invoice.discount_rate)
    if not company.charges_vat:
        return [*discount, Sum(_("Total à payer"), Money(totals.gross_minor, company.currency), is_main=True)]
    return [*discount, *_with_vat(totals, company.currency)]


def totals_of_quote(quote: Quote) -> Totals:
    """The totals of the latest version as it is stored, without its options; zero when it is new."""
    version = quote.latest
    assert version is not None, "a quote has a version from the start"
    lines = lines_of_version(version) if version.pk else []
    return quote_totals(version, lines, charges_vat=quote.company.charges_vat)


def quote_sums_shown(version: QuoteVersion, totals: Totals, *, company: Company) -> list[Sum]:
    """The same of a quote, and the deposit that it asks."""
    mode = version.prices_include_vat if company.charges_vat else None
    sums = _discount_shown(totals, version.currency, mode, rate=version.discount_rate)
    if company.charges_vat:
        sums += _with_vat(totals, version.currency)
    else:
        sums.append(Sum(_("Total du devis"), Money(totals.gross_minor, version.currency), is_main=True))
    deposit = deposit_of(version, totals.gross_minor)
    if deposit.amount_minor:
        sums.append(Sum(_("Acompte à la commande"), Money(deposit.amount_minor, version.currency)))
    return sums


def credit_sums_shown(totals: Totals, room: CreditRoom, *, prices_include_vat: bool) -> list[Sum]:
    """The same of a credit note, with VAT where its invoice has it, and what it leaves of the invoice."""
    currency = room.content.currency
    left = Sum(_("Reste facturé"), Money(room.remaining_minor - totals.gross_minor, currency))
    of_invoice = room.content.discount
    rate = Decimal(of_invoice.rate) if of_invoice and of_invoice.rate else None
    mode = prices_include_vat if room.content.charges_vat else None
    discount = _discount_shown(totals, currency, mode, rate=rate)
    if not room.content.charges_vat:
        return [*discount, Sum(_("Total de l’avoir"), Money(totals.gross_minor, currency), is_main=True), left]
    return [*discount, *_with_vat(totals, currency), left]


def _discount_shown(totals: Totals, currency: str, with_vat: bool | None, *, rate: Decimal | None) -> list[Sum]:
    """The total before the discount of the document, and the discount. `with_vat` is None where there is no VAT."""
    if not totals.discounts:
        return []
    taken = totals.discount_minor
    if with_vat is None:
        before = Sum(_("Total avant remise"), Money(totals.gross_minor + taken, currency))
    elif with_vat:
        before = Sum(_("Total TTC avant remise"), Money(totals.gross_minor + taken, currency))
    else:
        before = Sum(_("Total HT avant remise"), Money(totals.net_minor + taken, currency))
    label = _("Remise")
    if rate is not None:
        label = _("Remise %s") % formats.rate(rate, language=get_language() or "fr")
    return [before, Sum(label, Money(-taken, currency))]


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
