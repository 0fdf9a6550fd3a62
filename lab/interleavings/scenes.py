"""The scenes: three people, processes or workers who do to the same rows what the doors and reactions do."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from lab.interleavings.baton import Act, Session
from lab.interleavings.scene import (
    GROSS,
    NOW,
    Scene,
    Stage,
    by_hand_once,
    money_is_booked_once,
    new_company,
    numbers_follow,
    pages_are_ours,
    settled_as_paid,
    start,
)
from reglo.events import queue
from reglo.events.models import Reaction
from reglo.events.reactions import react
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import issue_invoice
from reglo.payments.models import Payment, PaymentAttempt, ProviderEvent
from reglo.payments.providers.contract import Retryable
from reglo.payments.queries import endpoint_of
from reglo.payments.services import (
    CollectionAlreadyUndone,
    CollectionOutOfBounds,
    NothingToCollect,
    NotPayable,
    PaymentsUnderWay,
    apply_event,
    close_attempt,
    disconnect_account,
    record_collection,
    refresh_attempt,
    undo_collection,
)
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.states import Method
from reglo.ports import ids
from reglo.verify.books import Books
from tests.factories import make_draft

Maker = Callable[[Stage, Random], Scene]
FULL = (NothingToCollect, CollectionOutOfBounds)
OUT_OF_REACH = (NotPayable, Retryable, PaymentsUnderWay)

_ATTEMPTS = "SELECT COUNT(*) FROM payments_attemptline WHERE invoice_id = {invoice}"
_STATE = "SELECT state FROM payments_paymentattempt WHERE CAST(id AS TEXT) = '{attempt}'"
_REACTIONS = "SELECT id, state, fence, attempts FROM events_reaction WHERE id IN ({ids}) ORDER BY id"


def collect(invoice: Invoice, minor: int, method: Method = Method.CHEQUE, payment_id: UUID | None = None) -> UUID:
    payment = record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=minor,
        method=method,
        collected_on=NOW.date(),
        now=NOW,
        payment_id=payment_id,
    )
    return payment.id


def told(stage: Stage, attempt: PaymentAttempt, name: str = "") -> None:
    """The provider calls, and the reaction applies."""
    endpoint = endpoint_of(stage.account)
    assert endpoint is not None, "a connected account has its endpoint"
    nudge = stage.till.nudge(str(attempt.id), name=name)
    store_nudge(endpoint=endpoint, account=stage.account, nudge=nudge, now=NOW)
    event = ProviderEvent.objects.get(endpoint=endpoint, event_id=nudge.event_id)
    apply_event(provider_event_id=event.id, now=NOW)


def answers(sessions: Sequence[Session], kind: type[Any]) -> list[Any]:
    return [session.answer for session in sessions if isinstance(session.answer, kind)]


def same_payment_confirmed(stage: Stage, random: Random) -> Scene:
    """The return page, the sweep and the notification learn of one payment at once."""
    invoice = stage.invoice()
    attempt = start(invoice)
    stage.till.pay(str(attempt.id))
    ask = partial(refresh_attempt, attempt_id=attempt.id, now=NOW)

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from money_is_booked_once(books, stage.till, [attempt])
        yield from settled_as_paid(books, invoice)

    return Scene([ask, ask, partial(told, stage, attempt)], check)


def cheque_and_card(stage: Stage, random: Random) -> Scene:
    """A card pays all while two clerks note a cheque and a transfer."""
    invoice = stage.invoice()
    attempt = start(invoice)
    stage.till.pay(str(attempt.id))

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from money_is_booked_once(books, stage.till, [attempt])
        yield from by_hand_once(books, invoice, set(answers(sessions, UUID)))
        yield from settled_as_paid(books, invoice)

    return Scene(
        [
            partial(refresh_attempt, attempt_id=attempt.id, now=NOW),
            partial(collect, invoice, GROSS),
            partial(collect, invoice, 50_00, Method.TRANSFER),
        ],
        check,
        FULL,
    )


def double_finalise(stage: Stage, random: Random) -> Scene:
    """*Finaliser* pressed three times; sometimes it is the first invoice of the company."""
    company = new_company()[0] if random.random() < 0.3 else stage.company
    draft = make_draft(company, now=NOW)
    issue = partial(issue_invoice, company_id=company.id, invoice_id=draft.id, now=NOW)

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from numbers_follow(books, company)
        numbers = {invoice.number for invoice in answers(sessions, Invoice)}
        if len(numbers) != 1:
            yield f"one draft was issued as {sorted(map(str, numbers))}"

    return Scene([issue] * 3, check)


def finalise_in_one_series(stage: Stage, random: Random) -> Scene:
    """Three invoices of one company; sometimes its first ones."""
    company = new_company()[0] if random.random() < 0.3 else stage.company
    drafts = [make_draft(company, now=NOW) for _ in range(3)]

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from numbers_follow(books, company)
        if len({invoice.number for invoice in answers(sessions, Invoice)}) != 3:
            yield "three drafts, and not three numbers"

    acts = [partial(issue_invoice, company_id=company.id, invoice_id=draft.id, now=NOW) for draft in drafts]
    return Scene(acts, check)


def two_tabs(stage: Stage, random: Random) -> Scene:
    """*Payer* in three tabs: one attempt, one page."""
    invoice = stage.invoice()

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        pages = {attempt.redirect_url for attempt in answers(sessions, PaymentAttempt)}
        [(attempts,)] = books.rows(_ATTEMPTS.format(invoice=invoice.id))
        if (len(pages), attempts) != (1, 1):
            yield f"three tabs, {attempts} attempts, {len(pages)} pages"
        yield from pages_are_ours(books, stage.till, sorted(pages))

    return Scene([partial(start, invoice)] * 3, check)


def page_and_cheque(stage: Stage, random: Random) -> Scene:
    """*Payer* is pressed while clerks note parts, and the worker closes what no longer fits."""
    invoice = stage.invoice()

    def note(minor: int) -> UUID:
        payment_id = collect(invoice, minor)
        work(Reaction.objects.filter(event__subject_id=str(payment_id)))
        return payment_id

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        given = [attempt.redirect_url for attempt in answers(sessions, PaymentAttempt)]
        yield from pages_are_ours(books, stage.till, given)
        yield from by_hand_once(books, invoice, set(answers(sessions, UUID)))

    others: list[Act] = [partial(start, invoice), partial(note, 10_00)]
    acts: list[Act] = [partial(start, invoice), partial(note, 20_00), random.choice(others)]
    return Scene(acts, check, (NotPayable, Retryable))


def work(reactions: Any) -> None:
    """A worker's turn for these reactions."""
    for reaction in reactions.order_by("id"):
        react(reaction.name, [reaction.event], NOW)


def collection_and_close(stage: Stage, random: Random) -> Scene:
    """The payer pays, the worker closes the page, a clerk notes a cheque."""
    invoice = stage.invoice()
    attempt = start(invoice)

    def pay() -> None:
        stage.till.pay(str(attempt.id))
        refresh_attempt(attempt_id=attempt.id, now=NOW)

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from money_is_booked_once(books, stage.till, [attempt])
        yield from by_hand_once(books, invoice, set(answers(sessions, UUID)))
        yield from settled_as_paid(books, invoice)
        yield from pages_are_ours(books, stage.till, [attempt.redirect_url])
        [(state,)] = books.rows(_STATE.format(attempt=attempt.id))
        expected = "paid" if f"ch_{attempt.id}" in stage.till.charges() else "canceled"
        if state not in {expected, "expired"} or (state == "expired" and expected == "paid"):
            yield f"the attempt is {state}, at the till {expected}"

    return Scene(
        [partial(collect, invoice, GROSS), partial(close_attempt, attempt_id=attempt.id, now=NOW), pay],
        check,
        FULL,
        settled=partial(refresh_attempt, attempt_id=attempt.id, now=NOW),
    )


def refund_and_undo(stage: Stage, random: Random) -> Scene:
    """A card payment is given back while a cheque is undone, and another noted."""
    invoice = stage.invoice()
    cheque = collect(invoice, 40_00)
    attempt = start(invoice)
    stage.till.pay(str(attempt.id))
    refresh_attempt(attempt_id=attempt.id, now=NOW)
    stage.till.give_back(str(attempt.id), random.choice([30_00, 80_00]))

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from money_is_booked_once(books, stage.till, [attempt])
        undone = {payment.reverses_id for payment in answers(sessions, Payment)}
        yield from by_hand_once(books, invoice, {cheque, *answers(sessions, UUID)} - undone)
        yield from settled_as_paid(books, invoice)

    undo = partial(undo_collection, company_id=invoice.company_id, payment_id=cheque, reason="Rejeté", now=NOW)
    third: Act = undo if random.random() < 0.5 else partial(collect, invoice, 25_00)
    refusals = (*FULL, CollectionAlreadyUndone)
    return Scene([partial(told, stage, attempt, "refund"), undo, third], check, refusals)


def double_click_on_a_collection(stage: Stage, random: Random) -> Scene:
    """One form sent three times, its payment's id drawn once."""
    invoice = stage.invoice()
    payment_id = ids.new_uuid()

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from by_hand_once(books, invoice, {payment_id})
        yield from settled_as_paid(books, invoice)

    return Scene([partial(collect, invoice, 30_00, Method.TRANSFER, payment_id)] * 3, check)


def disconnect_while_paying(stage: Stage, random: Random) -> Scene:
    """The seller disconnects the account while two tabs open a page."""
    company, account = new_company()
    invoice = Stage.invoice_of(company)

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        given = [attempt.redirect_url for attempt in answers(sessions, PaymentAttempt)]
        yield from pages_are_ours(books, stage.till, given)

    leave = partial(disconnect_account, company_id=company.id, account_id=account.id, now=NOW)
    return Scene(
        [partial(start, invoice), partial(start, invoice), leave], check, (NotPayable, Retryable, PaymentsUnderWay)
    )


def workers_on_one_reaction(stage: Stage, random: Random) -> Scene:
    """Two workers on the reactions of one payment; a third had one before, and its lease is over."""
    collect(stage.invoice(), 10_00)
    queued = list(Reaction.objects.exclude(state="done").order_by("id").values_list("id", flat=True))
    [lost] = queue.claim(now=NOW)
    assert lost.lease_until is not None, "claimed for a while"
    Reaction.objects.filter(id=lost.id).update(lease_until=lost.lease_until - queue.LEASE - timedelta(seconds=9))

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        for identifier, state, fence, attempts in books.rows(_REACTIONS.format(ids=", ".join(map(str, queued)))):
            late = sessions[2].answer == 1
            expected = 2 if identifier == lost.id and not late else 1
            if (state, fence, attempts) != ("done", expected, expected):
                yield f"reaction {identifier} is {state} after {attempts} claims, fence {fence}"

    return Scene([run_until_idle, run_until_idle, partial(queue.finish, [lost], now=NOW)], check)


def seal_and_write(stage: Stage, random: Random) -> Scene:
    """Events are sealed while two clerks write some: none is left between two blocks (`reglo verify` reads them)."""
    first, draft = stage.invoice(), make_draft(stage.company, now=NOW)

    def check(books: Books, sessions: Sequence[Session]) -> Iterator[str]:
        yield from numbers_follow(books, stage.company)
        [(left,)] = books.rows(
            "SELECT COUNT(*) FROM events_event WHERE id > (SELECT COALESCE(MAX(last_event_id), 0) FROM events_seal)"
        )
        if left:
            yield f"{left} events are left unsealed in a quiet moment"

    return Scene(
        [
            partial(seal_events, now=NOW),
            partial(collect, first, 10_00),
            partial(issue_invoice, company_id=draft.company_id, invoice_id=draft.id, now=NOW),
        ],
        check,
        settled=partial(seal_events, now=NOW),
    )


SCENES: tuple[Maker, ...] = (
    same_payment_confirmed,
    cheque_and_card,
    double_finalise,
    finalise_in_one_series,
    two_tabs,
    page_and_cheque,
    collection_and_close,
    refund_and_undo,
    double_click_on_a_collection,
    disconnect_while_paying,
    workers_on_one_reaction,
    seal_and_write,
)
