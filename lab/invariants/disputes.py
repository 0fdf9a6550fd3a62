"""Disputes: the money that moved is the money that the house moved, and a contested document is not paid again."""

from collections import defaultdict
from collections.abc import Iterator

from lab.invariants.books import Books
from lab.invariants.memory import Memory
from lab.outside import Outside


def disputes_are_told(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I4: funds withdrawn and reinstated are the house's, once each; what is open stands on the disputed account."""
    made = {
        funds.id: (dispute.id, funds)
        for _page, charge in outside.house.charges()
        for dispute in charge.disputes
        for funds in dispute.funds
    }
    known = {own: external for own, external, *_rest in books.disputes}
    holds: dict[str, int] = defaultdict(int)
    for external, dispute, amount, fee, _company in books.dispute_moves:
        if external not in made:
            yield f"I4: funds {external} never moved"
            continue
        owner, funds = made[external]
        if (owner, funds.minor, funds.fee) != (known[dispute], amount, fee):
            yield f"I4: funds {external} of {funds.minor}, fee {funds.fee}, are booked as {amount}, fee {fee}"
        holds[dispute] -= funds.minor
    open_ones: dict[int, int] = defaultdict(int)
    for own, external, _payment, _state, company, outcome, withdrawn in books.disputes:
        if withdrawn != holds[own]:
            yield f"I4: dispute {external} holds {holds[own]}, booked as {withdrawn}"
        if not outcome:
            open_ones[company] += holds[own]
    for company in {company for company, _role, _auxiliary in books.accounts}:
        found = books.accounts.get((company, "disputed", ""), 0)
        if found != open_ones[company]:
            yield f"I4: {found} of {company} is disputed in the ledger, {open_ones[company]} by the house"


def disputed_is_shown(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """A document shows what a bank holds of the money that settles it, beyond what settles nothing; and no page asks
    for it once work is done."""
    refunded: dict[str, int] = defaultdict(int)
    for _id, _external, payment, state, amount in books.refunds:
        refunded[payment] += amount if state == "succeeded" else 0
    settles: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for payment, invoice, amount in books.allocations:
        settles[payment][invoice] += amount
    least: dict[int, int] = defaultdict(int)
    most: dict[int, int] = defaultdict(int)
    held_in_all = 0
    for _id, _external, payment, _state, _company, outcome, held in books.disputes:
        if held > 0 and not outcome:
            settled = settles[payment]
            beside = books.payments[payment].amount - refunded[payment] - sum(settled.values())
            part = max(0, min(held - max(0, beside), sum(settled.values())))
            held_in_all += part
            for invoice, amount in settled.items():  # several, where a surplus was given to another document
                most[invoice] += min(part, amount)
                least[invoice] += max(0, part - sum(settled.values()) + amount)
    shown: dict[int, int] = dict(books.rows("SELECT invoice_id, disputed_minor FROM invoicing_settlement"))
    for invoice, disputed in shown.items():
        if not least[invoice] <= disputed <= most[invoice]:
            bounds = f"{least[invoice]} to {most[invoice]}"
            yield f"I4: {disputed} of {invoice} is shown as disputed, a bank holds {bounds} of it"
    if sum(shown.values()) != held_in_all:
        yield f"I4: {sum(shown.values())} in all is shown as disputed, banks hold {held_in_all}"
    if any(name.endswith("close_outgrown_attempts") for name, *_rest in books.reactions):
        return
    for external, invoice in books.rows(
        "SELECT a.external_id, l.invoice_id FROM payments_paymentattempt a"
        " JOIN payments_attemptline l ON l.attempt_id = a.id WHERE a.external_id IS NOT NULL AND a.state = 'open'"
    ):
        if shown.get(invoice, 0) > 0 and outside.house.pages[external].state == "open":
            yield f"I10: page {external} asks for {invoice}, which is disputed"


def disputes_are_recorded(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L1: every dispute stands in the books as at the house, with all its funds."""
    states = {external: state for _id, external, _payment, state, *_rest in books.disputes}
    moved = {external for external, *_rest in books.dispute_moves}
    for _page, charge in outside.house.charges():
        for dispute in charge.disputes:
            if states.get(dispute.id) != dispute.standing:
                yield f"L1: dispute {dispute.id} is {dispute.standing}, booked as {states.get(dispute.id)}"
            for funds in dispute.funds:
                if funds.id not in moved:
                    yield f"L1: funds {funds.id} of {dispute.id} moved, and are not booked"
