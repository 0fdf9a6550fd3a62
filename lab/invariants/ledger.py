"""The books balance, follow one another, and say of the customers and of the house what the outside says."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lab.invariants.books import Books
from lab.invariants.documents import half_up
from lab.invariants.memory import Memory
from lab.outside import Outside


def entries_balance(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I1: each entry is balanced, and every line belongs to one."""
    for entry in books.entries:
        lines, debit, credit = entry[6:9]
        if lines < 2 or debit != credit:
            yield f"I1: entry {entry[3]} has {lines} lines, {debit} against {credit}"
    [(lost,)] = books.rows(
        "SELECT COUNT(*) FROM ledger_entryline l LEFT JOIN ledger_entry e ON e.id = l.entry_id WHERE e.id IS NULL"
    )
    if lost:
        yield f"I1: {lost} lines without an entry"


def entries_are_chained(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I5: positions are 1, 2, 3…, each names the one before, none ever changes, the head is the last."""
    last: dict[Any, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for identifier, company, position, source, previous, own, lines, debit, credit in books.entries:
        before, before_hash = last[company]
        if position != before + 1 or previous != before_hash:
            yield f"I5: entry {source} does not follow entry {before}"
        last[company] = (position, own)
        content = f"{company}|{position}|{source}|{previous}|{own}|{lines}|{debit}|{credit}"
        if memory.entries.setdefault(identifier, content) != content:
            yield f"I5: entry {source} was rewritten"
    seen = {entry[0] for entry in books.entries}
    for gone in memory.entries.keys() - seen:
        yield f"I5: entry {gone} is gone"
    for company, position, head in books.rows("SELECT company_id, position, head FROM ledger_entrychain"):
        if last[company] != (position, head):
            yield f"I5: the chain of entries of {company} ends at {last[company][0]}, its head says {position}"


def customers_owe_what_is_not_settled(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I2: per customer, the receivable account is what invoices total, less credit notes and what was allocated."""
    owed: dict[tuple[int, str], int] = defaultdict(int)
    customer_of = {}
    for document in books.documents:
        key = customer_of[document.id] = (document.company, f"C{document.customer}")
        owed[key] += document.sign * document.gross
    for _payment, invoice, amount in books.allocations:
        if invoice not in customer_of:
            yield f"I2: money is allocated to {invoice}, which is not issued"
            continue
        owed[customer_of[invoice]] -= amount
    booked = {(who, aux): minor for (who, role, aux), minor in books.accounts.items() if role == "receivable"}
    for key in owed.keys() | booked.keys():
        if owed.get(key, 0) != booked.get(key, 0):
            yield f"I2: {key} owes {owed.get(key, 0)}, the ledger says {booked.get(key, 0)}"


def vat_waits_for_the_money(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I12: per company, the VAT awaiting collection is that of what invoices, less their credit notes, leave to pay,
    each rounded once."""
    settled: dict[int, int] = defaultdict(int)
    for _payment, invoice, amount in books.allocations:
        settled[invoice] += amount
    waiting: dict[int, int] = defaultdict(int)
    for document in books.documents:
        if document.kind != "invoice":
            continue
        taken = books.credit_notes.get(document.id, [])
        owed = document.gross - sum(note.gross for note in taken)
        vat = document.vat_on_receipts - sum(note.vat_on_receipts for note in taken)
        released = half_up(Fraction(vat * settled[document.id], owed)) if owed else 0
        waiting[document.company] += vat - released
    for company in {company for company, _role, _auxiliary in books.accounts}:
        found = -books.accounts.get((company, "vat_awaiting", ""), 0)
        if found != waiting[company]:
            yield f"I12: {company} has {found} of VAT awaiting collection, {waiting[company]} expected"


def clearing_is_what_the_house_owes(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """The house's account is its own charges that we know, less refunds, disputes, fees and payouts, in its amounts.

    A sale made elsewhere is known once its payout was taken apart.
    """
    expected: dict[int, int] = defaultdict(int)
    fees: dict[int, int] = defaultdict(int)
    moved = {external for external, *_rest in books.dispute_moves}
    refunded = {external: (state, payment) for _id, external, payment, state, _minor in books.refunds}
    for _page, charge in outside.house.charges():
        for payment in books.by_charge.get(charge.id, ())[:1]:
            expected[payment.company] += charge.minor
            if payment.fee is not None and charge.fee is not None:
                expected[payment.company] -= charge.fee
                fees[payment.company] += charge.fee
            for refund in charge.refunds:
                if refunded.get(refund.id, ("", ""))[0] == "succeeded":
                    expected[payment.company] -= refund.minor
            for funds in (funds for dispute in charge.disputes for funds in dispute.funds if funds.id in moved):
                expected[payment.company] += funds.minor - funds.fee
                fees[payment.company] += funds.fee
    ours = {charge.id for _page, charge in outside.house.charges()}
    for external, (company, state, _amount, gap) in books.payouts.items():
        payout = outside.house.payouts.get(external)
        if payout is not None and state == "paid":
            expected[company] -= payout.minor
        for movement in outside.house.movements if gap is not None else ():
            if movement.payout_id == external and movement.kind == "charge" and movement.source_id not in ours:
                expected[company] += movement.net
                fees[company] += movement.fee
    for company in {company for company, _role, _auxiliary in books.accounts}:
        found = books.accounts.get((company, "stripe_clearing", ""), 0)
        if found != expected[company]:
            yield f"I4: the house's account of {company} says {found}, the house says {expected[company]}"
        posted = books.accounts.get((company, "payment_fees", ""), 0)
        if posted != fees[company]:
            yield f"I4: {company} booked {posted} of fees, the house took {fees[company]}"
