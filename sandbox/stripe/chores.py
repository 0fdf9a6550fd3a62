"""Work that falls due by the passing of time: fees told, refunds ended, banks that answer, payouts that arrive."""

from collections.abc import Callable

from sandbox.stripe import charges, paying, payment_pages, payouts, refunds, reversals
from sandbox.stripe.calls import Call


def settle(call: Call, charge: str) -> None:
    charges.settle(call, charge)


def answer_debit(call: Call, name: str) -> None:
    """As the test IBAN says, unless it was answered by hand before."""
    intent = call.get("payment_intent", name, param="intent")
    if intent["status"] == "processing":
        payment_pages.end_debit(call, intent, failure=paying.bank_answer(intent))


WORK: dict[str, Callable[[Call, str], None]] = {
    "settle": settle,
    "debit": answer_debit,
    "reversal": reversals.take_back,
    "succeed_refund": refunds.succeed,
    "fail_refund": refunds.fail,
    **payouts.CHORES,
}
#: What "deliver now" hurries; the rest keeps its days.
HURRIED = ("settle", "succeed_refund", "fail_refund")
