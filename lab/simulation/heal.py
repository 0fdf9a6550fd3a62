"""The storm ends: clocks are right, the house and the mail server answer, every notice is delivered, workers run."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from unittest import mock

from django.conf import settings

from lab import invariants
from lab.invariants.books import Books
from lab.simulation.actions import deliverer
from lab.simulation.actions.administrator import accounts
from lab.simulation.stage import Stage
from reglo.events import worker
from reglo.events.queue import retry_parked
from reglo.events.schedule import Periodic
from reglo.payments.services import check_account
from reglo.ports import clock

NO_SCHEDULE: Sequence[Periodic] = ()
LONGEST_WAIT = timedelta(hours=2)  # more than any delay between two tries
ROUNDS = 12


def heal(stage: Stage, *, days: int = 3) -> list[str]:
    """What is still wrong once everything had its time to get right."""
    draw = random.Random("healing")
    stage.draw, stage.provider.draw = draw, draw
    stage.draw_ids(random.Random("ids healing").randbytes)
    stage.crasher.arm(None)
    _end_the_storm(stage)
    with _without_sweep():
        _settle_down(stage)
    if complaints := _told(stage):
        return complaints
    for _ in range(days):
        stage.outside.clock.let_pass(timedelta(hours=25))
        stage.outside.house.expire_old_pages(now=stage.outside.clock.true, draw=draw)
        _settle_down(stage)
    everything = (*invariants.ALWAYS, *invariants.HEALED)
    return [*stage.faults, *_check(stage, everything)]


def _end_the_storm(stage: Stage) -> None:
    house = stage.outside.house
    stage.outside.clock.set_right()
    house.trouble.clear()
    stage.outside.mail.trouble.clear()
    stage.meanwhile.forget()
    for account in house.accounts.values():
        account.key_works = True
    for company_id, account_id in accounts(stage):
        check_account(company_id=company_id, account_id=account_id, now=clock.now())
    for page in house.pages.values():
        if page.state == "processing":
            house.end_debit(page, succeeds=True, now=stage.outside.clock.true, draw=stage.draw)


def _settle_down(stage: Stage) -> None:
    """Deliver, work, press *Réessayer*, wait; until nothing is left to do."""
    for _ in range(ROUNDS):
        for notice in stage.outside.house.waiting():
            deliverer.carry(stage, notice)
        worker.run_until_idle()
        if not stage.rows("SELECT 1 FROM events_reaction WHERE state <> 'done' LIMIT 1"):
            return
        for company_id, reaction_id in stage.rows(
            "SELECT e.company_id, r.id FROM events_reaction r JOIN events_event e ON e.id = r.event_id"
            " WHERE r.state = 'parked' ORDER BY r.id"
        ):
            retry_parked(reaction_id=reaction_id, company_id=company_id, now=clock.now())
        stage.outside.clock.let_pass(LONGEST_WAIT)


def _told(stage: Stage) -> list[str]:
    """L3: where nothing was dropped, the books are complete before any sweep."""
    if any(notice.abandoned for notice in stage.outside.house.notices.values()):
        return []
    return [f"L3: without the sweep, {sentence}" for sentence in _check(stage, invariants.TOLD)]


def _check(stage: Stage, which: tuple[invariants.Invariant, ...]) -> list[str]:
    return invariants.complaints(which, Books(stage.rows, stage.log.lines), stage.outside, stage.memory)


def _without_sweep() -> Any:
    return mock.patch.object(settings, "SCHEDULE", f"{__name__}.NO_SCHEDULE")
