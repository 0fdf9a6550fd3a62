"""Every secret of the database under the newest key: row by row, safe to stop, to repeat and to run beside the web.

A secret is replaced only if it is still the one that was read, so that a change made meanwhile is never undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from reglo import secrets
from reglo.dashboard.accounts import SEAL_CONTEXT

BATCH = 200


@dataclass
class Rotation:
    """How many secrets were sealed again, and the places (`table:id:column`) of those that no key here opens."""

    resealed: int = 0
    broken: list[str] = field(default_factory=list)


def rotate_keys() -> Rotation:
    rotation = Rotation()
    for model, column in sealed_columns():
        _rotate_column(model, column, rotation)
    _rotate_second_factors(rotation)
    return rotation


def sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Found by their name, so that none can be forgotten: their model has `seal_context(column)`."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if column.name.startswith("sealed_") and isinstance(column, models.TextField):
                yield model, column.name


def _rotate_column(model: type[models.Model], column: str, rotation: Rotation) -> None:
    old = (
        model._default_manager.exclude(**{column: ""})
        .exclude(**{f"{column}__startswith": secrets.current_prefix()})
        .order_by("pk")
    )
    last: object = None
    while rows := list((old if last is None else old.filter(pk__gt=last))[:BATCH]):
        for row in rows:
            _rotate_cell(row, column, rotation)
        last = rows[-1].pk


def _rotate_cell(row: Any, column: str, rotation: Rotation) -> None:
    before, context = getattr(row, column), row.seal_context(column)
    try:
        after = secrets.reseal(before, context=context)
    except secrets.SealBroken:
        rotation.broken.append(context)
        return
    unchanged = type(row)._default_manager.filter(pk=row.pk, **{column: before})
    rotation.resealed += unchanged.update(**{column: after})


def _rotate_second_factors(rotation: Rotation) -> None:
    """django-allauth keeps them, in a JSON of its own: whatever in it was sealed is."""
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor is None:
                continue
            count, place = rotation.resealed, f"mfa.authenticator:{pk}"
            factor.data = {name: _resealed(value, f"{place}:{name}", rotation) for name, value in factor.data.items()}
            if rotation.resealed > count:
                factor.save(update_fields=["data"])


def _resealed(value: Any, place: str, rotation: Rotation) -> Any:
    if isinstance(value, list):
        return [_resealed(one, place, rotation) for one in value]
    if not isinstance(value, str) or not value.startswith("v1.") or value.startswith(secrets.current_prefix()):
        return value
    try:
        resealed = secrets.reseal(value, context=SEAL_CONTEXT)
    except secrets.SealBroken:
        rotation.broken.append(place)
        return value
    rotation.resealed += 1
    return resealed
