"""When an invoice is to be paid: on receipt, after so many days, on a date, or in instalments. Pure.

« 45 jours fin de mois » may be counted in two ways, both lawful (Code de commerce, art. L. 441-10, I): the days, then
the end of the month that they reach; or the end of the month of issue, then the days. Each has its own kind.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from reglo.companies.states import TermsKind
from reglo.money import allocate

LEAST_INSTALMENTS, MOST_INSTALMENTS = 2, 12
MOST_DAYS = 365
COUNTED_IN_DAYS = frozenset({TermsKind.DAYS, TermsKind.DAYS_END_OF_MONTH, TermsKind.END_OF_MONTH_DAYS})


@dataclass(frozen=True, slots=True)
class Instalment:
    """`amount_minor` is to be paid on `due_date` at the latest."""

    due_date: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as typed: a `rate` in percent of the total, or an `amount_minor`; neither: the rest."""

    due_date: date
    rate: Decimal | None = None
    amount_minor: int | None = None

    @property
    def is_rest(self) -> bool:
        return self.rate is None and self.amount_minor is None

    def stored(self) -> dict[str, Any]:
        """As the document keeps it: JSON."""
        kept: dict[str, Any] = {"due_date": self.due_date.isoformat()}
        if self.rate is not None:
            kept["rate"] = f"{self.rate:f}"
        if self.amount_minor is not None:
            kept["amount_minor"] = self.amount_minor
        return kept

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Part":
        return cls(
            date.fromisoformat(kept["due_date"]),
            Decimal(kept["rate"]) if "rate" in kept else None,
            kept.get("amount_minor"),
        )


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """`days` for the kinds that count days, `on` for a fixed date, `parts` for instalments."""

    kind: TermsKind
    days: int = 0
    on: date | None = None
    parts: tuple[Part, ...] = ()

    def due_date(self, issued: date) -> date:
        """The day when all of it is due; the day of issue where nothing says when."""
        match self.kind:
            case TermsKind.DAYS:
                return issued + timedelta(days=self.days)
            case TermsKind.DAYS_END_OF_MONTH:
                return end_of_month(issued + timedelta(days=self.days))
            case TermsKind.END_OF_MONTH_DAYS:
                return end_of_month(issued) + timedelta(days=self.days)
            case TermsKind.DATE:
                return self.on or issued
            case TermsKind.INSTALMENTS:
                return max((part.due_date for part in self.parts), default=issued)
            case _:
                return issued

    def instalments(self, gross_minor: int) -> tuple[Instalment, ...]:
        """What is due on each date: it adds up to the total. Empty where it is due at once, or cannot be cut so.

        Rates are split by the largest remainder, so that no cent is lost.
        """
        if self.kind != TermsKind.INSTALMENTS or any(True for _fault in self.faults(gross_minor)):
            return ()
        amounts = _amounts(self.parts, gross_minor)
        return tuple(Instalment(part.due_date, amount) for part, amount in zip(self.parts, amounts, strict=True))

    def faults(self, gross_minor: int, issued: date | None = None) -> Iterator[str]:
        """Why these terms cannot be issued, on `issued` if it is known."""
        if self.kind == TermsKind.DATE:
            if self.on is None:
                yield str(_("Indiquez la date de l’échéance."))
            elif issued is not None and self.on < issued:
                yield str(_("Cette échéance est passée : choisissez une date à partir d’aujourd’hui."))
        if self.kind == TermsKind.INSTALMENTS:
            yield from _faults_of_parts(self.parts, gross_minor, issued)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def proposed_parts(count: int, *, first: date) -> tuple[Part, ...]:
    """`count` equal instalments, one a month; the last takes the rest."""
    rate = (Decimal(100) / count).quantize(Decimal("0.01"))
    parts = [Part(months_later(first, rank), rate) for rank in range(count - 1)]
    return (*parts, Part(months_later(first, count - 1)))


def next_instalment(
    instalments: Sequence[Instalment], *, settled_minor: int, owed_minor: int
) -> tuple[int, Instalment] | None:
    """The first that is not wholly paid, with its rank from 1 and what is left of it; None when all is.

    Money pays the earliest first. What a credit note takes away is taken from the last: dates that were agreed stay.
    """
    reached = 0
    for rank, instalment in enumerate(instalments, start=1):
        reached = min(reached + instalment.amount_minor, owed_minor)
        if reached > settled_minor:
            return rank, Instalment(instalment.due_date, reached - settled_minor)
    return None


def still_due(instalments: Sequence[Instalment], *, settled_minor: int, owed_minor: int) -> Iterator[Instalment]:
    """What is left of each, those that are wholly paid or credited left out."""
    reached = 0
    for instalment in instalments:
        before, reached = max(reached, settled_minor), min(reached + instalment.amount_minor, owed_minor)
        if reached > before:
            yield Instalment(instalment.due_date, reached - before)


def _amounts(parts: Sequence[Part], gross_minor: int) -> list[int]:
    if any(part.rate is not None for part in parts):
        rest = 100 - sum((part.rate for part in parts if part.rate is not None), Decimal(0))
        weights = [rest if part.rate is None else part.rate for part in parts]
        return allocate(gross_minor, [int(weight.scaleb(2)) for weight in weights])
    rest_minor = gross_minor - sum(part.amount_minor or 0 for part in parts)
    return [rest_minor if part.amount_minor is None else part.amount_minor for part in parts]


def _faults_of_parts(parts: Sequence[Part], gross_minor: int, issued: date | None) -> Iterator[str]:
    if not LEAST_INSTALMENTS <= len(parts) <= MOST_INSTALMENTS:
        yield str(_("Un échéancier compte de 2 à 12 échéances."))
        return
    days = [part.due_date for part in parts]
    if any(later <= earlier for earlier, later in pairwise(days)):
        yield str(_("Chaque échéance vient après la précédente : remettez les dates dans l’ordre."))
    if issued is not None and days[0] < issued:
        yield str(_("La première échéance est passée : choisissez une date à partir d’aujourd’hui."))
    by_rate = any(part.rate is not None for part in parts)
    if by_rate and any(part.amount_minor is not None for part in parts):
        yield str(_("Écrivez toutes les échéances en pourcentage, ou toutes en montant."))
        return
    if sum(part.is_rest for part in parts) > 1:
        yield str(_("Une seule échéance peut être laissée vide : elle prend le reste."))
        return
    yield from _faults_of_sum(parts, gross_minor, by_rate=by_rate)


def _faults_of_sum(parts: Sequence[Part], gross_minor: int, *, by_rate: bool) -> Iterator[str]:
    told = sum((part.rate for part in parts if part.rate is not None), Decimal(0))
    complete = not any(part.is_rest for part in parts)
    if by_rate and (told != 100 if complete else told >= 100):
        yield str(_("Ensemble, les échéances doivent faire 100 %."))
    elif any(amount <= 0 for amount in _amounts(parts, gross_minor)) or (
        not by_rate and sum(_amounts(parts, gross_minor)) != gross_minor
    ):
        yield str(_("Les échéances ne font pas le total de la facture : corrigez-les, ou laissez la dernière vide."))
