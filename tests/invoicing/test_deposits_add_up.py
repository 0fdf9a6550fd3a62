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
from reglo.invoicing.models import Invoice
from reglo.verify.books import Books
from reglo.verify.proofs import credit_notes, deposits, documents, quotes, settlements
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
    quotes.no_more_is_invoiced_than_was_accepted,
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


def check(
    company: Company, lines: list[tuple[int, str, Nature]], includes_vat: bool, rates: list[int], data: st.DataObject
) -> None:
    quote = accepted(
        company,
        *(line(str(Decimal(cents) / 100), vat=vat, nature=nature) for cents, vat, nature in lines),
        prices_include_vat=includes_vat,
    )
    gross = quote.offered.gross_minor if quote.offered else 0
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
    lines = DocumentContent.from_json(invoice.frozen).lines
    return sum(one.net_minor for one in lines if one.nature == nature)
