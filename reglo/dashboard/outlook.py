"""What is coming: what customers owe, late or by the week it falls due, drawn as bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.numbers import format_compact_currency
from django.db.models import F, Sum
from django.db.models.functions import Least
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.companies.models import Company
<<<<<<< ours
from reglo.invoicing.models import Settlement, owed
||||||| base
from reglo.invoicing.models import Settlement
=======
from reglo.companies.states import TermsKind
from reglo.invoicing.models import Settlement
from reglo.invoicing.schedule import still_due_of
>>>>>>> theirs
from reglo.invoicing.states import InvoiceStatus
from reglo.money import Money
from reglo.ui import formats

WEEKS = 5
COLUMN, WIDTH, TALLEST, BASE = 80, 52, 96, 124  # in units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the drawing. `label` says when; `short` fits above it."""

    label: str
    amount: Money
    is_late: bool
    x: int
    height: int

    @property
    def y(self) -> int:
        return BASE - self.height

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def short(self) -> str:
        """« 2 480 € », « 1,2 M € »: without cents, abbreviated from 100 000 on."""
        language = (get_language() or "fr")[:2]
        if abs(self.amount.minor) >= 10_000_000:
            decimal, currency = self.amount.to_decimal(), self.amount.currency
            return format_compact_currency(decimal, currency, locale=language, fraction_digits=1)
        return formats.amount(self.amount, language=language).replace(",00", "").replace(".00", "")


@dataclass(frozen=True, slots=True)
class Outlook:
    """`expected` is all that is owed, `late` the part that is past due."""

    expected: Money
    late: Money
    bars: tuple[Bar, ...]


def outlook(company: Company, *, today: date) -> Outlook:
    """What is owed on issued invoices: late, then by week from Monday on; the last bar holds all that follows."""
    monday = today - timedelta(days=today.weekday())
    late, weeks = 0, [0] * WEEKS
    for day, minor, coming in _owed_by_day(company):
        if day < today:
            late += minor - coming
            weeks[0] += coming  # a debit under way is not late: the bank answers within days
        else:
            weeks[min((day - monday).days // 7, WEEKS - 1)] += minor
    return Outlook(
        Money(late + sum(weeks), company.currency),
        Money(late, company.currency),
        _bars([late, *weeks], _labels(monday), company.currency),
    )


def _owed_by_day(company: Company) -> Iterator[tuple[date, int, int]]:
    """By due date: what is owed in minor units, and the part of it that is on its way."""
    unsettled = Settlement.objects.filter(
        company=company,
        settled_minor__lt=owed(),
        invoice__status=InvoiceStatus.ISSUED,
    )
<<<<<<< ours
    remaining = owed() - F("settled_minor")
    sums = unsettled.values_list("invoice__due_date").annotate(
        owed=Sum(remaining), coming=Sum(Least(F("pending_minor"), remaining))
    )
||||||| base
    owed = F("gross_minor") - F("credited_minor") - F("settled_minor")
    sums = unsettled.values_list("invoice__due_date").annotate(
        owed=Sum(owed), coming=Sum(Least(F("pending_minor"), owed))
    )
=======
    owed = F("gross_minor") - F("credited_minor") - F("settled_minor")
    at_once = unsettled.exclude(invoice__terms_kind=TermsKind.INSTALMENTS)
    sums = at_once.values_list("due_date").annotate(owed=Sum(owed), coming=Sum(Least(F("pending_minor"), owed)))
>>>>>>> theirs
    for day, minor, coming in sums:
        if day:
            yield day, int(minor), int(coming)
    for settlement in unsettled.filter(invoice__terms_kind=TermsKind.INSTALMENTS).select_related("invoice"):
        pending = settlement.pending_minor
        for instalment in still_due_of(settlement.invoice):
            on_its_way = min(pending, instalment.amount_minor)
            pending -= on_its_way
            yield instalment.due_date, instalment.amount_minor, on_its_way


def _labels(monday: date) -> list[str]:
    following = [
        formats.day_short(monday + timedelta(days=7 * week), language="fr")[:5] for week in range(2, WEEKS - 1)
    ]
    after = formats.day_short(monday + timedelta(days=7 * (WEEKS - 1)), language="fr")[:5]
    return [
        _("En retard"),
        _("Cette semaine"),
        _("La suivante"),
        *(_("Du %s") % day for day in following),
        _("Dès le %s") % after,
    ]


def _bars(minors: Sequence[int], labels: Sequence[str], currency: str) -> tuple[Bar, ...]:
    most = max([*minors, 1])
    return tuple(
        Bar(
            label=label,
            amount=Money(minor, currency),
            is_late=index == 0,
            x=COLUMN * index + (COLUMN - WIDTH) // 2,
            height=max(TALLEST * minor // most, 2 if minor else 0),
        )
        for index, (minor, label) in enumerate(zip(minors, labels, strict=True))
    )
