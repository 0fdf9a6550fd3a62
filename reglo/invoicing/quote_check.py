"""*Contrôle avant émission* of a quote: the list of an invoice, and what only a quote may lack."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.issue_check import Problem, problems_of
from reglo.invoicing.models import QuoteLine, QuoteVersion
from reglo.invoicing.quoting import chosen_lines
from reglo.invoicing.totals import articles


def quote_problems(
    version: QuoteVersion, *, company: Company, customer: Customer | None, lines: Sequence[QuoteLine], day: date
) -> list[Problem]:
    """Empty when the version may be sent on `day`. A quote is posted nowhere: accounts may still be unconfirmed."""
    every = problems_of(
        version, company=company, customer=customer, lines=lines, day=day, quote=_works_of(version)
    )
    return [*(problem for problem in every if problem.place != "accounts"), *_of_a_quote(version, lines)]


def _of_a_quote(version: QuoteVersion, lines: Sequence[QuoteLine]) -> Iterator[Problem]:
    if not version.valid_days:
        yield Problem("invoice", "valid_days", _("Indiquez jusqu’à quand ce devis est valable."))
    if articles(lines) and not articles(chosen_lines(lines)):
        yield Problem(
            "lines", "lines", _("Toutes les lignes sont en option : il en faut au moins une qui ne l’est pas.")
        )
    if version.deposit_minor and version.deposit_minor > version.gross_minor:
        yield Problem("invoice", "deposit", _("L’acompte demandé dépasse le total du devis."))
