"""Payouts: what the house sent to the bank is what we booked, once, and it is explained to the cent."""

from collections.abc import Iterator

from lab.invariants.books import Books
from lab.invariants.memory import Memory
from lab.outside import Outside


def payouts_are_those_of_the_house(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I13: each payout is one of the house's, of its amount; paid in our books only once the house said so."""
    for external, (_company, state, amount, gap) in books.payouts.items():
        payout = outside.house.payouts.get(external)
        if payout is None:
            yield f"I13: payout {external} was never made"
        elif amount != payout.minor:
            yield f"I13: payout {external} of {payout.minor} is booked as {amount}"
        elif state == "paid" and payout.standing == "in_transit":
            yield f"I13: payout {external} is booked, and has not arrived"
        elif gap:
            yield f"I13: payout {external} has a gap of {gap}, and its lines are its amount"


def the_bank_has_what_arrived(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I13: what payouts brought to the bank account is what our rows say arrived, each once."""
    posted = dict.fromkeys(books.payouts, 0)
    ids = {str(row[0]).replace("-", ""): row[1] for row in books.rows("SELECT id, external_id FROM payments_payout")}
    for source, minor in books.rows(
        "SELECT o.source, SUM(l.debit_minor - l.credit_minor) FROM ledger_entry o"
        " JOIN ledger_entry e ON e.id = o.id OR e.reverses_id = o.id JOIN ledger_entryline l ON l.entry_id = e.id"
        " WHERE o.source LIKE 'payout:%' AND l.account = '512000' GROUP BY o.source"
    ):
        external = ids.get(source.removeprefix("payout:").replace("-", ""), "")
        posted[external] = posted.get(external, 0) + int(minor)
    for external, found in posted.items():
        _company, state, amount, _gap = books.payouts.get(external, (0, "unknown", 0, None))
        expected = amount if state == "paid" else 0
        if found != expected:
            yield f"I13: payout {external} is {state}, of {amount}, and the bank account has {found} of it"


def payouts_are_recorded(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L1: every payout that we were told of stands in the books as it stands at the house, and is taken apart."""
    for payout in outside.house.payouts.values():
        if payout.standing == "in_transit" and not payout.lines_told:
            continue
        _company, state, _amount, gap = books.payouts.get(payout.id, (0, "unknown", 0, None))
        if state != payout.standing or (payout.lines_told and gap is None):
            yield f"L1: payout {payout.id} is {payout.standing}, booked as {state}, its gap {gap}"
