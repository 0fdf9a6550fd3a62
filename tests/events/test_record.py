import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.events.kinds import Kind
from reglo.events.models import Event, EventContent, Reaction
from reglo.events.queries import content_of, timeline
from reglo.events.record import RecordedOutsideTransaction, record
from reglo.events.states import ReactionState
from tests.events import wiring

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_an_event_says_what_happened_to_what_and_when(happen: Callable[..., Event], company: Company):
    event = Event.objects.get(id=happen(Kind.LINK_OPENED).id)

    assert (event.kind, event.subject_type, event.subject_id) == ("link.opened", "companies.company", str(company.id))
    assert (event.company_id, event.actor_id, event.occurred_at, event.digest) == (company.id, None, NOW, "")


def test_the_digest_proves_the_content_under_its_salt(happen: Callable[..., Event]):
    event = happen(content={"to": "chloé@example.test", "amount": Decimal("12.50"), "day": date(2026, 11, 22)})

    kept = EventContent.objects.get(event=event)
    assert kept.content == '{"amount":"12.50","day":"2026-11-22","to":"chloé@example.test"}'
    assert event.digest == hmac.new(kept.salt, kept.content.encode(), hashlib.sha256).hexdigest()
    assert content_of(event) == {"amount": "12.50", "day": "2026-11-22", "to": "chloé@example.test"}


def test_the_same_content_twice_has_two_digests(happen: Callable[..., Event]):
    assert happen(content={"to": "a"}).digest != happen(content={"to": "a"}).digest


def test_erased_content_leaves_the_event(happen: Callable[..., Event]):
    event = happen(content={"to": "chloé@example.test"})

    EventContent.objects.filter(event=event).delete()

    kept = Event.objects.get(id=event.id)
    assert kept.digest == event.digest
    assert content_of(kept) == {}


def test_one_waiting_reaction_per_listed_function(happen: Callable[..., Event]):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE, wiring.BREAK_DOWN)

    event = happen(Kind.LINK_OPENED)
    happen(Kind.LINK_REVOKED)

    waiting = Reaction.objects.values_list("event_id", "name", "state", "not_before")
    assert sorted(waiting) == [
        (event.id, wiring.BREAK_DOWN, ReactionState.WAITING, NOW),
        (event.id, wiring.NOTE, ReactionState.WAITING, NOW),
    ]


def test_at_most_three_statements(happen: Callable[..., Event], company: Company, django_assert_num_queries: Any):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE, wiring.BREAK_DOWN)

    with django_assert_num_queries(3):
        record(kind=Kind.LINK_OPENED, company_id=company.id, subject=company, now=NOW, content={"to": "a"})


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(company: Company):
    before = Event.objects.count()

    with pytest.raises(RecordedOutsideTransaction):
        record(kind=Kind.LINK_OPENED, company_id=company.id, subject=company, now=NOW)

    assert Event.objects.count() == before


def test_an_event_is_neither_changed_nor_deleted(happen: Callable[..., Event]):
    event = happen()

    for attempt in (
        lambda: Event.objects.filter(id=event.id).update(kind=Kind.LINK_REVOKED),
        lambda: Event.objects.filter(id=event.id)._raw_delete(Event.objects.db),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()

    assert Event.objects.get(id=event.id).kind == Kind.LINK_OPENED


def test_the_timeline_is_that_of_the_subject(happen: Callable[..., Event], company: Company):
    first, second = happen(Kind.LINK_OPENED), happen(Kind.LINK_REVOKED)

    assert list(timeline(company_id=company.id, subject=company))[-2:] == [first, second]
    assert list(timeline(company_id=company.id + 1, subject=company)) == []
