"""What must hold, whatever happened: after every step (`ALWAYS`), and once the world is healed (`HEALED`).

An invariant is a function from the books, the outside world and what the lab remembers to the sentences it has to
complain with. It compares our rows with the truth of the payment house and of the mail server, or with what was there
before; never one column of ours with another that the same line of code wrote, where the outside can tell.
"""

from collections.abc import Callable, Iterator

from lab.invariants import disputes, documents, events, ledger, mails, money, payouts, secrets
from lab.invariants.books import Books
from lab.invariants.memory import Memory
from lab.outside import Outside

Invariant = Callable[[Books, Outside, Memory], Iterator[str]]

ALWAYS: tuple[Invariant, ...] = (
    ledger.entries_balance,
    ledger.entries_are_chained,
    ledger.customers_owe_what_is_not_settled,
    ledger.vat_waits_for_the_money,
    ledger.clearing_is_what_the_house_owes,
    documents.numbers_have_no_hole,
    documents.documents_never_change,
    documents.documents_are_posted_once,
    documents.credit_notes_stay_within_their_invoice,
    documents.vat_is_the_sum_by_rate,
    money.settled_is_allocated,
    money.payments_are_charges,
    money.refunds_are_told,
    money.orders_are_kept,
    money.fees_are_told,
    disputes.disputes_are_told,
    disputes.disputed_is_shown,
    money.one_page_at_a_time,
    money.no_page_asks_too_much,
    payouts.payouts_are_those_of_the_house,
    payouts.the_bank_has_what_arrived,
    events.acknowledged_is_stored,
    events.nothing_is_forgotten,
    events.work_fails_for_known_reasons,
    mails.nothing_is_sent_twice,
    mails.everybody_gets_his_own,
    secrets.nothing_leaks,
)
HEALED: tuple[Invariant, ...] = (
    money.charges_are_recorded,
    disputes.disputes_are_recorded,
    payouts.payouts_are_recorded,
    money.nothing_is_pending,
    events.queue_is_empty,
    mails.receipts_arrived,
    mails.sent_is_taken,
)
# L3: nothing was dropped, and no sweep ran.
TOLD: tuple[Invariant, ...] = (
    money.charges_are_recorded,
    disputes.disputes_are_recorded,
    payouts.payouts_are_recorded,
)


def complaints(invariants: tuple[Invariant, ...], books: Books, outside: Outside, memory: Memory) -> list[str]:
    return [sentence for invariant in invariants for sentence in invariant(books, outside, memory)]
