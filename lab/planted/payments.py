"""Bugs in the path of a payment: the page, the notice, the charge, the fee, the refund."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from lab.planted.bug import Bugs, module_of, swap
from reglo.ports import ids

BUGS = Bugs()
SNAPSHOT = "reglo.payments.services.apply_snapshot"
BOOKING = "reglo.payments.services.booking"
REFUND = "reglo.payments.services.record_refund"
RECORD = "reglo.payments.services.record_payment"
EVENT = "reglo.payments.services.apply_event"
START = "reglo.payments.services.start_payment"


@BUGS.plant("A payment is keyed by the page it came from, not by its charge: told twice, it is booked twice.")
def keyed_by_the_page() -> Any:
    from dataclasses import replace

    honest = module_of(SNAPSHOT)._apply_facts

    def apply(attempt: Any, invoices: Any, snapshot: Any, now: Any) -> bool:
        if snapshot.ref.kind == "checkout.session":
            payments = tuple(replace(fact, id=snapshot.ref.id) for fact in snapshot.payments)
            snapshot = replace(snapshot, payments=payments, refunds=())
        changed: bool = honest(attempt, invoices, snapshot, now)
        return changed

    return swap(SNAPSHOT, "_apply_facts", apply)


@BUGS.plant("What was settled before is not looked at: money settles more than is owed.")
def over_allocation() -> Any:
    return swap(BOOKING, "settled_by_allocations", lambda invoice: 0)


@BUGS.plant("Half of a payment is allocated a cent short, without a trace in the settlement.")
def settlement_a_cent_off() -> Any:
    honest = module_of(BOOKING).apply_settlement

    def apply(*, settled_minor: int, **given: Any) -> None:
        honest(settled_minor=max(settled_minor - 1, 0), **given)

    return swap(BOOKING, "apply_settlement", apply)


@BUGS.plant("Documents are not told what a payment settled.")
def settling_forgotten() -> Any:
    return swap(SNAPSHOT, "settle", lambda invoice, now: None)


@BUGS.plant("Earlier refunds are not counted: a second one takes back too little of what was settled.")
def refund_capped_wrong() -> Any:
    honest = module_of(REFUND).release

    class Blind:
        """A payment whose other refunds nobody sees."""

        def __init__(self, payment: Any) -> None:
            self._payment = payment
            self.refunds = payment.refunds.none()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._payment, name)

    def release(payment: Any, invoices: Any, **given: Any) -> Any:
        with swap(BOOKING, "_write", lambda blind, *rest: writes(payment, *rest)):
            return honest(Blind(payment), invoices, **given)

    writes = module_of(BOOKING)._write
    return swap(REFUND, "release", release)


@BUGS.plant("A refund that is only asked for is booked as made.")
def refund_booked_too_early() -> Any:
    honest = module_of(REFUND).RefundState

    class Hasty:
        SUCCEEDED = honest.SUCCEEDED

        def __new__(cls, value: str) -> Any:
            return honest("succeeded" if value == "pending" else value)

    return swap(REFUND, "RefundState", Hasty)


@BUGS.plant("The money of a refund that failed is not taken back into the books.")
def failed_refund_forgotten() -> Any:
    honest = module_of(REFUND)._book

    def book(payment: Any, refund: Any, invoices: Any, *, sign: int, now: Any) -> None:
        if sign < 0:
            honest(payment, refund, invoices, sign=sign, now=now)

    return swap(REFUND, "_book", book)


@BUGS.plant("The fee is posted each time it is told.")
def fee_posted_twice() -> Any:
    from reglo.ledger.services import post_entry
    from reglo.ledger.states import Journal
    from reglo.payments.accounting import fee_postings

    honest = module_of("reglo.payments.services.fill_fee").fill_fee

    def fill(*, payment: Any, fact: Any, payer: Any, now: datetime) -> None:
        if payment.fee_minor is None or fact.fee is None:
            honest(payment=payment, fact=fact, payer=payer, now=now)
            return
        post_entry(
            company_id=payment.company_id,
            journal=Journal.PROVIDER,
            entry_date=payment.paid_on,
            piece=payer.number,
            piece_date=payment.paid_on,
            label="Frais d'encaissement",
            source=f"fee:{payment.id}:{ids.new_uuid().hex[:8]}",
            postings=fee_postings(fact.fee.minor),
            now=now,
        )

    return swap(SNAPSHOT, "fill_fee", fill)


@BUGS.plant("A fee that is told after the money is not looked at.")
def late_fee_forgotten() -> Any:
    return swap(SNAPSHOT, "fill_fee", lambda **given: None)


@BUGS.plant("A new idempotency key at each call: an unanswered call opens a second page, whose money we never know.")
def key_not_reused() -> Any:
    from dataclasses import replace

    honest = module_of(START).attempt_value
    return swap(START, "attempt_value", lambda *given: replace(honest(*given), key=str(ids.new_uuid())))


@BUGS.plant("The same key comes back with another expiry: the house refuses it for ever.")
def key_with_other_words() -> Any:
    from dataclasses import replace

    from reglo.ports import clock

    honest = module_of(START).attempt_value

    def value(*given: Any) -> Any:
        return replace(honest(*given), expires_at=clock.now() + timedelta(hours=12))

    return swap(START, "attempt_value", value)


@BUGS.plant("A page is closed in our books and stays open at the house: the document can be paid on two pages.")
def page_closed_here_only() -> Any:
    closing = "reglo.payments.services.close_attempt"
    silent = SimpleNamespace(cancel=lambda attempt: None)
    return swap(closing, "provider_of", lambda account: silent)


@BUGS.plant("A page for an amount that is no longer owed stays open.")
def outgrown_page_left_open() -> Any:
    return swap("reglo.payments.tasks", "close_outgrown_attempts", lambda event, now: None)


@BUGS.plant("A notice is marked as dealt with before it is.")
def dealt_with_too_early() -> Any:
    honest = module_of(EVENT).provider_of

    def provider_of(account: Any) -> Any:
        from reglo.payments.models import ProviderEvent

        ProviderEvent.objects.filter(account=account, state="received").update(state="applied")
        return honest(account)

    return swap(EVENT, "provider_of", provider_of)


@BUGS.plant("The hook answers 200 and stores with the next call: a crash between the two loses a notice.")
def acknowledged_before_stored() -> Any:
    hook = "reglo.hooks.views"
    honest, held = module_of(hook).receive_event, []

    def receive(**given: Any) -> int:
        held.append(given)
        return honest(**held.pop(0)) if len(held) > 1 else 0

    return swap(hook, "receive_event", receive)


@BUGS.plant("The sweep does not ask for what was never delivered.")
def sweep_that_forgets() -> Any:
    return swap("reglo.payments.services.sweep", "store_missed_events", lambda account, now: None)


@BUGS.plant("Tries that are pending are never asked about.")
def sweep_asks_nobody() -> Any:
    return swap("reglo.payments.services.sweep", "_ask_about", lambda attempt, now: None)


@BUGS.plant("A double click on a collection makes two.")
def collected_twice() -> Any:
    from reglo.payments.models import Payment

    module = "reglo.payments.services.record_collection"

    class Forgetful:
        """`objects.filter(id=…)` never finds what was already written, and a new row gets an id of its own."""

        class objects:  # noqa: N801 - as Django names it
            @staticmethod
            def filter(**given: Any) -> Any:
                return Payment.objects.none()

            @staticmethod
            def create(**given: Any) -> Any:
                return Payment.objects.create(**{**given, "id": ids.new_uuid()})

    return swap(module, "Payment", Forgetful)


@BUGS.plant("More is collected than is owed, without a word.")
def collected_too_much() -> Any:
    return swap("reglo.payments.services.record_collection", "_refuse", lambda *given: None)


@BUGS.plant("Undoing a collection forgets its entry.")
def undone_without_entry() -> Any:
    return swap("reglo.payments.services.undo_collection", "_reverse_entry", lambda *given: None)


@BUGS.plant("A document is looked up without its company.")
def any_company_will_do() -> Any:
    from reglo.invoicing.models import Invoice

    module = "reglo.payments.services.record_collection"

    def lock(*, company_id: int, invoice_id: int) -> Any:
        return Invoice.objects.select_for_update(of=("self",)).get(id=invoice_id)

    return swap(module, "lock_invoice", lock)
