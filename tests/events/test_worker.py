from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reglo.events import queue
from reglo.events.kinds import Kind
from reglo.events.models import Event, Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.events import wiring
from tests.harness.frozen_clock import FrozenClock


@pytest.fixture
def reaction(happen: Callable[..., Event]) -> Callable[[str], Reaction]:
    """One waiting reaction of this name."""

    def waiting(name: str) -> Reaction:
        wiring.REACTIONS[Kind.LINK_OPENED] = (name,)
        return Reaction.objects.get(event=happen())

    return waiting


def test_a_reaction_runs_once(reaction: Callable[[str], Reaction], clock: FrozenClock):
    waiting = reaction(wiring.NOTE)

    assert run_until_idle() == 1
    assert run_until_idle() == 0

    waiting.refresh_from_db()
    assert wiring.seen == [waiting.event_id]
    assert (waiting.state, waiting.finished_at, waiting.lease_until) == (ReactionState.DONE, clock.now(), None)


def test_a_failure_is_tried_again_when_the_clock_says(reaction: Callable[[str], Reaction], clock: FrozenClock):
    failing = reaction(wiring.BREAK_DOWN)

    assert run_until_idle() == 1

    failing.refresh_from_db()
    assert (failing.state, failing.attempts) == (ReactionState.WAITING, 1)
    assert failing.last_error == "ConnectionError: le serveur ne répond pas"
    clock.advance(seconds=10)
    assert run_until_idle() == 1


def test_a_clock_that_went_back_does_not_put_it_off(reaction: Callable[[str], Reaction], clock: FrozenClock):
    clock.advance(days=365)
    reaction(wiring.NOTE)
    clock.advance(days=-365)

    assert run_until_idle() == 1


def test_delays_double_up_to_an_hour():
    with ids.use(lambda length: b"\xff" * length):
        longest = [round(queue.delay_after(attempts).total_seconds()) for attempts in (1, 2, 3, 9, 10)]
    with ids.use(lambda length: b"\x00" * length):
        shortest = queue.delay_after(1)

    assert longest == [10, 20, 40, 2555, 3593]
    assert shortest == timedelta(seconds=5)


def test_what_keeps_failing_is_parked_until_a_person_retries(reaction: Callable[[str], Reaction], clock: FrozenClock):
    failing = reaction(wiring.BREAK_DOWN)
    for _ in range(queue.MAX_ATTEMPTS):
        run_until_idle()
        clock.advance(hours=1)
    failing.refresh_from_db()
    assert (failing.state, failing.attempts) == (ReactionState.PARKED, queue.MAX_ATTEMPTS)
    assert run_until_idle() == 0

    company_id = failing.event.company_id
    assert company_id is not None
    queue.retry_parked(reaction_id=failing.id, company_id=company_id, now=clock.now())

    assert run_until_idle() == 1


def test_nobody_retries_the_parked_reaction_of_another_company(reaction: Callable[[str], Reaction], clock: FrozenClock):
    parked = reaction(wiring.NEED_SOMEBODY)
    run_until_idle()
    company_id = parked.event.company_id
    assert company_id is not None

    with pytest.raises(queue.ReactionNotParked):
        queue.retry_parked(reaction_id=parked.id, company_id=company_id + 1, now=clock.now())

    parked.refresh_from_db()
    assert parked.state == ReactionState.PARKED


def test_what_needs_a_person_is_parked_at_once(reaction: Callable[[str], Reaction]):
    hopeless = reaction(wiring.NEED_SOMEBODY)

    run_until_idle()

    hopeless.refresh_from_db()
    assert (hopeless.state, hopeless.attempts) == (ReactionState.PARKED, 1)
    assert hopeless.last_error == "Renseignez le serveur d’envoi."


def test_what_is_postponed_burns_no_try_and_says_why_without_the_key(
    reaction: Callable[[str], Reaction], clock: FrozenClock
):
    waiting = reaction(wiring.WAIT_FOR_A_KEY)
    for _ in range(2 * queue.MAX_ATTEMPTS):
        assert run_until_idle() == 1
        clock.advance(minutes=10)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.lease_until) == (ReactionState.WAITING, 0, None)
    assert waiting.last_error == "ConnectionError: la clé rk_*** est refusée"


def test_what_waits_for_an_answer_waits_longer_each_time_and_is_never_parked(
    reaction: Callable[[str], Reaction], clock: FrozenClock
):
    waiting = reaction(wiring.WAIT_FOR_AN_ANSWER)
    run_until_idle()
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.not_before <= clock.now() + timedelta(seconds=10)) == (1, True)
    for _ in range(2 * queue.MAX_ATTEMPTS):
        clock.advance(hours=1)
        assert run_until_idle() == 1

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (ReactionState.WAITING, queue.MAX_ATTEMPTS - 1)
    assert waiting.not_before > clock.now() + timedelta(minutes=15)


def test_a_worker_that_lost_its_lease_postpones_nothing(reaction: Callable[[str], Reaction], clock: FrozenClock):
    reaction(wiring.NOTE)
    [dead] = queue.claim(now=clock.now())
    assert dead.lease_until is not None
    Reaction.objects.update(lease_until=dead.lease_until - timedelta(minutes=2))
    [alive] = queue.claim(now=clock.now())

    assert queue.postpone(dead, error="x", now=clock.now(), until=clock.now()) == 0

    assert queue.finish([alive], now=clock.now()) == 1


def test_what_was_postponed_is_due_at_once_when_its_company_is_woken(
    reaction: Callable[[str], Reaction], clock: FrozenClock
):
    waiting = reaction(wiring.WAIT_FOR_A_KEY)
    run_until_idle()
    company_id = waiting.event.company_id
    assert company_id is not None

    assert queue.hasten(company_id=company_id + 1, names=[wiring.WAIT_FOR_A_KEY], now=clock.now()) == 0
    assert queue.hasten(company_id=company_id, names=[wiring.NOTE], now=clock.now()) == 0
    assert run_until_idle() == 0
    assert queue.hasten(company_id=company_id, names=[wiring.WAIT_FOR_A_KEY], now=clock.now()) == 1
    assert run_until_idle() == 1


def test_all_that_is_parked_of_a_company_is_retried_and_nothing_of_another(
    reaction: Callable[[str], Reaction], clock: FrozenClock
):
    parked = [reaction(wiring.NEED_SOMEBODY) for _ in range(2)]
    run_until_idle()
    company_id = parked[0].event.company_id
    assert company_id is not None

    assert queue.retry_all_parked(company_id=company_id + 1, now=clock.now()) == 0
    assert queue.retry_all_parked(company_id=company_id, now=clock.now()) == 2
    assert run_until_idle() == 2


def test_a_leased_reaction_is_left_to_its_worker(reaction: Callable[[str], Reaction], clock: FrozenClock):
    reaction(wiring.NOTE)
    assert len(queue.claim(now=clock.now())) == 1

    assert queue.claim(now=clock.now()) == []

    clock.advance(days=365)  # simulated time ends no lease
    assert queue.claim(now=clock.now()) == []


def test_a_dead_workers_reaction_is_claimed_again_and_it_cannot_finish(
    reaction: Callable[[str], Reaction], clock: FrozenClock
):
    reaction(wiring.NOTE)
    [dead] = queue.claim(now=clock.now())
    assert dead.lease_until is not None
    Reaction.objects.update(lease_until=dead.lease_until - timedelta(minutes=2))

    [alive] = queue.claim(now=clock.now())

    assert (dead.fence, alive.fence) == (1, 2)
    assert queue.finish([dead], now=clock.now()) == 0
    assert queue.fail(dead, error="late", now=clock.now()) == 0
    assert queue.finish([alive], now=clock.now()) == 1


def test_what_kills_its_workers_is_parked(reaction: Callable[[str], Reaction], clock: FrozenClock):
    deadly = reaction(wiring.NOTE)
    for _ in range(queue.MAX_ATTEMPTS):
        [claimed] = queue.claim(now=clock.now())
        assert claimed.lease_until is not None
        Reaction.objects.update(lease_until=claimed.lease_until - timedelta(minutes=2))

    run_until_idle()

    deadly.refresh_from_db()
    assert deadly.state == ReactionState.PARKED
    assert deadly.last_error == "le programme s’est arrêté avant la fin, à chaque essai"
    assert wiring.seen == []


def test_an_idle_worker_only_reads(happen: Callable[..., Event], django_assert_num_queries: Any):
    with django_assert_num_queries(2) as queries:
        assert queue.claim(now=clock_port.now()) == []

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_what_takes_several_is_handed_those_that_wait_some_dozen_at_a_time(happen: Callable[..., Event]):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE_SEVERAL, wiring.NOTE)
    events = [happen().id for _ in range(queue.SEVERAL + 2)]

    assert run_until_idle() == 2 * len(events)

    assert wiring.seen_together == [events[: queue.SEVERAL], events[queue.SEVERAL :]]
    assert set(Reaction.objects.values_list("state", "attempts", "fence")) == {(ReactionState.DONE, 1, 1)}


def test_one_that_fails_is_tried_again_alone_and_the_others_are_done(happen: Callable[..., Event], clock: FrozenClock):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE_SEVERAL,)
    first, failing, last = (happen().id for _ in range(3))
    wiring.bad.add(failing)

    run_until_idle()
    states = dict(Reaction.objects.values_list("event_id", "state"))
    assert states == {first: ReactionState.DONE, failing: ReactionState.WAITING, last: ReactionState.DONE}

    wiring.bad.clear()
    clock.advance(seconds=10)
    latest = happen().id
    run_until_idle()
    assert wiring.seen_together == [[first, failing, last], [failing], [latest]]
    assert Reaction.objects.get(event_id=failing).last_error == ""


def test_what_was_left_by_a_dead_worker_is_taken_one_by_one(happen: Callable[..., Event], clock: FrozenClock):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE_SEVERAL,)
    events = [happen().id for _ in range(3)]
    dead = queue.claim(now=clock.now())
    assert [one.event_id for one in dead] == events
    assert dead[0].lease_until is not None
    Reaction.objects.update(lease_until=dead[0].lease_until - timedelta(minutes=2))

    run_until_idle()

    assert wiring.seen_together == [[event] for event in events]
    assert queue.finish(dead, now=clock.now()) == 0
