"""Change the identity or the settings of a company, and take a change back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Company, FormerLogo
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.record import record

FIXED = frozenset({"id", "practice", "created_at", "currency"})


class ChangedSince(RegloError):
    code = "changed_since"
    status = 409
    message = _("Ce réglage a été modifié entre-temps : il n’a pas été remis à son ancienne valeur.")


@retry_on_conflict
def change_company(*, company_id: int, actor_id: int, now: datetime, **fields: Any) -> Event | None:
    """Set columns of `Company`, already validated; the event, or None when nothing differs.

    The event keeps the values before and after, which is what `undo_company_change` needs.
    """
    with transaction.atomic():
        return _apply(lock_company(company_id), fields, actor_id=actor_id, now=now)


@retry_on_conflict
def undo_company_change(*, company_id: int, event_id: int, actor_id: int, now: datetime) -> Event | None:
    """Put back what one change replaced, where nobody changed it again. Raises ChangedSince or Event.DoesNotExist."""
    with transaction.atomic():
        company = lock_company(company_id)
        content = content_of(Event.objects.get(pk=event_id, company_id=company_id, kind=Kind.COMPANY_CHANGED))
        before, after = content.get("before", {}), content.get("after", {})
        if not before or _stored(company, after) != after:
            raise ChangedSince
        return _apply(company, _restored(before), actor_id=actor_id, now=now)


def _apply(company: Company, fields: dict[str, Any], *, actor_id: int, now: datetime) -> Event | None:
    if FIXED & fields.keys():
        raise FieldDoesNotExist(f"never changed: {FIXED & fields.keys()}")
    before = _stored(company, fields)
    logo_before = company.logo_id
    for name, value in fields.items():
        setattr(company, name, value)
    after = _stored(company, fields)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return None
    company.save(update_fields=changed)
    if logo_before and company.logo_id != logo_before:
        FormerLogo.objects.get_or_create(company=company, file_id=logo_before)
    return record(
        kind=Kind.COMPANY_CHANGED,
        company_id=company.pk,
        subject=company,
        actor_id=actor_id,
        now=now,
        content={
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
        },
    )


def _stored(company: Company, names: Iterable[str]) -> dict[str, str | bool | None]:
    """The columns of these names (`logo_id` for a relation) as JSON keeps them."""
    values: dict[str, str | bool | None] = {}
    for name in names:
        field = _column(name)
        value = field.value_from_object(company)
        values[name] = value if value is None or isinstance(value, bool) else field.value_to_string(company)
    return values


def _restored(values: dict[str, Any]) -> dict[str, Any]:
    """What `_stored` gave, as the model wants it."""
    return {name: None if value is None else _column(name).to_python(value) for name, value in values.items()}


def _column(name: str) -> "Field[Any, Any]":
    field = Company._meta.get_field(name)
    assert isinstance(field, Field)
    return field
