"""*Contrôle avant émission*: everything that this document lacks before it may be issued, with where to mend it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.fr import siren

from reglo.catalog.vat_territories import EU_MEMBERS, WITH_SIREN
from reglo.companies.models import Company
from reglo.companies.states import LegalForm, Nature, TermsKind
from reglo.customers.models import Customer
from reglo.invoicing.invoice_content import declared_by_customer
from reglo.invoicing.legal_interest import is_of_its_half_year, least_penalty_on, legal_interest_on
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.payment_ceilings import ceiling_exceeded
from reglo.invoicing.problems import Problem, Severity, blocking, doubt, doubtful
from reglo.invoicing.totals import articles, totals_of
from reglo.invoicing.trade_check import WorksQuote, trade_problems
from reglo.invoicing.vat_check import vat_problems
from reglo.ledger.queries import AccountMap, accounts_confirmed
from reglo.typefaces import missing_characters, name_character
from reglo.ui import formats

__all__ = ["Problem", "Severity", "blocking", "credit_note_problems", "doubtful", "is_siren", "problems_of"]

FAR = timedelta(days=180)  # a supply that far from its invoice is more often a slip of the year


def problems_of(
    document: DocumentHead,
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[DocumentLine],
    day: date,
    accounts: AccountMap | None = None,
    deducted_minor: int = 0,
    quote: WorksQuote | None = None,
) -> list[Problem]:
    """Nothing `blocking` when the document may be issued on `day`. Finalising refuses the same list, and gives the map
    of accounts that it has read and what deposits are deducted; `quote` is what only a quote says."""
    sold, charges_vat = articles(lines), company.vat_on(day).charges_vat
    certified = isinstance(document, Invoice) and document.works_certified
    return [
        *_seller_problems(company, needs_vat_number=charges_vat or declared_by_customer(sold), accounts=accounts),
        *_customer_problems(company, customer),
        *_line_problems(lines),
        *vat_problems(document, company=company, customer=customer, lines=lines, day=day),
        *trade_problems(
            company=company, customer=customer, lines=sold, day=day, works_certified=certified, quote=quote
        ),
        *_delivery_problems(document, sold),
        *_terms_problems(document, company, customer, lines, day, deducted_minor),
        *_text_problems(document, company, customer, lines),
    ]


def credit_note_problems(credit_note: Invoice, *, company: Company, lines: Sequence[DocumentLine]) -> list[Problem]:
    """Empty when the credit note may be issued: its customer, VAT and mentions are those of its invoice."""
    return [
        *_seller_problems(company, needs_vat_number=False),
        *_text_problems(credit_note, company, None, lines),
    ]


def _seller_problems(
    company: Company, *, needs_vat_number: bool, accounts: AccountMap | None = None
) -> Iterator[Problem]:
    form = LegalForm(company.legal_form)
    if not company.name.strip():
        yield Problem("company", "name", _("Indiquez le nom de votre entreprise."))
    if not is_siren(company.siren):
        yield Problem(
            "company",
            "siren",
            _("Indiquez le SIREN de votre entreprise : 9 chiffres, sur votre extrait Kbis ou INSEE."),
        )
    if not (company.address and company.postal_code and company.city):
        yield Problem("company", "address", _("Indiquez l’adresse complète de votre entreprise."))
    if needs_vat_number and not company.vat_number:
        yield Problem("company", "vat_number", _("Indiquez votre numéro de TVA, ou choisissez la franchise en base."))
    if form.has_capital and not company.share_capital:
        yield Problem("company", "share_capital", _("Indiquez le capital social de votre entreprise."))
    if form.has_capital and not company.rcs_city:
        yield Problem("company", "rcs_city", _("Indiquez la ville d’immatriculation au RCS."))
    if not (accounts.confirmed if accounts else accounts_confirmed(company_id=company.id)):
        yield Problem("accounts", "", _("Confirmez les comptes comptables proposés."))


def _customer_problems(company: Company, customer: Customer | None) -> Iterator[Problem]:
    if customer is None:
        yield Problem("invoice", "customer", _("Choisissez un client."))
        return
    if not customer.name.strip():
        yield Problem("customer", "name", _("Indiquez le nom du client."))
    has_codes = customer.country in EU_MEMBERS or customer.country in WITH_SIREN
    if not (customer.address and customer.city and (customer.postal_code or not has_codes)):
        yield Problem("customer", "address", _("Indiquez l’adresse complète du client."))
    if customer.is_professional and customer.country in WITH_SIREN and not is_siren(customer.siren):
        yield Problem("customer", "siren", _("Indiquez le SIREN de ce client professionnel : 9 chiffres."))
    if not customer.is_professional and not company.mediator:
        yield Problem(
            "company",
            "mediator",
            _("Ce client est un particulier : indiquez votre médiateur de la consommation, avec ses coordonnées."),
        )
    if not customer.email:
        yield doubt("customer", "email", _("Ce client n’a pas d’adresse e-mail : la facture ne pourra pas lui partir."))


def _line_problems(lines: Sequence[DocumentLine]) -> Iterator[Problem]:
    sold = articles(lines)
    if not sold:
        yield Problem("lines", "lines", _("Ajoutez au moins une ligne."))
    for index, line in enumerate(lines):
        if not line.is_article:
            continue
        if not line.description.strip():
            yield Problem("lines", f"lines-{index}-description", _("Décrivez ce que vous vendez."))
        if not line.quantity:
            yield Problem("lines", f"lines-{index}-quantity", _("Indiquez une quantité."))
    if sold and not any(line.amount_minor for line in sold):
        yield doubt("lines", "lines", _("Le montant de cette facture est de zéro."))


def _delivery_problems(document: DocumentHead, sold: Sequence[DocumentLine]) -> Iterator[Problem]:
    """A delivery address is whole or absent."""
    parts = ("delivery_address", "delivery_postal_code", "delivery_city")
    typed = [part for part in parts if getattr(document, part)]
    in_europe = document.delivery_country in {"", *EU_MEMBERS}
    wanted = [part for part in parts if part != "delivery_postal_code" or in_europe]
    missing = [part for part in wanted if part not in typed]
    if (typed or document.delivery_country) and missing:
        yield Problem("invoice", missing[0], _("Complétez l’adresse de livraison, ou effacez-la."))
    if typed and not any(line.nature == Nature.GOODS for line in sold):
        yield doubt("invoice", "delivery_address", _("Une adresse de livraison, mais aucun bien n’est vendu."))


def _terms_problems(
    document: DocumentHead,
    company: Company,
    customer: Customer | None,
    lines: Sequence[DocumentLine],
    day: date,
    deducted_minor: int,
) -> Iterator[Problem]:
    professional = customer is None or customer.is_professional
    if professional and company.late_penalty_rate is not None:
        yield from _penalty_problems(company.late_penalty_rate, day)
    faults = list(_faults_of_terms(document, company, lines, day, deducted_minor))
    for fault in faults:
        yield Problem("invoice", "terms_kind", fault)
    ceiling = ceiling_exceeded(document.terms, issued=day) if professional and not faults else None
    if ceiling:
        yield doubt("invoice", "due_days", ceiling.warning)
    if document.supply_date and abs(document.supply_date - day) > FAR:
        yield doubt(
            "invoice", "supply_date", _("La date de la prestation ou de la livraison est loin de celle de la facture.")
        )


def _faults_of_terms(
    document: DocumentHead, company: Company, lines: Sequence[DocumentLine], day: date, deducted_minor: int
) -> Iterator[str]:
    """Instalments share what is left to pay once deposits are deducted."""
    if document.terms_kind not in {TermsKind.DATE, TermsKind.INSTALMENTS}:
        return
    totals = totals_of(
        lines,
        prices_include_vat=document.prices_include_vat,
        currency=document.currency,
        charges_vat=company.vat_on(day).charges_vat,
        discount=document.discount,
    )
    yield from document.terms.faults(totals.gross_minor - deducted_minor, day)


def _penalty_problems(rate: Decimal, day: date) -> Iterator[Problem]:
    least, known = least_penalty_on(day), legal_interest_on(day)
    if rate < least:
        words = _("Vos pénalités de retard sont sous le minimum légal, trois fois l’intérêt légal : %s par an.")
        least_shown = formats.rate(least, language=get_language() or "fr")
        yield Problem("company", "late_penalty_rate", words % least_shown)
    elif not is_of_its_half_year(known, day):
        yield doubt(
            "company",
            "late_penalty_rate",
            _("Vérifiez vos pénalités de retard : Réglo ne connaît pas encore l’intérêt légal de ce semestre."),
        )


_PRINTED_OF_COMPANY = (
    *("name", "address", "address_more", "postal_code", "city", "email", "phone", "website"),
    *("siren", "siret", "vat_number", "share_capital", "rcs_city", "insurance", "insurance_cover", "mediator"),
    *("rge", "early_discount", "iban", "bic", "account_holder"),
)
_PRINTED_OF_CUSTOMER = (
    *("name", "address", "address_more", "postal_code", "city", "email", "phone"),
    *("siren", "vat_number"),
)
_PRINTED_OF_INVOICE = (
    *("mention", "order_reference", "attention", "exemption_reason", "reason", "work_place"),
    *("delivery_address", "delivery_postal_code", "delivery_city"),
)
_PRINTED_OF_LINE = ("description", "unit")


def _text_problems(
    invoice: DocumentHead, company: Company, customer: Customer | None, lines: Sequence[DocumentLine]
) -> Iterator[Problem]:
    """Every text that is printed: after issue it is too late to find that our fonts lack a character."""
    printed = [("company", name, getattr(company, name)) for name in _PRINTED_OF_COMPANY]
    if customer:
        printed += [("customer", name, getattr(customer, name)) for name in _PRINTED_OF_CUSTOMER]
    printed += [("invoice", name, getattr(invoice, name, "")) for name in _PRINTED_OF_INVOICE]
    printed += [
        ("lines", f"lines-{index}-{name}", getattr(line, name))
        for index, line in enumerate(lines)
        for name in _PRINTED_OF_LINE
    ]
    for place, field, text in printed:
        missing = missing_characters(text)
        if missing:
            names = ", ".join(name_character(character) for character in missing[:5])
            yield Problem(place, field, _("Retirez ce que nous ne savons pas imprimer : %s.") % names)


@lru_cache(maxsize=1000)
def is_siren(text: str) -> bool:
    """Nine digits with the right key."""
    try:
        siren.validate(text)
    except ValidationError:
        return False
    return True
