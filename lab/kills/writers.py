"""The processes that are killed: each does one trade with the product's verbs, and says what was acknowledged.

A line goes up the pipe only after the verb has returned: what a customer, a clerk or a provider was told. Lines are
shorter than what a pipe takes whole (4,096 bytes), so that a death leaves none half written.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from lab.till import Till
from reglo.companies.models import Company
from reglo.events.worker import run_for_ever
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import issue_invoice
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import Retryable, Urls
from reglo.payments.queries import endpoint_of
from reglo.payments.services import (
    CollectionOutOfBounds,
    NothingToCollect,
    NotPayable,
    record_collection,
    refresh_attempt,
    start_payment,
)
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.states import BY_HAND, Method
from reglo.ports import clock, ids
from tests.factories import line, make_draft

T = TypeVar("T")
RECONNECT_SECONDS = 0.03
PACE = 0.08  # seconds between two invoices at most: each of them is printed, and printing takes the processor
PATIENCE = 30.0  # seconds that a database may be away


@dataclass(frozen=True)
class Trade:
    """What a writer knows: whose books, where the till is, and the pipe to say what was acknowledged.

    `reconnects`: the database itself is what dies, so a lost connection is opened again and the same act repeated.
    """

    company: Company
    account: ProviderAccount
    till: Till
    pipe: int
    random: Random
    reconnects: bool

    def say(self, kind: str, **facts: object) -> None:
        text = json.dumps({"kind": kind, **facts}) + "\n"
        assert len(text) < 4096, "written whole or not at all"
        os.write(self.pipe, text.encode())

    def surely(self, act: Callable[[], T]) -> T:
        """`act()`, repeated as it is while the connection is lost: the caller cannot know whether it committed."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except (OperationalError, InterfaceError):
                if not self.reconnects or time.monotonic() > end:
                    raise
                connection.close()
                time.sleep(RECONNECT_SECONDS)


def clerk(trade: Trade) -> None:
    """Writes invoices and issues them; one press in four is a double click."""
    while True:
        lines = [line(str(trade.random.randint(10, 400)), vat=trade.random.choice(["20", "10"]))]
        draft = trade.surely(partial(make_draft, trade.company, lines=lines, card_allowed=True, now=clock.now()))
        issue = partial(issue_invoice, company_id=trade.company.id, invoice_id=draft.id, now=clock.now())
        for _press in range(1 + (trade.random.random() < 0.25)):
            issued = trade.surely(issue)
            trade.say("issued", id=issued.id, number=issued.number, hash=issued.hash, gross=issued.gross_minor)
        time.sleep(trade.random.uniform(0, PACE))


def cashier(trade: Trade) -> None:
    """Notes what came by hand, in one or several parts; the form draws the payment's id once."""
    while True:
        invoice = trade.surely(partial(_owed, trade))
        if invoice is None:
            time.sleep(0.01)
            continue
        owed = invoice.remaining.minor
        collect = partial(
            record_collection,
            company_id=trade.company.id,
            invoice_id=invoice.id,
            amount_minor=owed if trade.random.random() < 0.5 else max(1, owed // 2),
            method=trade.random.choice([method for method in BY_HAND if method != Method.CASH]),
            collected_on=clock.now().date(),
            now=clock.now(),
            payment_id=ids.new_uuid(),
        )
        for _press in range(1 + (trade.random.random() < 0.25)):
            try:
                payment = trade.surely(collect)
            except (NothingToCollect, CollectionOutOfBounds):
                break  # a card was faster
            trade.say("collected", id=str(payment.id), invoice=invoice.id, minor=payment.amount_minor)


def payer(trade: Trade) -> None:
    """Pays by card: the till has the money first; the provider calls, the payer comes back, or both."""
    endpoint = endpoint_of(trade.account)
    assert endpoint is not None, "a connected account has its endpoint"
    while True:
        invoice = trade.surely(partial(_owed, trade))
        if invoice is None:
            time.sleep(0.01)
            continue
        press = partial(start_payment, company_id=trade.company.id, invoice_id=invoice.id, urls=urls, now=clock.now())
        try:
            attempt = trade.surely(press)
        except (NotPayable, Retryable):
            continue
        key = str(attempt.id)
        if not trade.till.pay(key):
            continue
        learnt = trade.random.choice([{"told"}, {"back"}, {"told", "back"}])
        if "told" in learnt:
            nudge = trade.till.nudge(key)
            store = partial(store_nudge, endpoint=endpoint, account=trade.account, nudge=nudge, now=clock.now())
            trade.surely(store)
            trade.say("told", event=nudge.event_id, key=key)
        if "back" in learnt:
            trade.surely(partial(refresh_attempt, attempt_id=attempt.id, now=clock.now()))
            trade.say("applied", key=key)


def worker(trade: Trade) -> None:
    """`reglo worker`, as it is."""
    run_for_ever(threading.Event())


def _owed(trade: Trade) -> Invoice | None:
    """One of the last invoices that still expect money, drawn by chance."""
    owing = Invoice.objects.filter(company_id=trade.company.id, status="issued", settlement__settled_at=None)
    latest = list(owing.select_related("settlement").order_by("-id")[:6])
    return trade.random.choice(latest) if latest else None


def urls(attempt: PaymentAttempt) -> Urls:
    return Urls(f"http://localhost:8000/retour/{attempt.id}", f"http://localhost:8000/annule/{attempt.id}")


TRADES: dict[str, Callable[[Trade], None]] = {"clerk": clerk, "cashier": cashier, "payer": payer, "worker": worker}
