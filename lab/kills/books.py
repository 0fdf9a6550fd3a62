"""What must hold after a death, read with raw SQL and compared with what was acknowledged and with the till."""

import fcntl
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection

from lab.kills.crowd import Crowd, Writer
from lab.scratch import address, books, unproved
from reglo.events.models import Reaction, ScheduledTask
from reglo.events.worker import run_until_idle
from reglo.ports import clock
from reglo.verify.books import Books

LOCK_SECONDS = 5.0
DEAD_FOR = timedelta(minutes=10)  # longer than any lease
LATER = timedelta(hours=2)  # longer than any delay between two tries

_ISSUED = """
SELECT id, number, hash, gross_minor, chain_position, previous_hash, series FROM invoicing_invoice
WHERE company_id = {company} AND status <> 'draft' ORDER BY chain_position
"""
_COUNTER = "SELECT last_number FROM invoicing_numbersequence WHERE company_id = {company}"
_PAYMENTS = """
SELECT CAST(p.id AS TEXT), COALESCE(p.external_id, ''), p.amount_minor,
  (SELECT COALESCE(SUM(a.amount_minor), 0) FROM payments_allocation a WHERE a.payment_id = p.id),
  (SELECT COUNT(*) FROM ledger_entry e WHERE e.source = 'payment:' || {source})
FROM payments_payment p
"""
# SQLite keeps a UUID as 32 digits; an entry's source has it with its hyphens.
_HYPHENS = "||'-'||".join(
    f"substr(CAST(p.id AS TEXT),{first},{length})" for first, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
_UNBALANCED = """
SELECT e.position, SUM(l.debit_minor - l.credit_minor) FROM ledger_entry e LEFT JOIN ledger_entryline l
ON l.entry_id = e.id GROUP BY e.id, e.position HAVING COALESCE(SUM(l.debit_minor - l.credit_minor), 1) <> 0
"""
_ENTRIES = "SELECT position, previous_hash, hash FROM ledger_entry WHERE company_id = {company} ORDER BY position"
_NUDGES = "SELECT event_id, state FROM payments_providerevent"
_WITHOUT_REACTIONS = """
SELECT e.id, e.kind, COUNT(r.id) FROM events_event e LEFT JOIN events_reaction r ON r.event_id = e.id
GROUP BY e.id, e.kind
HAVING COUNT(r.id) <> CASE e.kind WHEN 'invoice.issued' THEN 1 WHEN 'payment.recorded' THEN 2
WHEN 'provider.event_received' THEN 1 ELSE 0 END
"""
_NOT_DONE = "SELECT id, name, state, attempts, last_error FROM events_reaction WHERE state <> 'done'"
_NOT_PRINTED = """
SELECT number FROM invoicing_invoice i WHERE status <> 'draft'
AND NOT EXISTS (SELECT 1 FROM rendering_rendereddocument d WHERE d.invoice_id = i.id)
"""


@dataclass
class Ledger:
    crowd: Crowd

    def after_a_kill(self, victim: Writer) -> list[str]:
        """The kernel has freed what the dead one held, and somebody else can write."""
        faults = self.broken()
        if connection.vendor == "sqlite":
            faults += _lock_is_free(Path(f"{address()}.lock"), victim.pid)
        return faults

    def broken(self) -> list[str]:
        """Writers that ended by an error of their own."""
        broke = [told for told in self.crowd.acknowledged if told["kind"] == "broke"]
        return [f"the {told['trade']} broke: {told['error']}" for told in broke]

    def light(self) -> list[str]:
        """What holds at every instant, whoever is at work."""
        self.crowd.listen()
        acknowledged = list(self.crowd.acknowledged)
        with books() as opened:
            return [
                *self._invoices(opened, acknowledged),
                *self._payments(opened, acknowledged),
                *self._entries(opened),
                *(f"event {row[0]} ({row[1]}) has {row[2]} reactions" for row in opened.rows(_WITHOUT_REACTIONS)),
            ]

    def whole(self) -> list[str]:
        """What holds once the leases of the dead have ended and a worker has passed, all proofs included."""
        Reaction.objects.filter(state="running").update(lease_until=clock.now() - DEAD_FOR)
        ScheduledTask.objects.exclude(lease_until=None).update(lease_until=clock.now() - DEAD_FOR)
        later = clock.now() + LATER
        with clock.use(lambda: later):
            run_until_idle()
        faults = self.light()
        with books() as opened:
            faults += [f"reaction {row[0]} {row[1]} is {row[2]}: {row[4]}" for row in opened.rows(_NOT_DONE)]
            faults += [f"{number} was never printed" for (number,) in opened.rows(_NOT_PRINTED)]
            faults += [f"nudge {row[0]} is {row[1]}" for row in opened.rows(_NUDGES) if row[1] != "applied"]
            booked = {row[1] for row in opened.rows(_payments())}
            faults += [
                f"{charge} was paid at the till and never booked"
                for charge in self.crowd.till.charges().keys() - booked
            ]
            faults += unproved(opened)
        return faults

    def _invoices(self, opened: Books, acknowledged: list[dict[str, object]]) -> Iterator[str]:
        company = self.crowd.company.id
        rows = list(opened.rows(_ISSUED.format(company=company)))
        found = {row[0]: row[1:4] for row in rows}
        for told in acknowledged:
            if told["kind"] == "issued":
                expected = (told["number"], told["hash"], told["gross"])
                if found.get(told["id"]) != expected:
                    yield f"{told['number']} was acknowledged, and is {found.get(told['id'])}"
        before = ""
        for rank, (_id, number, hash_, _gross, position, previous, series) in enumerate(rows, start=1):
            if (number, position, previous) != (f"{series}{rank:04d}", rank, before):
                yield f"{number} at position {position} stands where {series}{rank:04d} should"
            before = hash_
        counters = [row[0] for row in opened.rows(_COUNTER.format(company=company))]
        if counters != ([len(rows)] if rows else []):
            yield f"the counter says {counters}, {len(rows)} invoices are issued"

    def _payments(self, opened: Books, acknowledged: list[dict[str, object]]) -> Iterator[str]:
        charges = self.crowd.till.charges()
        rows = list(opened.rows(_payments()))
        for _id, external, minor, _allocated, entries in rows:
            if external and charges.get(external) != minor:
                yield f"{external}: {minor} booked, {charges.get(external)} paid at the till"
            if entries != 1:
                yield f"a payment of {minor} has {entries} entries"
        for external, times in Counter(row[1] for row in rows if row[1]).items():
            if times > 1:
                yield f"{external} is booked {times} times"
        by_hand = {row[0].replace("-", ""): row[2:4] for row in rows if not row[1]}
        online = {row[1] for row in rows}
        nudges = {row[0] for row in opened.rows(_NUDGES)}
        for told in acknowledged:
            if told["kind"] == "collected" and by_hand.get(str(told["id"]).replace("-", "")) != (told["minor"],) * 2:
                yield f"the collection {told['id']} was acknowledged, and is not booked as it was"
            if told["kind"] == "applied" and f"ch_{told['key']}" not in online:
                yield f"the payment {told['key']} was acknowledged, and is not booked"
            if told["kind"] == "told" and told["event"] not in nudges:
                yield f"the notification {told['event']} was acknowledged, and is not kept"

    def _entries(self, opened: Books) -> Iterator[str]:
        yield from (f"entry {row[0]} is off by {row[1]}" for row in opened.rows(_UNBALANCED))
        before = ""
        rows = opened.rows(_ENTRIES.format(company=self.crowd.company.id))
        for rank, (position, previous, hash_) in enumerate(rows, start=1):
            if (position, previous) != (rank, before):
                yield f"entry {position} does not follow entry {rank - 1}"
            before = hash_


def _payments() -> str:
    return _PAYMENTS.format(source=_HYPHENS if connection.vendor == "sqlite" else "p.id")


def _lock_is_free(path: Path, dead: int) -> list[str]:
    """The writers' queue: no lock in the name of the dead, and the next in line gets it."""
    held = [line for line in Path("/proc/locks").read_text().splitlines() if line.split()[4] == str(dead)]
    if held:
        return [f"the dead still holds {held}"]
    end = time.monotonic() + LOCK_SECONDS
    with path.open("ab") as file:
        while time.monotonic() < end:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.001)
            else:
                return []
    return [f"nobody could take the write lock within {LOCK_SECONDS} s of the death"]
