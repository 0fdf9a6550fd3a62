"""Choose how the numbers of a kind of document are spelled, from a day on. What is issued keeps its number."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Company
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice, SeriesFormat
from reglo.invoicing.numbering import spelling_on
from reglo.invoicing.series_collisions import may_be_given, patterns_that_count
from reglo.invoicing.series_patterns import (
    FEWEST_DIGITS,
    LONGEST_NUMBER,
    LONGEST_PREFIX,
    MOST_DIGITS,
    PRACTICE,
    is_spelled_well,
    may_collide,
    prefix_length,
)
from reglo.invoicing.states import DocumentKind, SeriesKind


class BadSeriesFormat(RegloError):
    """`field` says which one: pattern, digits, effective_date."""

    code = "bad_series_format"
    message = _("Ce format de numéro n’est pas possible. %(reason)s")


class SeriesShared(RegloError):
    """The very spelling of another kind: its counter would be shared, which must be meant."""

    code = "series_shared"
    message = _(
        "Ce format est déjà celui de « %(other)s » : les deux partageraient une même suite de numéros. "
        "Si c’est voulu, cochez « Partager la même suite »."
    )


@retry_on_conflict
def change_series_format(
    *,
    company_id: int,
    kind: SeriesKind,
    pattern: str,
    digits: int,
    effective_date: date,
    now: datetime,
    actor_id: int | None = None,
    shared: bool = False,
) -> SeriesFormat | None:
    """The format in force from `effective_date`, today or later; None where it is that of that day already.

    Raises BadSeriesFormat and SeriesShared: nothing is then written.
    """
    pattern = pattern.strip().upper()
    with transaction.atomic():
        company = lock_company(company_id)
        before = spelling_on(kind, company_id=company_id, day=effective_date)
        if (before.pattern, before.digits) == (pattern, digits):
            return None
        refuse_bad_format(company=company, pattern=pattern, digits=digits, effective_date=effective_date, now=now)
        _refuse_collisions(company, kind, pattern, now.astimezone(company.zone).date(), shared=shared)
        chosen = SeriesFormat.objects.create(
            company=company,
            kind=kind,
            pattern=pattern,
            digits=digits,
            effective_date=effective_date,
            created_at=now,
            created_by_id=actor_id,
        )
        record(
            kind=Kind.SERIES_CHANGED,
            company_id=company_id,
            subject=company,
            actor_id=actor_id,
            now=now,
            content={
                "kind": kind,
                "pattern_before": before.pattern,
                "digits_before": before.digits,
                "pattern": pattern,
                "digits": digits,
                "effective_date": effective_date,
            },
        )
    return chosen


def refuse_bad_format(*, company: Company, pattern: str, digits: int, effective_date: date, now: datetime) -> None:
    """What is wrong with the format by itself. Raises BadSeriesFormat."""
    if not is_spelled_well(pattern):
        raise BadSeriesFormat(
            field="pattern",
            reason=_(
                "Le préfixe est fait de lettres, de chiffres et de + - _ /, avec {AAAA} ou {AA} pour l’année "
                "et {MM} pour le mois, chacun une fois ; le mois va avec l’année."
            ),
        )
    if pattern.startswith(PRACTICE.rstrip("-")):
        raise BadSeriesFormat(
            field="pattern", reason=_("« ESSAI » est réservé aux entreprises d’essai, et s’ajoute de lui-même.")
        )
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise BadSeriesFormat(field="digits", reason=_("Un numéro a de 4 à 10 chiffres."))
    if prefix_length(pattern) > LONGEST_PREFIX or prefix_length(pattern) + digits > LONGEST_NUMBER:
        raise BadSeriesFormat(
            field="pattern", reason=_("Le préfixe est trop long : 24 caractères au plus, et 35 avec les chiffres.")
        )
    if effective_date < now.astimezone(company.zone).date():
        raise BadSeriesFormat(
            field="effective_date", reason=_("Il vaut à partir d’aujourd’hui au plus tôt : le passé ne change pas.")
        )


def _refuse_collisions(company: Company, kind: SeriesKind, pattern: str, today: date, *, shared: bool) -> None:
    """No series may produce the number of another, nor one of the former tool. Raises BadSeriesFormat, SeriesShared."""
    for other_kind, other in patterns_that_count(company=company, today=today):
        if other == pattern:
            if other_kind != kind and not shared:
                raise SeriesShared(field="pattern", other=other_kind.label)
        elif may_collide(pattern, other):
            raise BadSeriesFormat(
                field="pattern",
                reason=_("Il pourrait donner le même numéro que « %(other)s », dont le format est %(pattern)s.")
                % {"other": other_kind.label, "pattern": other},
            )
    taken_over = Invoice.objects.filter(company=company, kind=DocumentKind.OPENING).values_list("number", flat=True)
    for number in taken_over:
        if number and may_be_given(number, [pattern], company=company, today=today):
            raise BadSeriesFormat(
                field="pattern",
                reason=_("Il pourrait donner à nouveau le numéro %(number)s, d’une facture reprise.")
                % {"number": number},
            )
