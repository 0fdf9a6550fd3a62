"""What is said of payment terms: by when, how much on each date, and whether the law allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reglo.companies.states import TermsKind
from reglo.invoicing.models import Invoice
from reglo.invoicing.payment_ceilings import ceiling_exceeded
from reglo.invoicing.schedule import instalments_of, still_due_of
from reglo.invoicing.terms import Instalment
from reglo.money import Money


@dataclass(frozen=True, slots=True)
class DueShown:
    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class TermsShown:
    """Of a draft, as if it were issued today. `faults` would refuse it; `warning` would not."""

    due_date: date
    instalments: Sequence[DueShown]
    faults: Sequence[str]
    warning: str


def schedule_shown(invoice: Invoice) -> list[DueShown]:
    """What is left of each instalment of an issued invoice; empty where all is due at once."""
    return _shown(still_due_of(invoice), invoice.currency) if instalments_of(invoice) else []


def terms_shown(invoice: Invoice, *, today: date) -> TermsShown:
    terms = invoice.terms
    return TermsShown(
        terms.due_date(today),
        _shown(terms.instalments(invoice.gross_minor), invoice.currency),
        list(terms.faults(invoice.gross_minor, today)) if invoice.gross_minor or terms.kind == TermsKind.DATE else [],
        _warning(invoice, today=today),
    )


def _warning(invoice: Invoice, *, today: date) -> str:
    """Between professionals a delay has a ceiling; a consumer pays as agreed."""
    if invoice.customer is None or not invoice.customer.is_professional:
        return ""
    ceiling = ceiling_exceeded(invoice.terms, issued=today)
    return ceiling.warning if ceiling else ""


def _shown(instalments: Sequence[Instalment], currency: str) -> list[DueShown]:
    return [DueShown(one.due_date, Money(one.amount_minor, currency)) for one in instalments]
