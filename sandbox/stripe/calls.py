"""One request to the API: who asks, for which account, in which mode, with which version."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.stripe import objects
from sandbox.stripe.errors import missing
from sandbox.stripe.objects import Json
from sandbox.world import World

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class Call:
    world: World
    db: sqlite3.Connection
    now: int
    account: str
    livemode: bool
    #: This server as the caller reached it, e.g. "http://127.0.0.1:8100"; hosted pages are under it.
    base_url: str
    #: The version header as sent; None for a versionless client.
    version: str | None = None
    request_id: str | None = None
    idempotency_key: str | None = None
    #: The platform that acts for the account, else None.
    application: str | None = None
    #: The account whose key was used: the platform's own where it acts for another.
    key_account: str = ""

    def find(self, kind: str, name: str) -> Json | None:
        return objects.find(self.db, name, account=self.account, livemode=self.livemode, kind=kind)

    def get(self, kind: str, name: str, *, param: str, status: int = 404) -> Json:
        body = self.find(kind, name)
        if body is None:
            raise missing(kind, name, param=param, status=status)
        return body

    def add(self, body: Json) -> Json:
        return objects.add(self.db, self.account, self.livemode, body)

    def save(self, body: Json) -> Json:
        return objects.save(self.db, body)

    def every(self, kind: str, **where: Any) -> list[Json]:
        return objects.every(self.db, kind, account=self.account, livemode=self.livemode, **where)

    @property
    def mode(self) -> str:
        return "live" if self.livemode else "test"

    def is_versioned(self) -> bool:
        """Whether the caller asked for the version we play; a versionless caller keeps older habits."""
        return self.version == API_VERSION
