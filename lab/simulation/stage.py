"""What a schedule is played on: the founded books, the outside world, browsers, one process that may die."""

import copy
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation

from lab.crash import Crasher
from lab.databases import LabDatabases, laboratory
from lab.founding import found_world
from lab.invariants.memory import Memory
from lab.outside import Meanwhile, Outside, clock, mail_server
from lab.outside.mail_server import Mail
from lab.outside.provider import SimulatedProvider
from lab.simulation import quiet_press
from reglo.config.request_log import JsonFormatter
from reglo.payments.providers import registry
from reglo.ports import ids

Row = tuple[Any, ...]


@dataclass
class Browser:
    """One customer's browser: its cookies, the documents that it was shown, the payment pages that it was sent to."""

    customer: str  # the address to which his mails go
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost", SERVER_PORT="8000"))
    documents: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


class Stage:
    """`restore` puts everything back; what an action draws comes from `draw` alone, renewed at each step."""

    def __init__(self, engine: str, databases: LabDatabases, outside: Outside) -> None:
        self.engine = engine
        self.databases = databases
        self.meanwhile = Meanwhile()
        self.provider = SimulatedProvider(outside, self.meanwhile)
        self.crasher = Crasher()
        self.clock = clock.CurrentClock(outside.clock)
        self.log = Log()
        self.kept: dict[str, tuple[Outside, dict[str, Browser], Memory]] = {}
        self._begin(outside, {}, Memory())
        self.draw = Random(0)
        self.draw_ids(self.draw.randbytes)

    def draw_ids(self, source: Callable[[int], bytes]) -> None:
        """What the product's port of identifiers draws from."""
        self._bytes = source

    def random_bytes(self, length: int) -> bytes:
        return self._bytes(length)

    def _begin(self, outside: Outside, browsers: dict[str, Browser], memory: Memory) -> None:
        self.outside = self.provider.outside = outside
        self.clock.world = outside.clock
        self.browsers = browsers
        self.memory = memory
        self.faults: list[str] = []  # what an action saw and should not have
        self.log.lines.clear()
        self.meanwhile.forget()

    def take(self, mail: Mail) -> None:
        """The post office: the mail server takes it, and its answer travels."""
        self.outside.mail.take(mail)
        self.meanwhile.happen()

    def keep(self, name: str = "base") -> None:
        """Snapshot of the books and of everything around."""
        self.databases.snapshot(name)
        self.kept[name] = copy.deepcopy((self.outside, self.browsers, self.memory))

    def restore(self, name: str = "base") -> None:
        self.databases.restore(name)
        self._begin(*copy.deepcopy(self.kept[name]))

    def rows(self, sql: str) -> list[Row]:
        """Straight from the driver: nobody counts it, and it cannot crash."""
        connection.ensure_connection()
        driver: Any = connection.connection
        return list(driver.execute(sql).fetchall())

    def browser(self, customer: str, which: int = 0) -> Browser:
        return self.browsers.setdefault(f"{customer}/{which}", Browser(customer))


class Log(logging.Handler):
    """Everything that is logged, as the product writes it, kept for the invariants to read."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @contextmanager
    def instead_of_the_console(self) -> Iterator[None]:
        root = logging.getLogger()
        with mock.patch.object(root, "handlers", [self]), mock.patch.object(root, "level", logging.INFO):
            yield


@contextmanager
def staged(engine: str) -> Iterator[Stage]:
    """A stage with its base world founded and kept."""
    outside = Outside()
    with ExitStack() as stack:
        # Django's `setup_test_environment`, where it was called, keeps the mails for itself.
        stack.enter_context(mock.patch.object(settings, "EMAIL_BACKEND", mail_server.BACKEND))
        stack.enter_context(translation.override("fr"))
        meanwhile = Meanwhile()
        founding = SimulatedProvider(outside, meanwhile)
        world = clock.CurrentClock(outside.clock)
        stack.enter_context(clock.in_charge(world))
        stack.enter_context(quiet_press.in_charge())
        with registry.replace("stripe", founding), mail_server.in_charge(outside.mail):
            databases = stack.enter_context(laboratory(engine, lambda: found_world(outside, founding)))
        stage = Stage(engine, databases, outside)
        stage.clock = world
        stack.enter_context(registry.replace("stripe", stage.provider))
        stack.enter_context(mail_server.in_charge(stage))
        stack.enter_context(ids.use(stage.random_bytes))
        stack.enter_context(stage.log.instead_of_the_console())

        stage.kept["base"] = copy.deepcopy((outside, {}, Memory()))
        stack.enter_context(stage.crasher.installed())
        yield stage
