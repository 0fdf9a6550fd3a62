"""Three writers and a worker at work, killed and started again; what they acknowledged is heard here."""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Self

from django.db import connections
from django.utils.module_loading import import_string

from lab.kills.writers import TRADES, Trade, urls
from lab.scratch import die_with_parent
from lab.till import Till
from reglo.companies.models import Company
from reglo.config.reactions import REACTIONS
from reglo.payments.providers import registry
from reglo.payments.services import connect_account, propose_account, refresh_attempt, start_payment
from reglo.ports import clock
from tests.factories import make_company, make_customer, make_issued
from tests.harness.racing import FORK

SHORTEST, LONGEST = 0.080, 0.450  # seconds of work between two kills


@dataclass
class Writer:
    trade: str
    process: BaseProcess
    ear: int
    heard: bytes = b""

    @property
    def pid(self) -> int:
        assert self.process.pid is not None, "started"
        return self.process.pid


@dataclass
class Crowd:
    """`acknowledged` grows as the pipes are read. `reconnects`: see `Trade`."""

    seed: int
    reconnects: bool = False
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    writers: dict[str, Writer] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.random = Random(self.seed)
        self._folder = TemporaryDirectory(prefix="reglo_till_")
        self.till = Till(Path(self._folder.name), clock.now())
        self._stand_in = registry.replace("stripe", self.till)
        self._stand_in.__enter__()
        self.company = make_company()
        Company.objects.filter(id=self.company.id).update(card_payments=True)
        self.company.refresh_from_db()
        make_customer(self.company)
        now = clock.now()
        proposed = propose_account(company=self.company, provider="stripe", secrets={"api_key": "rk_lab"}, now=now)
        self.account = connect_account(company_id=self.company.id, account_id=proposed.id, now=now)
        self._warm_up()
        for trade in TRADES:
            self.start(trade)
        return self

    def _warm_up(self) -> None:
        """What a process builds once is built before the forks: they live for a second. Printing is not tried here: its
        threads would not be in the children."""
        for names in REACTIONS.values():
            for name in names:
                import_string(name)
        issued = make_issued(self.company, card_allowed=True)
        attempt = start_payment(company_id=self.company.id, invoice_id=issued.id, urls=urls, now=clock.now())
        self.till.pay(str(attempt.id))
        refresh_attempt(attempt_id=attempt.id, now=clock.now())

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._stand_in.__exit__(None, None, None)
        self._folder.cleanup()

    def start(self, trade: str) -> None:
        ear, mouth = os.pipe()
        os.set_blocking(ear, False)
        seed = self.random.getrandbits(64)
        connections.close_all()  # an open connection must not be shared
        process = FORK.Process(target=self._work, args=(trade, mouth, seed), daemon=True)
        process.start()
        os.close(mouth)
        self.writers[trade] = Writer(trade, process, ear)

    def _work(self, trade: str, mouth: int, seed: int) -> None:
        die_with_parent()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        known = Trade(self.company, self.account, self.till, mouth, Random(seed), self.reconnects)
        try:
            TRADES[trade](known)
        except Exception as error:  # noqa: BLE001 (told to the parent: it is a violation)
            traceback.print_exc(file=sys.stderr)
            known.say("broke", trade=trade, error=f"{type(error).__name__}: {error}"[:1000])
        os._exit(1)

    def work_a_while(self) -> None:
        """Let them work for a time drawn from the seed, listening."""
        end = time.monotonic() + self.random.uniform(SHORTEST, LONGEST)
        while (left := end - time.monotonic()) > 0:
            select.select([writer.ear for writer in self.writers.values()], [], [], left)
            self.listen()

    def kill_one(self) -> Writer:
        """SIGKILL to one of them, drawn from the seed; what it had said is heard first."""
        victim = self.writers.pop(self.random.choice(sorted(self.writers)))
        os.kill(victim.pid, signal.SIGKILL)
        victim.process.join()
        self._hear(victim)
        os.close(victim.ear)
        return victim

    def stop(self) -> None:
        """All of them at once, as a power switch would end processes."""
        while self.writers:
            self.kill_one()

    def listen(self) -> None:
        for writer in self.writers.values():
            self._hear(writer)

    def _hear(self, writer: Writer) -> None:
        while True:
            try:
                heard = os.read(writer.ear, 65536)
            except BlockingIOError:
                break
            if not heard:
                break
            *lines, writer.heard = (writer.heard + heard).split(b"\n")
            self.acknowledged += map(json.loads, lines)

    @property
    def told_so_far(self) -> str:
        kinds = Counter(told["kind"] for told in self.acknowledged)
        return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
