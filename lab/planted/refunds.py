"""Bugs in the way back of a payment: the order, its key, its cap, its fact."""

from dataclasses import replace
from typing import Any

from lab.planted.bug import Bugs, module_of, swap
from reglo.ports import ids

BUGS = Bugs()
ORDER = "reglo.payments.services.refund_payment"
SEND = "reglo.payments.services.send_refund"
FACT = "reglo.payments.services.record_refund"
SWEEP = "reglo.payments.services.sweep"


@BUGS.plant("The provider is called with a key that was not committed first: unanswered, it is never found again.")
def refund_key_not_committed() -> Any:
    honest = module_of(SEND).refund_value
    return swap(SEND, "refund_value", lambda refund: replace(honest(refund), key=str(ids.new_uuid())))


@BUGS.plant("What is left is not looked at under the lock: two people who saw the same page both give it back.")
def refund_cap_not_under_lock() -> Any:
    return swap(ORDER, "_refuse", lambda offer, order: None)


@BUGS.plant("The fact of our own refund does not meet its order: one refund, two rows.")
def refund_made_twice_of_one() -> Any:
    from reglo.payments.models import Refund

    def known(payment: Any, fact: Any) -> Any:
        return Refund.objects.filter(account=payment.account, external_id=fact.id).first()

    return swap(FACT, "_known", known)


@BUGS.plant("A refund whose answer was lost is called failed: the seller is told that nothing left, and it left.")
def refund_unknown_is_failed() -> Any:
    from reglo.payments.providers.contract import Unknown
    from reglo.payments.services.send_refund import give_up_refund

    honest = module_of(ORDER).send_refund

    def send(*, refund_id: Any, now: Any) -> Any:
        try:
            return honest(refund_id=refund_id, now=now)
        except Unknown:
            return give_up_refund(refund_id=refund_id, failure="unknown", now=now)

    return swap(ORDER, "send_refund", send)


@BUGS.plant("An order that was never answered is never asked about again.")
def refund_asked_about_by_nobody() -> Any:
    from reglo.payments.models import Refund

    return swap(SWEEP, "refunds_under_way", lambda account: Refund.objects.none())
