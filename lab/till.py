"""A payment provider whose truth is a folder: it survives the death of whoever asked, and shares no table with us.

A page is a file; its one end, paid or closed, is another, created exclusively: two processes cannot end it twice.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from reglo.money import Money
from reglo.payments.providers import facts
from reglo.payments.providers.contract import (
    Account,
    AccountInfo,
    Attempt,
    Health,
    HookEndpoint,
    KeyReused,
    Mode,
    Nudge,
    RawRequest,
    Redirect,
    Secrets,
    TooLate,
    Urls,
)
from reglo.payments.providers.facts import PaymentFact, Ref, RefundFact, RefundStanding, Snapshot

PAGE, CHARGE = "cs_", "ch_"


class Till:
    key: ClassVar[str] = "stripe"

    def __init__(self, folder: Path, at: datetime, calling: Callable[[str], None] = lambda _: None) -> None:
        """`at` is when money moves; `calling(name)` is told of every call, before it is answered."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.at, self.calling = folder, at, calling

    # What the world does.

    def pay(self, key: str) -> str:
        """The payer pays the page of this attempt: the charge, "" where the page is closed or was never opened."""
        page = self._read(f"page-{key}")
        paid = page is not None and self._create(f"end-{key}", {"state": "paid", "minor": page["minor"]})
        return f"{CHARGE}{key}" if paid else ""

    def give_back(self, key: str, minor: int, name: str = "1") -> str:
        self._create(f"refund-{key}-{name}", {"minor": minor})
        return f"re_{key}_{name}"

    def charges(self) -> dict[str, int]:
        """Everything that was paid: charge → minor units."""
        ends = {path.stem.removeprefix("end-"): json.loads(path.read_text()) for path in self.folder.glob("end-*.json")}
        return {f"{CHARGE}{key}": end["minor"] for key, end in ends.items() if end["state"] == "paid"}

    def refunds(self) -> dict[str, int]:
        """Everything that was given back: refund → minor units."""
        found = {}
        for path in self.folder.glob("refund-*.json"):
            key, _, name = path.stem.removeprefix("refund-").rpartition("-")
            found[f"re_{key}_{name}"] = json.loads(path.read_text())["minor"]
        return found

    def open_pages(self) -> dict[str, int]:
        """What could be paid now: attempt → minor units."""
        keys = [path.stem.removeprefix("page-") for path in self.folder.glob("page-*.json")]
        return {key: self._read(f"page-{key}")["minor"] for key in keys if self._read(f"end-{key}") is None}

    # What we ask of it.

    def inspect(self, secrets: Secrets) -> AccountInfo:
        return AccountInfo(f"acct_{secrets['api_key']}", "Lab", "FR", Mode.TEST, (), "we_lab", "whsec_lab")

    def shares_endpoint(self, secrets: Secrets) -> bool:
        return False

    def connect(self, account: Account, endpoint_url: str) -> AccountInfo:
        return self.inspect(account.secrets)

    def check(self, account: Account, endpoint_url: str, now: datetime) -> Health:
        return Health((), endpoint_ok=True, clock_skew_seconds=0)

    def disconnect(self, account: Account) -> None:
        """Nothing is kept about who is connected."""

    def start(self, attempt: Attempt, urls: Urls) -> Redirect:
        self.calling("start")
        asked = {"minor": attempt.amount.minor, "reference": attempt.reference, "success": urls.success}
        if not self._create(f"page-{attempt.key}", asked) and self._read(f"page-{attempt.key}") != asked:
            raise KeyReused(attempt.key)
        return Redirect(f"https://till.test/{attempt.key}", self.attempt_ref(PAGE + attempt.key), attempt.expires_at)

    def complete(self, attempt: Attempt) -> None:
        """Nobody approves without paying here."""

    def cancel(self, attempt: Attempt) -> None:
        self.calling("cancel")
        if attempt.external_id:
            self._create(f"end-{attempt.key}", {"state": "closed"})
        end = self._read(f"end-{attempt.key}")
        if end is not None and end["state"] == "paid":
            raise TooLate

    def fetch(self, account: Account, ref: Ref) -> Snapshot:
        self.calling("fetch")
        key = ref.id.removeprefix(PAGE).removeprefix(CHARGE)
        end = self._read(f"end-{key}")
        page = self.attempt_ref(PAGE + key)
        if end is None:
            return Snapshot(page, False, key, facts.State.OPEN, redirect_url=f"https://till.test/{key}")
        if end["state"] == "closed":
            return Snapshot(page, False, key, facts.State.EXPIRED)
        money = Money(end["minor"], "EUR")
        fact = PaymentFact(
            id=f"{CHARGE}{key}",
            money=money,
            at=self.at,
            method=facts.Method.CARD,
            method_detail="Visa •••• 4242",
            fee=Money(25 + end["minor"] * 15 // 1000, "EUR"),
            settled=money,
        )
        refunds = tuple(self._refunds_of(key))
        return Snapshot(page, False, key, facts.State.PAID, payments=(fact,), refunds=refunds)

    def attempt_ref(self, external_id: str) -> Ref:
        return Ref("checkout.session", external_id)

    def read_hook(self, endpoint: HookEndpoint, raw: RawRequest, now: datetime) -> list[Nudge]:
        raise AssertionError("nobody calls the hook here: the till's nudges are stored as they are")

    def nudge(self, key: str, *, name: str = "") -> Nudge:
        """What it would tell of the charge of this attempt."""
        kind = "charge.succeeded" if not name else "charge.refunded"
        return Nudge(f"evt_{key}{name}", kind, Ref("charge", f"{CHARGE}{key}"), self.at, "")

    def _refunds_of(self, key: str) -> Iterator[RefundFact]:
        for path in sorted(self.folder.glob(f"refund-{key}-*.json")):
            name = path.stem.rpartition("-")[2]
            money = Money(json.loads(path.read_text())["minor"], "EUR")
            yield RefundFact(f"re_{key}_{name}", f"{CHARGE}{key}", money, self.at, RefundStanding.SUCCEEDED)

    def _create(self, name: str, content: dict[str, Any]) -> bool:
        """Whole or not at all, and once: False where it exists."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".new-") as file:
            json.dump(content, file)
            file.flush()
            try:
                os.link(file.name, self.folder / f"{name}.json")
            except FileExistsError:
                return False
        return True

    def _read(self, name: str) -> Any:
        try:
            return json.loads((self.folder / f"{name}.json").read_text())
        except FileNotFoundError:
            return None
