from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from reglo.companies.models import Company
from reglo.events.kinds import Kind
from reglo.events.models import Event, Reaction
from reglo.events.record import record
from reglo.ports import clock as clock_port
from tests.events import wiring
from tests.harness.frozen_clock import FrozenClock


@pytest.fixture(autouse=True)
def own_wiring(settings: Any) -> None:
    """No reaction and no periodic task but those that a test lists."""
    for names in (wiring.REACTIONS, wiring.SCHEDULE, wiring.seen, wiring.seen_together, wiring.bad, wiring.ticks):
        names.clear()
    settings.REACTIONS = "tests.events.wiring.REACTIONS"
    settings.SCHEDULE = "tests.events.wiring.SCHEDULE"


@pytest.fixture
def happen(company: Company, clock: FrozenClock) -> Callable[..., Event]:
    """Record an event of the company, now, in a transaction."""
    Reaction.objects.all().delete()  # what the making of the company left to do

    def happen(kind: Kind = Kind.LINK_OPENED, **fields: Any) -> Event:
        with transaction.atomic():
            return record(kind=kind, company_id=company.id, subject=company, now=clock_port.now(), **fields)

    return happen
