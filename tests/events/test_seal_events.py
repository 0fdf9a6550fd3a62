import hashlib
from collections.abc import Callable

import pytest

from reglo.events import sealing
from reglo.events.models import Event, Seal
from reglo.events.sealing import seal_events
from tests.harness.frozen_clock import FrozenClock


def test_blocks_are_chained_and_leave_no_event_out(
    happen: Callable[..., Event], clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sealing, "LARGEST_BLOCK", 2)
    happen(), happen(), happen()
    total = Event.objects.count()

    seals = [seal for _ in range(total) if (seal := seal_events(now=clock.now()))]

    blocks = [(seal.first_event_id, seal.last_event_id) for seal in seals]
    everyone = list(Event.objects.order_by("id").values_list("id", flat=True))
    assert [id_ for first, last in blocks for id_ in everyone if first <= id_ <= last] == everyone
    assert [seal.previous for seal in seals] == ["", *(seal.hash for seal in seals[:-1])]


def test_the_hash_is_the_one_documented(happen: Callable[..., Event], clock: FrozenClock):
    seal_events(now=clock.now())
    head = Seal.objects.get()
    event = happen(content={"to": "a"})

    seal = seal_events(now=clock.now())

    assert seal is not None
    line = (
        f"{event.id}|{event.company_id}||link.opened|companies.company|{event.company_id}"
        f"|2026-11-22T09:00:00.000000|{event.digest}"
    )
    assert seal.hash == hashlib.sha256(f"{head.hash}\n{line}\n".encode()).hexdigest()


@pytest.mark.django_db
def test_nothing_new_makes_no_seal(clock: FrozenClock):
    assert seal_events(now=clock.now()) is None
    assert not Seal.objects.exists()
