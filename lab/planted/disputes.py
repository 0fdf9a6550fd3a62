"""Bugs in the path of a dispute: what the bank says, the funds, the document, the owner's choice."""

from typing import Any

from lab.planted.bug import Bugs, module_of, swap

BUGS = Bugs()
RECORD = "reglo.payments.services.record_dispute"
BOOKING = "reglo.payments.services.booking"
DECIDE = "reglo.payments.services.decide_loss"


@BUGS.plant("The money of a dispute is booked when it is told, and not when its funds move: an inquiry takes money.")
def taken_when_told() -> Any:
    from reglo.money import Money
    from reglo.payments.providers.facts import DisputeMove

    honest = module_of(RECORD)._open

    def opened(payment: Any, payer: Any, fact: Any, now: Any) -> Any:
        dispute = honest(payment, payer, fact, now)
        if not fact.moves:
            dispute.payment = payment
            invented = DisputeMove(f"told:{fact.id}", -fact.money, Money(0, fact.money.currency), fact.at)
            module_of(RECORD).record_dispute_move(dispute=dispute, invoices=[payer], fact=invented, now=now)
        return dispute

    return swap(RECORD, "_open", opened)


@BUGS.plant("Funds that are given back are not looked at: a dispute that is won leaves the invoice contested.")
def reinstatement_dropped() -> Any:
    honest = module_of(RECORD).record_dispute_move

    def record(*, fact: Any, **given: Any) -> Any:
        return honest(fact=fact, **given) if fact.money.minor < 0 else None

    return swap(RECORD, "record_dispute_move", record)


@BUGS.plant(
    "A document is not told that its money is contested: the customer is asked, and the seller believes it paid."
)
def contested_and_hidden() -> Any:
    return swap(BOOKING, "disputed_on", lambda invoice: 0)


@BUGS.plant("A page that was open when the money was taken back stays open: a disputed invoice is paid again.")
def disputed_and_payable() -> Any:
    honest = module_of("reglo.payments.tasks").close_outgrown_attempts

    def close(*, event: Any, now: Any) -> None:
        if not event.kind.startswith("dispute."):
            honest(event=event, now=now)

    return swap("reglo.payments.tasks", "close_outgrown_attempts", close)


@BUGS.plant("The choice after a loss is kept and not booked: the disputed account is never even again.")
def chosen_and_not_booked() -> Any:
    return swap(DECIDE, "carry_loss", lambda **given: None)
