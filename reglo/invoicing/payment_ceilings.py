"""The longest delays that the law lets professionals agree upon, as dated data.

Law 2008-776 of 4 August 2008 set them; ordinance 2019-359 of 24 April 2019 moved them to another article.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from reglo.companies.states import TermsKind
from reglo.invoicing.terms import PaymentTerms


@dataclass(frozen=True, slots=True)
class Ceiling:
    """In force from `since` included, until `until` excluded. Both delays run from the day of issue."""

    days: int
    end_of_month_days: int
    since: date
    until: date | None
    source: str

    @property
    def warning(self) -> str:
        return _(
            "Ce délai dépasse celui que la loi permet entre professionnels : %(days)d jours après l’émission, ou "
            "%(end_of_month_days)d jours fin de mois (%(source)s)."
        ) % {"days": self.days, "end_of_month_days": self.end_of_month_days, "source": self.source}


CEILINGS = (
    Ceiling(60, 45, date(2009, 1, 1), date(2019, 4, 26), "Code de commerce art. L. 441-6, I"),
    Ceiling(60, 45, date(2019, 4, 26), None, "Code de commerce art. L. 441-10, I"),
)
_END_OF_MONTH = frozenset({TermsKind.DAYS_END_OF_MONTH, TermsKind.END_OF_MONTH_DAYS})


def ceiling_on(day: date) -> Ceiling | None:
    """The ceiling in force on `day`; None before there was one."""
    return next((one for one in CEILINGS if one.since <= day and (one.until is None or day < one.until)), None)


def ceiling_exceeded(terms: PaymentTerms, *, issued: date) -> Ceiling | None:
    """The ceiling that an invoice to a professional would exceed; None where it stays within."""
    ceiling = ceiling_on(issued)
    if ceiling is None:
        return None
    if terms.kind in _END_OF_MONTH:
        return ceiling if terms.days > ceiling.end_of_month_days else None
    return ceiling if terms.due_date(issued) > issued + timedelta(days=ceiling.days) else None
