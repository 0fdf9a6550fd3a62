"""What every part of the sandbox is handed: the books, the time, and a way to wake the courier."""

import threading
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.store import Store


@dataclass
class World:
    store: Store
    clock: Clock
    #: Set when something new waits for the courier.
    bell: threading.Event = field(default_factory=threading.Event)
    #: Where the mailbox listens, for the pages that say so.
    smtp_port: int = 0

    def switch(self, name: str) -> str | None:
        with self.store.transaction() as db:
            row = db.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else None

    def set_switch(self, name: str, value: str | None) -> None:
        with self.store.transaction() as db:
            db.execute("DELETE FROM switches WHERE name = ?", (name,))
            if value is not None:
                db.execute("INSERT INTO switches (name, value) VALUES (?, ?)", (name, value))
