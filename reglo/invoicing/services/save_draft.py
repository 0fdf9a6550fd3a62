"""Write what a person typed into a draft. Half-typed is fine; absurd is refused at its field, and nothing changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.catalog.vat_rates import rates_on
from reglo.catalog.vat_territories import territory_of_company
from reglo.catalog.vat_treatments import FRANCHISE, OSS, treatment_of
from reglo.companies.models import Company
from reglo.companies.states import Nature, TermsKind
from reglo.customers.models import Customer, Language
from reglo.errors import RegloError
from reglo.invoicing.early_discount import MOST_RATE
from reglo.invoicing.line_vat import LineVat, chosen_vat, proposed_vat
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice, InvoiceLine
from reglo.invoicing.states import LineKind
from reglo.invoicing.terms import MOST_DAYS, MOST_INSTALMENTS, Part
from reglo.invoicing.totals import articles, totals_of
from reglo.money import AmountTooLarge
from reglo.money.taxes import Discount, DiscountTooLarge, Totals
from reglo.typefaces import missing_characters, name_character

L = TypeVar("L", bound=DocumentLine)
LONGEST_DESCRIPTION = 4000
MOST_LINES = 500
HIGHEST_RATE = 30  # percent: above every rate of the Union
_TYPED_TEXTS = (
    *("order_reference", "attention", "mention", "exemption_reason"),
    *("delivery_address", "delivery_postal_code", "delivery_city"),
)


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as typed: `unit_price` in major units, `discount_rate` and `vat_rate` in percent.

    `discount_minor` is an amount off the line, with VAT when the prices are. Of what is no article, only the
    description counts.
    """

    description: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    vat_rate: Decimal = Decimal(0)
    unit: str = ""
    nature: Nature = Nature.SERVICES
    discount_rate: Decimal = Decimal(0)
    discount_minor: int = 0
    kind: LineKind = LineKind.ARTICLE
    optional: bool = False  # of an article of a quote only
    vat_category: str = ""  # with `exemption`, as on the line; empty: what the rate alone says
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class DraftInput:
    """The whole draft as typed. `revision` is the one the person was looking at, None to write without asking.

    The discount of the whole document is a percentage, or an amount with VAT when the prices are.
    """

    customer: Customer | None
    lines: Sequence[LineInput]
    prices_include_vat: bool
    due_days: int
    supply_date: date | None = None
    order_reference: str = ""
    card_allowed: bool = False
    card_limit_minor: int | None = None
    partial_allowed: bool = False
    mention: str = ""
    exemption_reason: str = ""
    discount_rate: Decimal | None = None
    discount_minor: int | None = None
    delivery_address: str = ""
    delivery_postal_code: str = ""
    delivery_city: str = ""
    delivery_country: str = ""
    works_certified: bool = False
    terms_kind: TermsKind = TermsKind.DAYS
    due_on: date | None = None
    instalments: Sequence[Part] = ()
    discount_days: int | None = None
    early_discount_rate: Decimal | None = None
    language: Language = Language.FRENCH
    attention: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing wrong. `field` is a name of DraftInput, or `lines-<index>-<name of LineInput>`."""

    field: str
    message: str


class DraftRefused(RegloError):
    """The typed draft breaks a rule; `refusals` names each field. Nothing was written."""

    code = "draft_refused"
    message = _("Rien n’a été enregistré : corrigez ce qui est signalé.")

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__()


class NotADraft(RegloError):
    code = "not_a_draft"
    status = 409
    message = _("Cette facture est finalisée : elle n’est plus modifiable.")


class NotAnInvoice(RegloError):
    code = "not_an_invoice"
    status = 409
    message = _("Ce document est un avoir : il se prépare et s’émet depuis la facture qu’il corrige.")


class DraftChangedElsewhere(RegloError):
    code = "draft_changed_elsewhere"
    status = 409
    message = _(
        "Ce brouillon a été modifié dans une autre fenêtre. Rechargez la page pour repartir de sa dernière version."
    )


def save_draft(*, company: Company, invoice_id: int, draft: DraftInput, now: datetime) -> Invoice:
    """Replace the draft's content and totals. Raises DraftRefused, NotADraft, NotAnInvoice, DraftChangedElsewhere."""
    assert draft.customer is None or draft.customer.company_id == company.id, "a customer of another company"
    day = now.astimezone(company.zone).date()
    charges_vat = company.vat_on(day).charges_vat
    refusals = list(refusals_of(draft, company=company, day=day))
    if refusals:
        raise DraftRefused(refusals)
    lines = [line_row(InvoiceLine, company, draft, rank, line, day) for rank, line in enumerate(draft.lines, start=1)]
    totals = draft_totals(company, draft, lines, charges_vat=charges_vat)
    check_line_discounts(lines, totals.line_minors)

    with transaction.atomic():
        invoice = lock_invoice(company_id=company.id, invoice_id=invoice_id)
        if invoice.is_credit_note:
            raise NotAnInvoice
        if not invoice.is_draft:
            raise NotADraft
        if draft.revision is not None and draft.revision != invoice.revision:
            raise DraftChangedElsewhere
        invoice.customer = draft.customer
        write_head(invoice, draft, lines, totals, charges_vat=charges_vat)
        invoice.card_allowed = draft.card_allowed
        invoice.card_limit_minor = draft.card_limit_minor
        invoice.partial_allowed = draft.partial_allowed
        invoice.works_certified = draft.works_certified
        invoice.edited_at = now
        invoice.save()
        invoice.lines.all().delete()
        for line, amount in zip(lines, totals.line_minors, strict=True):
            line.invoice, line.amount_minor = invoice, amount if line.is_article else 0
        InvoiceLine.objects.bulk_create(lines)
    return invoice


def draft_totals(
    company: Company, draft: DraftInput, lines: Sequence[DocumentLine], *, charges_vat: bool
) -> Totals:
    """The totals of what was typed. Raises DraftRefused where an amount is too large, or a discount larger than what it
    is taken off."""
    try:
        return totals_of(
            lines,
            prices_include_vat=draft.prices_include_vat and charges_vat,
            currency=company.currency,
            charges_vat=charges_vat,
            discount=Discount(draft.discount_rate or Decimal(0), draft.discount_minor or 0),
        )
    except AmountTooLarge as error:
        raise DraftRefused([Refusal("lines", str(error))]) from None
    except DiscountTooLarge:
        sentence = _("La remise dépasse le total des lignes : réduisez-la.")
        raise DraftRefused([Refusal("discount_minor", str(sentence))]) from None


def check_line_discounts(lines: Sequence[DocumentLine], amounts: Sequence[int]) -> None:
    """Raises DraftRefused where the discount of a line is larger than the line."""
    beyond = [
        Refusal(f"lines-{index}-discount_minor", str(_("La remise dépasse le montant de la ligne.")))
        for index, (line, amount) in enumerate(zip(lines, amounts, strict=True))
        if line.is_article and amount < 0
    ]
    if beyond:
        raise DraftRefused(beyond)


def write_head(
    document: DocumentHead, draft: DraftInput, lines: Sequence[DocumentLine], totals: Totals, *, charges_vat: bool
) -> None:
    """What any document has, as typed, with what its lines add up to; its row is left to the caller to save."""
    document.prices_include_vat = draft.prices_include_vat and charges_vat
    document.terms_kind, document.due_days, document.due_on = draft.terms_kind, draft.due_days, draft.due_on
    document.instalments = [part.stored() for part in draft.instalments]
    document.discount_days, document.early_discount_rate = draft.discount_days, draft.early_discount_rate
    document.language, document.attention = draft.language, draft.attention
    document.supply_date = draft.supply_date
    document.order_reference = draft.order_reference
    document.mention = draft.mention
    document.exemption_reason = draft.exemption_reason
    document.delivery_address, document.delivery_city = draft.delivery_address, draft.delivery_city
    document.delivery_postal_code, document.delivery_country = draft.delivery_postal_code, draft.delivery_country
    document.discount_rate, document.discount_minor = draft.discount_rate or None, draft.discount_minor or None
    document.subject = subject_of(lines)
    document.net_minor, document.vat_minor = totals.net_minor, totals.vat_minor
    document.gross_minor = totals.gross_minor
    document.revision += 1


def subject_of(lines: Sequence[DocumentLine]) -> str:
    """What the document is for, in lists: the beginning of what is sold first, or of the first text."""
    texts = [line.description for line in [*articles(lines), *lines] if line.description]
    return texts[0].splitlines()[0][:200] if texts else ""


def line_row(model: type[L], company: Company, draft: DraftInput, rank: int, line: LineInput, day: date) -> L:
    if line.kind != LineKind.ARTICLE:
        return model(
            company=company, rank=rank, kind=line.kind, description=line.description, nature="", quantity=Decimal(0)
        )
    vat = _vat(company, draft, line, day)
    return model(
        company=company,
        rank=rank,
        description=line.description,
        nature=line.nature,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_rate=line.discount_rate,
        discount_minor=line.discount_minor,
        vat_rate=vat.rate,
        vat_category=vat.category,
        exemption=vat.exemption,
    )


def _vat(company: Company, draft: DraftInput, line: LineInput, day: date) -> LineVat:
    """As it was chosen; under franchise nobody chooses: the customer decides, and leaving the franchise asks again."""
    if company.vat_on(day).charges_vat:
        return chosen_vat(line)
    proposed = proposed_vat(company=company, charges_vat=False, customer=draft.customer, nature=line.nature, day=day)
    return proposed if proposed.exemption != FRANCHISE else LineVat("", line.vat_rate)


def refusals_of(draft: DraftInput, *, company: Company, day: date) -> Iterator[Refusal]:
    for field in _TYPED_TEXTS:
        yield from unprintable(field, getattr(draft, field))
    yield from _terms_refusals(draft)
    if draft.card_limit_minor is not None and draft.card_limit_minor < 0:
        yield Refusal("card_limit_minor", str(_("Indiquez un montant positif.")))
    yield from _discount_refusals(draft)
    if len(draft.lines) > MOST_LINES:
        yield Refusal("lines", str(_("Une facture compte au plus %d lignes.") % MOST_LINES))
    rates = [Decimal(0), *rates_on(day, territory_of_company(company))]
    for index, line in enumerate(draft.lines[:MOST_LINES]):
        yield from line_refusals(f"lines-{index}", line, rates)


def _discount_refusals(draft: DraftInput) -> Iterator[Refusal]:
    if draft.discount_rate is not None and not 0 <= draft.discount_rate <= 100:
        yield Refusal("discount_rate", str(_("Indiquez une remise entre 0 et 100 %.")))
    if draft.discount_minor is not None and draft.discount_minor < 0:
        yield Refusal("discount_minor", str(_("Indiquez un montant positif.")))
    if draft.discount_rate and draft.discount_minor:
        yield Refusal("discount_minor", str(_("Donnez la remise en pourcentage ou en montant, pas les deux.")))


def _terms_refusals(draft: DraftInput) -> Iterator[Refusal]:
    """Half-typed instalments are fine, until the invoice is issued: they need not add up yet."""
    if not 0 <= draft.due_days <= MOST_DAYS:
        yield Refusal("due_days", str(_("Indiquez un délai entre 0 et 365 jours.")))
    if len(draft.instalments) > MOST_INSTALMENTS:
        yield Refusal("terms_kind", str(_("Un échéancier compte de 2 à 12 échéances.")))
    if (draft.discount_days is None) != (draft.early_discount_rate is None):
        field = "discount_days" if draft.discount_days is None else "early_discount_rate"
        yield Refusal(field, str(_("Un escompte a un taux et un nombre de jours : indiquez les deux, ou aucun.")))
    if draft.early_discount_rate is not None and not 0 < draft.early_discount_rate <= MOST_RATE:
        yield Refusal("early_discount_rate", str(_("Indiquez un escompte entre 0 et 20 %.")))
    if draft.discount_days is not None and not 1 <= draft.discount_days <= MOST_DAYS:
        yield Refusal("discount_days", str(_("Indiquez un délai entre 1 et 365 jours.")))


def line_refusals(prefix: str, line: LineInput, rates: Sequence[Decimal]) -> Iterator[Refusal]:
    yield from unprintable(f"{prefix}-description", line.description)
    if len(line.description) > LONGEST_DESCRIPTION:
        yield Refusal(
            f"{prefix}-description",
            str(_("Cette désignation est trop longue : %(length)d caractères, pour %(most)d au plus."))
            % {"length": len(line.description), "most": LONGEST_DESCRIPTION},
        )
    if line.kind != LineKind.ARTICLE:
        return
    yield from unprintable(f"{prefix}-unit", line.unit)
    if line.quantity < 0:
        yield Refusal(
            f"{prefix}-quantity",
            str(_("La quantité ne peut pas être négative. Pour rendre de l’argent, faites un avoir.")),
        )
    if line.unit_price < 0:
        yield Refusal(
            f"{prefix}-unit_price",
            str(_("Le prix ne peut pas être négatif. Pour baisser un prix, mettez une remise.")),
        )
    if not 0 <= line.discount_rate <= 100:
        yield Refusal(f"{prefix}-discount_rate", str(_("Indiquez une remise entre 0 et 100 %.")))
    if line.discount_minor < 0:
        yield Refusal(f"{prefix}-discount_minor", str(_("Indiquez un montant positif.")))
    if line.exemption and treatment_of(line.exemption) is None:
        yield Refusal(f"{prefix}-vat_rate", str(_("Choisissez la TVA de cette ligne dans la liste.")))
    elif line.exemption == OSS:
        if not 0 <= line.vat_rate <= HIGHEST_RATE:
            yield Refusal(f"{prefix}-vat_rate", str(_("Indiquez un taux entre 0 et 30 %.")))
    elif line.vat_rate not in rates:
        yield Refusal(f"{prefix}-vat_rate", str(_("Ce taux de TVA n’existe pas à cette date.")))


def unprintable(field: str, text: str) -> Iterator[Refusal]:
    """A character that our fonts cannot show is named here, so that rendering after issue cannot fail on text."""
    missing = missing_characters(text)
    if missing:
        names = ", ".join(name_character(character) for character in missing[:5])
        yield Refusal(field, str(_("Retirez ce que nous ne savons pas imprimer : %s.")) % names)
