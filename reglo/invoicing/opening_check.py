"""*Vérifier avant de reprendre*: whose invoice each row is, and everything that keeps it from being taken over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.issue_check import is_siren
from reglo.invoicing.models import Invoice
from reglo.invoicing.opening_rows import OpeningRow, RowProblem
from reglo.invoicing.series_collisions import may_be_given, patterns_that_count
from reglo.ledger.chart import FROM_THE_START
from reglo.ledger.queries import accounts_confirmed
from reglo.typefaces import missing_characters, name_character

_PRINTED = ("number", "customer_name", "email", "address", "postal_code", "city")


@dataclass(frozen=True, slots=True)
class Matched:
    """A row with the customer it was recognised as belonging to; None: a new one, made when it is taken over."""

    row: OpeningRow
    customer: Customer | None

    @property
    def newcomer(self) -> tuple[str, str]:
        """What tells a new customer from another within the same file."""
        return (
            (self.row.siren, "") if self.row.siren else ("", self.row.email.lower() or self.row.customer_name.lower())
        )


def matched_rows(rows: Sequence[OpeningRow], *, company: Company) -> list[Matched]:
    """By the SIREN, else by the e-mail address, else by the very name; not among those put away."""
    known = list(Customer.objects.filter(company=company, archived_at=None).order_by("-id"))
    by_siren = {customer.siren: customer for customer in known if customer.siren}
    by_email = {customer.email.lower(): customer for customer in known if customer.email}
    by_name = {customer.name.lower(): customer for customer in known}
    return [
        Matched(
            row,
            by_siren.get(row.siren)
            if row.siren
            else by_email.get(row.email.lower()) or by_name.get(row.customer_name.lower()),
        )
        for row in rows
    ]


def opening_problems(rows: Sequence[OpeningRow], *, company: Company, today: date) -> list[RowProblem]:
    """Empty when the rows may be taken over, all of them. The verb refuses the same list."""
    return sorted(
        [*_common_problems(company), *_number_problems(rows, company, today), *_row_problems(rows, today)],
        key=lambda problem: problem.line,
    )


def _common_problems(company: Company) -> Iterator[RowProblem]:
    if not accounts_confirmed(company_id=company.id):
        yield RowProblem(0, _("Confirmez d’abord les comptes comptables proposés, dans la configuration."))


def _number_problems(rows: Sequence[OpeningRow], company: Company, today: date) -> Iterator[RowProblem]:
    """A number is borne once, by a former tool or by us, and none of our series may come to give it."""
    patterns = [pattern for _kind, pattern in patterns_that_count(company=company, today=today)]
    numbers = [row.number for row in rows]
    borne = set(Invoice.objects.filter(company=company, number__in=numbers).values_list("number", flat=True))
    twice = {number for number, times in Counter(numbers).items() if times > 1}
    for row in rows:
        if row.number in borne:
            yield RowProblem(row.line, _("Le numéro %s est déjà celui d’un document.") % row.number)
        elif row.number in twice:
            yield RowProblem(row.line, _("Le numéro %s est deux fois dans le fichier.") % row.number)
        elif may_be_given(row.number, patterns, company=company, today=today):
            words = _(
                "Le numéro %s pourrait être donné à nouveau par Réglo : faites d’abord commencer la série après lui, "
                "dans Configuration > Numérotation."
            )
            yield RowProblem(row.line, words % row.number)


def _row_problems(rows: Sequence[OpeningRow], today: date) -> Iterator[RowProblem]:
    for row in rows:
        for message in (*_date_problems(row, today), *_amount_problems(row), *_customer_problems(row)):
            yield RowProblem(row.line, message)


def _date_problems(row: OpeningRow, today: date) -> Iterator[str]:
    if not FROM_THE_START <= row.issue_date <= today:
        yield _("Vérifiez la date : une facture à reprendre est déjà émise, et pas avant l’an 2000.")
    if row.due_date < row.issue_date:
        yield _("L’échéance est avant la date de la facture.")


def _amount_problems(row: OpeningRow) -> Iterator[str]:
    if not row.remaining_minor:
        yield _("Il ne reste rien à payer : ne reprenez que ce qui vous est dû.")
    if row.remaining_minor > row.total_minor:
        yield _("Il reste plus à payer que le total.")
    if row.taxed_minor > row.remaining_minor:
        yield _("La TVA à l’encaissement est plus grande que celle de ce qui reste à payer.")


def _customer_problems(row: OpeningRow) -> Iterator[str]:
    if row.siren and not is_siren(row.siren):
        yield _("Ce SIREN n’existe pas : il a 9 chiffres.")
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            yield _("Cette adresse e-mail n’est pas valable.")
    missing = missing_characters("".join(getattr(row, name) for name in _PRINTED))
    if missing:
        names = ", ".join(name_character(character) for character in missing[:5])
        yield _("Retirez ce que nous ne savons pas imprimer : %s.") % names
