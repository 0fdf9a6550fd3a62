"""Money: what the house charged is what we booked, once, and never more."""

from collections import defaultdict
from collections.abc import Iterator

from lab.invariants.books import Books, hexadecimal
from lab.invariants.memory import Memory
from lab.outside import Outside
from lab.outside.house import Charge, Page, Refund


def settled_is_allocated(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I2, I4: an invoice is settled by its allocations, within its total; a payment gives no more than it brought."""
    by_invoice: dict[int, int] = defaultdict(int)
    by_payment: dict[str, int] = defaultdict(int)
    for payment, invoice, amount in books.allocations:
        by_invoice[invoice] += amount
        by_payment[payment] += amount
    for invoice, (gross, credited, settled) in books.settlements.items():
        if settled != by_invoice[invoice] or not 0 <= settled <= gross - credited:
            yield f"I2: {invoice} of {gross} less {credited}: {settled} settled, {by_invoice[invoice]} allocated"
    refunded: dict[str, int] = defaultdict(int)
    for _id, _external, payment, state, amount in books.refunds:
        refunded[payment] += amount if state == "succeeded" else 0
    for identifier, payment in books.payments.items():
        given = by_payment[identifier]
        if abs(given) > abs(payment.amount) or given * payment.amount < 0:
            yield f"I4: payment {identifier} of {payment.amount} settles {given}"
        elif refunded[identifier] and given > payment.amount - refunded[identifier]:
            yield f"I4: payment {identifier} of {payment.amount}, {refunded[identifier]} given back, settles {given}"


def payments_are_charges(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I4: each payment of the house is one of its charges, of that amount, on the right company's account, once."""
    charges = {charge.id: (page, charge) for page, charge in outside.house.charges()}
    homes: dict[str, int] = dict(books.rows("SELECT external_id, company_id FROM payments_provideraccount"))
    for external, payments in books.by_charge.items():
        if external not in charges:
            yield f"I4: payment {external} was never charged"
            continue
        page, charge = charges[external]
        if len(payments) > 1:
            yield f"I4: charge {external} is booked {len(payments)} times"
        if payments[0].amount != charge.minor or payments[0].company != homes[page.account_id]:
            yield f"I4: charge {external} of {charge.minor} is booked as {payments[0]}"
    yield from _settles_its_invoice(books, outside)


def _settles_its_invoice(books: Books, outside: Outside) -> Iterator[str]:
    """I8: money paid on a page settles the document of that page, or one that its customer's surplus was given to."""
    number_of = {document.id: document.number for document in books.documents}
    reference_of = {charge.id: page.reference for page, charge in outside.house.charges()}
    given = {
        (hexadecimal(payment), invoice)
        for payment, invoice in books.rows(
            "SELECT a.payment_id, a.invoice_id FROM payments_allocation a"
            " JOIN invoicing_invoice i ON i.id = a.invoice_id"
            " JOIN payments_payment p ON p.id = a.payment_id JOIN payments_attemptline l ON l.attempt_id = p.attempt_id"
            " JOIN invoicing_invoice o ON o.id = l.invoice_id"
            " WHERE CAST(a.from_surplus AS INTEGER) = 1 AND o.customer_id = i.customer_id"
        )
    }
    for payment, invoice, _amount in books.allocations:
        external = books.payments[payment].external
        if (payment, invoice) in given:
            continue
        if external in reference_of and number_of.get(invoice) != reference_of[external]:
            yield f"I8: charge {external} was paid for {reference_of[external]} and settles {number_of.get(invoice)}"


def refunds_are_told(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I4: each refund is one of the house's, of its amount, and never more than was paid."""
    told = _told(outside)
    seen: set[str] = set()
    total: dict[str, int] = defaultdict(int)
    for _id, external, payment, state, amount in books.refunds:
        if external is None:
            continue  # an order that was not answered, or never done
        if external not in told:
            yield f"I4: refund {external} was never made"
            continue
        charge, refund = told[external]
        if external in seen or amount != refund.minor or books.payments[payment].external != charge.id:
            yield f"I4: refund {external} of {refund.minor} is booked as {amount} of {payment}"
        if state == "succeeded" and refund.standing == "pending":
            yield f"I4: refund {external} is booked, and the house has not made it yet"
        seen.add(external)
        total[payment] += amount if state == "succeeded" else 0
    for payment, amount in total.items():
        if amount > books.payments[payment].amount:
            yield f"I4: {amount} given back of payment {payment}"


def orders_are_kept(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I4: what the house gave back by an order of ours is on the row of that order, once; what is not, was not done."""
    rows = {identifier: (external, state) for identifier, external, _payment, state, _amount in books.refunds}
    booked = {external: identifier for identifier, (external, _state) in rows.items() if external is not None}
    done: set[str] = set()
    for _charge, refund in _told(outside).values():
        order = refund.key.replace("-", "")
        if not order:
            continue
        if order in done:
            yield f"I4: the order {order} gave back twice"
        done.add(order)
        if order not in rows:
            yield f"I4: the house gave back {refund.id} by the order {order}, which no row has"
        elif booked.get(refund.id, order) != order:
            yield f"I4: refund {refund.id} is the order {order}, and is booked as {booked[refund.id]}"
        elif rows[order] == (None, "failed"):
            yield f"I4: the order {order} is given up in our books, and the house gave back"


def _told(outside: Outside) -> dict[str, tuple[Charge, Refund]]:
    return {refund.id: (charge, refund) for _page, charge in outside.house.charges() for refund in charge.refunds}


def fees_are_told(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """A fee in our books is the one that the house took."""
    for _page, charge in outside.house.charges():
        for payment in books.by_charge.get(charge.id, ()):
            if payment.fee is not None and payment.fee != charge.fee:
                yield f"I4: the fee of {charge.id} is {charge.fee}, booked as {payment.fee}"


def one_page_at_a_time(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I10: a key never comes back with other words; a try is charged once; a document has one open page."""
    yield from outside.house.broken_rules
    pages: dict[str, list[Page]] = defaultdict(list)
    for page in outside.house.pages.values():
        pages[page.key].append(page)
    for key, made in pages.items():
        if sum(page.charge is not None for page in made) > 1:
            yield f"I10: the try {key} was charged twice"
    known: dict[str, str] = dict(
        books.rows("SELECT external_id, state FROM payments_paymentattempt WHERE external_id IS NOT NULL")
    )
    open_ones: dict[tuple[str, str], list[str]] = defaultdict(list)
    for page in outside.house.pages.values():
        if page.state == "open" and page.id in known:
            open_ones[page.account_id, page.reference].append(page.id)
    for (_account, reference), several in open_ones.items():
        if len(several) > 1:
            yield f"I10: {len(several)} pages are open at once for {reference}"


def no_page_asks_too_much(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """An open page asks for no more than is owed, unless somebody is at work closing it."""
    if any(name.endswith(("close_outgrown_attempts", "close_credited_attempts")) for name, *_rest in books.reactions):
        return
    known = books.rows(
        "SELECT a.external_id, s.gross_minor - s.deducted_minor - s.credited_minor - s.settled_minor"
        " FROM payments_paymentattempt a"
        " JOIN payments_attemptline l ON l.attempt_id = a.id JOIN invoicing_settlement s ON s.invoice_id = l.invoice_id"
        " WHERE a.external_id IS NOT NULL AND a.state = 'open'"
    )
    for external, owed in known:
        page = outside.house.pages[external]
        if page.state == "open" and page.minor > owed:
            yield f"I10: page {external} asks for {page.minor}, {owed} is owed"


def charges_are_recorded(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L1: every charge, with its fee and its refunds as they stand, is in the books once."""
    refunds = {external: state for _id, external, _payment, state, _amount in books.refunds}
    for _page, charge in outside.house.charges():
        payments = books.by_charge.get(charge.id, [])
        if len(payments) != 1:
            yield f"L1: charge {charge.id} is booked {len(payments)} times"
        elif payments[0].fee != charge.fee:
            yield f"L1: the fee of {charge.id} is {charge.fee}, booked as {payments[0].fee}"
        else:
            yield from _refunds_recorded(charge, refunds)


def _refunds_recorded(charge: Charge, refunds: dict[str, str]) -> Iterator[str]:
    for refund in charge.refunds:
        if refunds.get(refund.id) != refund.standing:
            yield f"L1: refund {refund.id} is {refund.standing}, booked as {refunds.get(refund.id)}"


def nothing_is_pending(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L4: no try to pay and no order to give back stays open for ever, and the line of a try is free again."""
    for identifier, state in books.rows(
        "SELECT CAST(id AS TEXT), state FROM payments_paymentattempt WHERE state IN ('unknown', 'open', 'processing')"
    ):
        yield f"L4: the try {identifier} is still {state}"
    for identifier, _external, _payment, state, _amount in books.refunds:
        if state == "requested":
            yield f"L4: nobody knows what became of the refund {identifier}"
    [(lines,)] = books.rows(
        "SELECT COUNT(*) FROM payments_attemptline l JOIN payments_paymentattempt a ON a.id = l.attempt_id"
        " WHERE CAST(l.open AS INTEGER) = 1 AND a.state NOT IN ('unknown', 'open', 'processing')"
    )
    if lines:
        yield f"L4: {lines} documents are held by tries that ended"
