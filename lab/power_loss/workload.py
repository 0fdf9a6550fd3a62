"""A day of an installation, through the product's own verbs, noted as the statements that its database saw.

A verb that returns acknowledges facts: from then on somebody may hold a numbered invoice or a receipt.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.db import connection

from lab.power_loss.card_provider import CardProvider, urls
from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import issue_invoice
from reglo.money import Money
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers import contract, facts, registry
from reglo.payments.services import (
    apply_snapshot,
    connect_account,
    propose_account,
    record_collection,
    start_payment,
    undo_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock, ids
from tests.factories import line, make_company, make_draft
from tests.harness.databases import SqliteDatabases
from tests.harness.frozen_clock import FrozenClock

INVOICES = 60  # enough pages for several checkpoints


@dataclass(frozen=True)
class Statement:
    """As the driver received it; `params` is None where it received none."""

    sql: str
    params: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Fact:
    """A row that must exist from here on, by the columns that no later step may change."""

    table: str
    columns: tuple[tuple[str, Any], ...]


@dataclass
class Recording:
    """`base` is the database file that the first step found."""

    base: Path
    steps: list[Statement | Fact] = field(default_factory=list)

    def acknowledge(self, table: str, **columns: Any) -> None:
        self.steps.append(Fact(table, tuple(columns.items())))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note every statement of Django's connection; the commits, which its cursors do not see, by the driver."""

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            assert not many, "a bulk insert is one statement"
            if params is None:
                self.steps.append(Statement(sql))
            else:
                text = context["cursor"].cursor.convert_query(sql)
                self.steps.append(Statement(text, tuple(_plain(value) for value in params)))
            return execute(sql, params, many, context)

        def end(sql: str) -> None:
            if sql in ("COMMIT", "ROLLBACK"):
                self.steps.append(Statement(sql))

        connection.ensure_connection()
        connection.connection.set_trace_callback(end)
        try:
            with connection.execute_wrapper(note):
                yield
        finally:
            connection.connection.set_trace_callback(None)


def record(folder: Path, seed: int) -> Recording:
    """The recorded day, on a migrated database made in `folder`; everything drawn follows from `seed`."""
    chance = random.Random(seed)
    databases = SqliteDatabases(folder)
    with clock.use(FrozenClock().now):
        databases.build()
        with ids.use(chance.randbytes):
            recording = record_here(folder, chance)
        databases.destroy()
    return recording


def record_here(folder: Path, chance: random.Random) -> Recording:
    """The day on the database that Django is connected to; its `base` is a copy in `folder`."""
    moment = FrozenClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    provider = cast(contract.Provider, CardProvider())  # the part of one that this day needs
    with clock.use(moment.now), registry.replace("stripe", provider):
        company = _open_shop()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        recording = Recording(folder / "base.sqlite3")
        shutil.copyfile(connection.settings_dict["NAME"], recording.base)
        day = _Day(company, recording, chance)
        with recording.listening():
            for number in range(INVOICES):
                day.work(number)
                moment.advance(minutes=3)
    return recording


def _open_shop() -> Company:
    """A company that may collect by card."""
    company = make_company(card_payments=True)
    proposed = propose_account(company=company, provider="stripe", secrets={"api_key": "rk"}, now=clock.now())
    connect_account(company_id=company.id, account_id=proposed.id, now=clock.now())
    return company


@dataclass
class _Day:
    company: Company
    recording: Recording
    chance: random.Random

    def work(self, number: int) -> None:
        """One invoice from its draft to whatever becomes of it."""
        invoice = self._issue()
        becomes = self.chance.choice(("paid by card", "collected", "undone", "left"))
        if becomes == "paid by card":
            self._pay_by_card(invoice)
        elif becomes != "left":
            self._collect(invoice, undone=becomes == "undone")
        if number % 10 == 9:
            self._seal()

    def _issue(self) -> Invoice:
        lines = [line(str(self.chance.randint(10, 400)), vat=self.chance.choice(("20", "10", "5.5")))] * 3
        draft = make_draft(self.company, lines=lines, card_allowed=True)
        self.recording.acknowledge("invoicing_invoice", id=draft.id)
        invoice = issue_invoice(company_id=self.company.id, invoice_id=draft.id, now=clock.now())
        self.recording.acknowledge(
            "invoicing_invoice",
            id=invoice.id,
            number=invoice.number,
            gross_minor=invoice.gross_minor,
            hash=invoice.hash,
        )
        self.recording.acknowledge("ledger_entry", source=f"invoice:{invoice.id}")
        return invoice

    def _collect(self, invoice: Invoice, *, undone: bool) -> None:
        payment = record_collection(
            company_id=self.company.id,
            invoice_id=invoice.id,
            amount_minor=self.chance.randint(1, invoice.gross_minor),
            method=Method.TRANSFER,
            collected_on=clock.now().date(),
            now=clock.now(),
        )
        self._acknowledge_payment(payment.id.hex, payment.amount_minor, invoice)
        self.recording.acknowledge("ledger_entry", source=f"payment:{payment.id}")
        if undone:
            mirror = undo_collection(
                company_id=self.company.id, payment_id=payment.id, reason="chèque refusé", now=clock.now()
            )
            self._acknowledge_payment(mirror.id.hex, -payment.amount_minor, invoice)

    def _pay_by_card(self, invoice: Invoice) -> None:
        attempt = start_payment(company_id=self.company.id, invoice_id=invoice.id, urls=urls, now=clock.now())
        self.recording.acknowledge("payments_paymentattempt", id=attempt.id.hex, external_id=attempt.external_id)
        apply_snapshot(account=attempt.account, snapshot=_charged(attempt), now=clock.now())
        self.recording.acknowledge(
            "payments_payment", external_id=f"ch_{attempt.id.hex}", amount_minor=invoice.gross_minor
        )
        self.recording.acknowledge("payments_allocation", invoice_id=invoice.id, amount_minor=invoice.gross_minor)

    def _acknowledge_payment(self, key: str, minor: int, invoice: Invoice) -> None:
        self.recording.acknowledge("payments_payment", id=key, amount_minor=minor)
        self.recording.acknowledge("payments_allocation", payment_id=key, invoice_id=invoice.id, amount_minor=minor)

    def _seal(self) -> None:
        sealed = seal_events(now=clock.now())
        assert sealed is not None, "ten invoices leave events to seal"
        self.recording.acknowledge("events_seal", hash=sealed.hash)


def _charged(attempt: PaymentAttempt) -> facts.Snapshot:
    money = Money(attempt.amount_minor, attempt.currency)
    fact = facts.PaymentFact(
        id=f"ch_{attempt.id.hex}",
        money=money,
        at=clock.now(),
        method=facts.Method.CARD,
        method_detail="Visa •••• 4242",
        fee=Money(25 + attempt.amount_minor // 70, attempt.currency),
        settled=money,
    )
    ref = facts.Ref("checkout.session", attempt.external_id or "")
    return facts.Snapshot(ref, False, str(attempt.id), facts.State.PAID, (fact,))


def _plain(value: Any) -> Any:
    """A parameter as any driver takes it: a decimal, as Django's driver writes it, an enumeration and a safe string are
    text."""
    if value is None or type(value) in (int, float, str, bytes):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, memoryview):
        return bytes(value)
    assert isinstance(value, str | Decimal), f"{type(value)} would not be replayed as it was written"
    return str(value)
