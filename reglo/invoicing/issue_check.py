"""*Contrôle avant émission*: everything that this document lacks before it may be issued, with where to mend it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.fr import siren

from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.companies.states import LegalForm
from reglo.customers.models import Customer
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.totals import articles
from reglo.ledger.queries import accounts_confirmed
from reglo.typefaces import missing_characters, name_character


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` is where it is mended: company, accounts, customer, lines, invoice; `field` the field there."""

    place: str
    field: str
    message: str


def problems_of(
    invoice: DocumentHead,
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[DocumentLine],
    day: date,
) -> list[Problem]:
    """Empty when the invoice may be issued on `day`. Finalising refuses the same list."""
    return [
        *_seller_problems(company),
        *_customer_problems(customer),
        *_line_problems(invoice, company, lines, day),
        *_text_problems(invoice, company, customer, lines),
    ]


def credit_note_problems(credit_note: Invoice, *, company: Company, lines: Sequence[DocumentLine]) -> list[Problem]:
    """Empty when the credit note may be issued: its customer, rates and mentions are those of its invoice."""
    return [*_seller_problems(company), *_text_problems(credit_note, company, None, lines)]


def _seller_problems(company: Company) -> Iterator[Problem]:
    if not is_siren(company.siren):
        yield Problem(
            "company",
            "siren",
            _("Indiquez le SIREN de votre entreprise : 9 chiffres, sur votre extrait Kbis ou INSEE."),
        )
    if not (company.address and company.postal_code and company.city):
        yield Problem("company", "address", _("Indiquez l’adresse complète de votre entreprise."))
    if company.charges_vat and not company.vat_number:
        yield Problem("company", "vat_number", _("Indiquez votre numéro de TVA, ou choisissez la franchise en base."))
    if company.legal_form not in {LegalForm.EI, LegalForm.MICRO, LegalForm.ASSOCIATION} and not company.rcs_city:
        yield Problem("company", "rcs_city", _("Indiquez la ville d’immatriculation au RCS."))
    if not accounts_confirmed(company_id=company.id):
        yield Problem("accounts", "", _("Confirmez les comptes comptables proposés."))


def _customer_problems(customer: Customer | None) -> Iterator[Problem]:
    if customer is None:
        yield Problem("invoice", "customer", _("Choisissez un client."))
        return
    if not (customer.address and customer.postal_code and customer.city):
        yield Problem("customer", "address", _("Indiquez l’adresse complète du client."))
    if customer.is_professional and customer.country == "FR" and not is_siren(customer.siren):
        yield Problem("customer", "siren", _("Indiquez le SIREN de ce client professionnel : 9 chiffres."))


def _line_problems(
    invoice: DocumentHead, company: Company, lines: Sequence[DocumentLine], day: date
) -> Iterator[Problem]:
    rates = rates_on(day)
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
        if company.charges_vat and line.vat_rate not in rates:
            yield Problem("lines", f"lines-{index}-vat_rate", _("Ce taux de TVA n’existe pas à cette date."))
    if company.charges_vat and any(not line.vat_rate for line in sold) and not invoice.exemption_reason:
        yield Problem(
            "invoice",
            "exemption_reason",
            _("Une ligne est sans TVA : indiquez le motif d’exonération et son article de loi."),
        )


_PRINTED_OF_COMPANY = (
    *("name", "address", "address_more", "postal_code", "city", "email", "phone", "website"),
    *("siren", "siret", "vat_number", "share_capital", "rcs_city", "insurance", "mediator"),
    *("iban", "bic", "account_holder"),
)
_PRINTED_OF_CUSTOMER = (
    *("name", "address", "address_more", "postal_code", "city", "email", "phone"),
    *("siren", "vat_number"),
)
_PRINTED_OF_INVOICE = ("mention", "order_reference", "exemption_reason", "reason", "work_place")
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
