"""Whatever the quote, its deposits and the order of payments: the customer owes the quote, the books have its sales and
its VAT, and `verify` holds at each step."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.crediting import shares_of_invoice
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.quote_billing import billing_of
from reglo.invoicing.services import NothingToInvoice, Progress, invoice_situation, issue_invoice
from reglo.ports import clock
from reglo.verify.books import Books
from reglo.verify.proofs import credit_notes, deposits, documents, quotes, settlements, sums_of_lines
from tests.factories import line, make_credit
from tests.invoicing.test_deposits import accepted, again, collect, deposit_of, final_of
from tests.payments.disputes import books

PROOFS: list[Callable[[Books], Iterator[str]]] = [
    documents.documents_add_up,
    documents.documents_are_posted,
    credit_notes.invoices_are_credited_by_their_credit_notes,
    credit_notes.waiting_vat_is_that_of_what_is_owed,
    deposits.deposits_are_deducted_within,
    deposits.invoices_deduct_what_they_cite,
    deposits.advances_are_what_is_not_deducted,
    quotes.decisions_are_about_what_was_sent,
    quotes.no_more_is_invoiced_than_was_accepted,
    sums_of_lines.subtotals_and_discounts_are_right,
    settlements.settlements_are_their_allocations,
    settlements.receivables_are_what_is_owed,
    settlements.surpluses_are_what_is_not_allocated,
]
LINES = st.lists(
    st.tuples(st.integers(1, 50_000), st.sampled_from(["20", "10", "5.5"]), st.sampled_from(list(Nature))),
    min_size=1,
    max_size=4,
)


def prove(rows: Callable[[str], Iterator[tuple[Any, ...]]]) -> None:
    whole = Books(rows=rows, read_file=lambda _sha: b"")
    assert [(proof.__name__, fault) for proof in PROOFS for fault in proof(whole)] == []


def rows_of_the_test(sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return iter(cursor.fetchall())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, includes_vat=st.booleans(), rates=st.lists(st.integers(1, 60), max_size=3), data=st.data())
def test_quote_deposits_and_final_add_up(
    company: Company, lines: list[tuple[int, str, Nature]], includes_vat: bool, rates: list[int], data: st.DataObject
):
    with transaction.atomic():
        check(company, lines, includes_vat, rates, data)
        transaction.set_rollback(True)  # each example begins with empty books


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=LINES,
    includes_vat=st.booleans(),
    steps=st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=3),
    data=st.data(),
)
def test_situations_take_the_whole_discount(
    company: Company,
    lines: list[tuple[int, str, Nature]],
    includes_vat: bool,
    steps: list[list[int]],
    data: st.DataObject,
):
    with transaction.atomic():
        quote = discounted_quote(company, lines, includes_vat, data)
        made = [invoice for step in [*steps, [100] * 4] if (invoice := next_situation(quote, step))]
        prove(rows_of_the_test)
        decision = quote.decisions.get()
        name = "gross_minor" if includes_vat else "net_minor"
        assert sum(getattr(invoice, name) for invoice in made) == getattr(decision, name)
        if len(made) > 1 and data.draw(st.booleans(), label="one is cancelled and made again"):
            make_credit(again(made[0]))
            made[0] = final_of(quote)
            assert sum(getattr(invoice, name) for invoice in made) == getattr(decision, name)
            prove(rows_of_the_test)
        transaction.set_rollback(True)


def next_situation(quote: Quote, step: list[int]) -> Invoice | None:
    """Each line goes on to its rate of the step, where that is further than it was; None where nothing moves."""
    billing = billing_of(quote)
    assert billing is not None
    progress = [
        Progress(billed.line.rank, Decimal(max(rate, billed.invoiced_rate)))
        for billed, rate in zip(billing.lines, step, strict=False)
        if rate > billed.invoiced_rate
    ]
    try:
        draft = invoice_situation(company=quote.company, quote_id=quote.pk, progress=progress, now=clock.now())
    except NothingToInvoice:
        return None
    return issue_invoice(company_id=quote.company_id, invoice_id=draft.pk, now=clock.now())


def discounted_quote(
    company: Company, lines: list[tuple[int, str, Nature]], includes_vat: bool, data: st.DataObject
) -> Quote:
    """Accepted, with a discount in percent, as an amount, or none."""
    total = sum(cents for cents, _vat, _nature in lines)
    discounts = st.one_of(
        st.builds(lambda cents: {"discount_rate": Decimal(cents) / 100}, st.integers(1, 9000)),
        st.builds(lambda cents: {"discount_minor": cents}, st.integers(1, total - 1)) if total > 1 else st.nothing(),
        st.just({}),
    )
    return accepted(
        company,
        *(line(str(Decimal(cents) / 100), vat=vat, nature=nature) for cents, vat, nature in lines),
        prices_include_vat=includes_vat,
        **data.draw(discounts, label="discount"),
    )


def check(
    company: Company, lines: list[tuple[int, str, Nature]], includes_vat: bool, rates: list[int], data: st.DataObject
) -> None:
    quote = discounted_quote(company, lines, includes_vat, data)
    gross = quote.decisions.get().gross_minor
    asked, owing = 0, []
    for rate in rates:
        part = min(gross * rate // 100, gross - asked)
        if part > 0:
            owing.append(deposit_of(quote, minor=part))
            asked += part
    paid_before = [pay_some(deposit, data) for deposit in owing]
    prove(rows_of_the_test)

    final = final_of(quote)
    prove(rows_of_the_test)
    if data.draw(st.booleans(), label="cancelled and made again"):
        make_credit(again(final))
        prove(rows_of_the_test)
        final = final_of(quote)
    assert final.gross_minor == gross
    assert again(final).settlement.owed_minor == gross - asked
    for invoice in data.draw(st.permutations([final, *owing])):
        if left := again(invoice).remaining.minor:
            collect(invoice, left)
    prove(rows_of_the_test)

    assert sum(paid_before) <= asked
    assert books(company.pk) == {
        account: minor
        for account, minor in {
            "512000": gross,
            "706000": -net_of(final, Nature.SERVICES),
            "707000": -net_of(final, Nature.GOODS),
            "445710": -final.vat_minor,
        }.items()
        if minor
    }


def pay_some(deposit: Invoice, data: st.DataObject) -> int:
    minor = data.draw(st.integers(0, deposit.gross_minor), label="paid before")
    if minor:
        collect(deposit, minor)
    return minor


def net_of(invoice: Invoice, nature: Nature) -> int:
    shares = shares_of_invoice(DocumentContent.from_json(invoice.frozen))
    return sum(share.net_minor for share in shares if share.nature == nature)
