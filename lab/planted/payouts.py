"""Bugs in what leaves for the bank, and in what finds what nobody told."""

from typing import Any

from lab.planted.bug import Bugs, module_of, swap
from reglo.ports import ids

BUGS = Bugs()
PAYOUT = "reglo.payments.services.record_payout"


@BUGS.plant("A payout is booked each time that it is told to be paid: the bank account shows money that is not there.")
def payout_booked_twice() -> Any:
    honest = module_of(PAYOUT).post_entry

    def post(**given: Any) -> Any:
        if given["source"].startswith("payout:"):
            honest(**{**given, "source": f"payout:{ids.new_uuid()}"})
        return honest(**given)

    return swap(PAYOUT, "post_entry", post)


@BUGS.plant("A payout that the bank sent back stays on the bank account.")
def failed_payout_not_reversed() -> Any:
    return swap(PAYOUT, "_reverse", lambda payout, now: None)


@BUGS.plant("What was sold elsewhere is not looked at: more leaves the account of the house than ever came in.")
def sold_elsewhere_forgotten() -> Any:
    return swap(PAYOUT, "_post_line", lambda line, payout, now: None)


@BUGS.plant("The sweep keys a charge by the page it asked about: what a notice tells later is booked a second time.")
def swept_under_another_name() -> Any:
    from dataclasses import replace

    module = "reglo.payments.services.refresh_attempt"
    honest = module_of(module).apply_snapshot

    def apply(*, account: Any, snapshot: Any, now: Any) -> bool:
        payments = tuple(replace(fact, id=snapshot.ref.id) for fact in snapshot.payments)
        applied: bool = honest(account=account, snapshot=replace(snapshot, payments=payments, refunds=()), now=now)
        return applied

    return swap(module, "apply_snapshot", apply)
