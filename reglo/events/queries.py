"""Reading events back."""

import json
from typing import Any

from django.db.models import Model, QuerySet

from reglo.events.models import Event, EventContent, Reaction
from reglo.events.states import ReactionState


def timeline(*, company_id: int, subject: Model) -> QuerySet[Event]:
    """What happened to `subject`, oldest first, each with its content and actor."""
    return (
        Event.objects.filter(company_id=company_id, subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .select_related("content", "actor")
        .order_by("id")
    )


def content_of(event: Event) -> dict[str, Any]:
    """What the event said; empty where it said nothing or was erased."""
    try:
        content: dict[str, Any] = json.loads(event.content.content)
    except EventContent.DoesNotExist:
        return {}
    return content


def parked(*, company_id: int) -> QuerySet[Reaction]:
    """The reactions of a company that wait for a person, oldest first."""
    return (
        Reaction.objects.filter(state=ReactionState.PARKED, event__company_id=company_id)
        .select_related("event")
        .order_by("id")
    )
