"""What the webhook part makes of the times that it took."""

import json

import pytest
from django.db import connection

from bench import outsiders
from bench.counting import counted
from bench.outsiders import NotInstalled, python_with
from bench.webhooks import TURN, Cost, Turns, costs, take_turns, told


def delivery(address: str, event: str) -> tuple[str, str, str]:
    return address, json.dumps({"id": event}), "signed"


def test_rates_are_median_turns_without_the_first_and_compared_with_one_time_of_theirs() -> None:
    turns = Turns(acknowledged=[9.0, 0.1, 0.2, 0.3], applied=[9.0, 0.8, 0.8, 0.8], theirs=[9.0, 4.0, 5.0, 6.0])
    turns.answers = [0.01] * 100

    acknowledged, p99, applied, both, refused = turns.figures("sqlite", "")

    assert (acknowledged.value, acknowledged.against, acknowledged.ratio) == (TURN / 0.2, "dj-stripe 4.8", 25)
    assert p99.value == pytest.approx(10)
    assert applied.value == TURN / 0.8
    assert (both.value, both.ratio) == (TURN / 1.0, 5)
    assert refused.value == 0


def test_without_the_other_its_reason_stands_and_no_ratio() -> None:
    turns = Turns(acknowledged=[1.0, 1.0], applied=[1.0, 1.0], answers=[0.01, 0.01])

    figures = turns.figures("sqlite", "no matching distribution")

    assert [figure.ratio for figure in figures] == [None] * 4
    assert figures[0].against == "dj-stripe not measured: no matching distribution"
    assert [figure.ratio for figure in costs("sqlite", Cost({"statements": 8, "calls": 0}, {"statements": 8, "calls": 4}), None, 4)] == [None] * 3  # fmt: skip


def test_costs_are_by_event() -> None:
    mine = Cost(hook={"statements": 12, "calls": 0}, worker={"statements": 48, "calls": 6})

    hook, statements, calls = costs("sqlite", mine, {"statements": 120, "calls": 12}, 6)

    assert hook.value == 2
    assert (statements.value, statements.against, statements.ratio) == (10, "dj-stripe 20", 0.5)
    assert (calls.value, calls.ratio) == (1, 0.5)


def test_both_sites_must_be_told_the_same_events_in_the_same_order() -> None:
    theirs = "http://localhost:1/stripe/webhook/x/"
    sent = [delivery("http://localhost:2/hooks/y", "evt_1"), delivery(theirs, "evt_1")]

    assert told(sent, theirs) == ([sent[0]], [sent[1]])
    assert told(sent, "") == ([sent[0]], [])
    with pytest.raises(AssertionError, match="told the same"):
        told([*sent, delivery(theirs, "evt_2")], theirs)


def test_a_notification_acknowledged_and_not_applied_stops_the_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.webhooks.post_all", lambda some: (1.0, [1.0] * len(some), 0))
    own = [delivery("ours", str(rank)) for rank in range(TURN)]

    with pytest.raises(AssertionError, match="acknowledged is applied"):
        take_turns(own, [], lambda: (TURN - 1, 1.0))


@pytest.mark.django_db
def test_statements_are_counted() -> None:
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")

    assert counted(work) == {"statements": 2, "calls": 0}


def test_what_cannot_be_installed_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(outsiders.installation, "SCRATCH", tmp_path)
    monkeypatch.setattr(outsiders.venv, "create", lambda folder, **_options: (folder / "bin").mkdir(parents=True))

    with pytest.raises(NotInstalled, match="FileNotFoundError"):
        python_with("dj-stripe==0")
