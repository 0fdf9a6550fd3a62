import importlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, Quote, QuoteShare
from reglo.invoicing.quote_billing import InvoiceBeyondQuote, QuoteBilling, billing_of
from reglo.invoicing.services import (
    NothingToInvoice,
    PartBeyondLine,
    QuoteInvoiced,
    QuoteNotAccepted,
    QuotePart,
    cancel_quote,
    discard_draft,
    invoice_quote,
    issue_invoice,
)
from reglo.money import Money
from reglo.ports import clock
from tests.factories import accept, line, make_credit, make_issued, make_quote, option


def accepted(company: Company, *lines: Any, options: tuple[int, ...] = (), **fields: Any) -> Quote:
    quote = make_quote(company, lines=lines or [line("100")], **fields)
    accept(quote, options=options)
    return quote


def invoiced(quote: Quote, *parts: tuple[int, str]) -> Invoice:
    """A draft of so many percent of each line; of all that remains without parts."""
    chosen = [QuotePart(rank, Decimal(rate)) for rank, rate in parts] if parts else None
    return invoice_quote(company=quote.company, quote_id=quote.pk, parts=chosen, now=clock.now())


def issued(invoice: Invoice) -> Invoice:
    return issue_invoice(company_id=invoice.company_id, invoice_id=invoice.pk, now=clock.now())


def billing(quote: Quote) -> QuoteBilling:
    found = billing_of(quote)
    assert found is not None
    return found


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_one_invoice_has_the_lines_and_options_that_were_accepted(company: Company):
    quote = accepted(
        company,
        line("100", quantity="3", unit="h", discount="10"),
        option("50"),
        option("30"),
        options=(3,),
        order_reference="BC-12",
        due_days=45,
    )

    draft = invoiced(quote)

    assert [(row.description, row.amount_minor) for row in draft.lines.order_by("rank")] == [
        ("Pose de luminaires", 270_00),
        ("Variateur", 30_00),
    ]
    first = draft.lines.get(rank=1)
    assert (first.quantity, first.unit, first.discount_rate) == (Decimal(3), "h", Decimal(10))
    assert (draft.quote, draft.customer, draft.order_reference, draft.due_days) == (quote, quote.customer, "BC-12", 45)
    assert (draft.net_minor, draft.gross_minor, draft.is_draft) == (300_00, 360_00, True)
    assert billing(quote).left == euros(0)
    assert issued(draft).gross_minor == 360_00
    assert billing(quote).issued == euros(300_00)


def test_parts_of_lines_add_up_to_the_lines_and_no_cent_is_lost(company: Company):
    quote = accepted(company, line("0.01"), line("99.99"))

    thirds = [issued(invoiced(quote, (1, "50"), (2, "33.33"))) for _ in range(2)]
    last = issued(invoiced(quote))

    amounts = [[row.amount_minor for row in invoice.lines.order_by("rank")] for invoice in [*thirds, last]]
    assert amounts == [[1, 33_33], [33_33], [33_33]]
    assert thirds[0].lines.get(rank=2).description == "Pose de luminaires\n33,33\u00a0% du devis ESSAI-D2026-0001"
    assert billing(quote).remaining == euros(0)
    assert [part.is_left for part in billing(quote).lines] == [False, False]


def test_what_is_left_of_a_line_bounds_what_is_asked(company: Company):
    quote = accepted(company)
    invoiced(quote, (1, "60"))

    with pytest.raises(PartBeyondLine, match="40 %"):
        invoiced(quote, (1, "41"))

    assert Invoice.objects.count() == 1
    assert QuoteShare.objects.count() == 1
    assert invoiced(quote, (1, "40")).net_minor == 40_00


def test_nothing_left_or_nothing_chosen_makes_no_invoice(company: Company):
    quote = accepted(company)

    with pytest.raises(NothingToInvoice):
        invoiced(quote, (1, "0"))
    invoiced(quote)
    with pytest.raises(NothingToInvoice):
        invoiced(quote)

    assert Invoice.objects.count() == 1


def test_a_quote_that_was_not_accepted_is_not_invoiced(company: Company):
    quote = make_quote(company)

    with pytest.raises(QuoteNotAccepted):
        invoiced(quote)


def test_a_discarded_draft_gives_its_lines_back(company: Company):
    quote = accepted(company)
    draft = invoiced(quote)

    discard_draft(company_id=company.pk, invoice_id=draft.pk, now=clock.now())

    assert billing(quote).left == euros(100_00)
    assert invoiced(quote).net_minor == 100_00


def test_a_credited_invoice_gives_its_lines_back(company: Company):
    quote = accepted(company)
    make_credit(issued(invoiced(quote)))

    again = issued(invoiced(quote))

    assert again.net_minor == 100_00
    assert billing(quote).remaining == euros(0)


def dearer(draft: Invoice) -> None:
    """One cent more on its only line."""
    draft.lines.update(unit_price=Decimal("100.01"))


def test_no_more_is_issued_than_was_accepted(company: Company):
    quote = accepted(company)
    draft = invoiced(quote)
    dearer(draft)

    with pytest.raises(InvoiceBeyondQuote, match="100,00"):
        issued(draft)

    draft.refresh_from_db()
    assert (draft.is_draft, draft.number) == (True, None)
    assert make_issued(company).number == "ESSAI-F2026-0001"


def test_the_database_refuses_it_too(company: Company, monkeypatch: pytest.MonkeyPatch):
    verb = importlib.import_module("reglo.invoicing.services.issue_invoice")
    monkeypatch.setattr(verb, "check_within_quote", lambda invoice: None)
    draft = invoiced(accepted(company))
    dearer(draft)

    with pytest.raises(IntegrityError, match="more invoiced than accepted"), transaction.atomic():
        issued(draft)


def test_an_invoice_does_not_change_its_quote(company: Company):
    draft = invoiced(accepted(company))

    with pytest.raises(IntegrityError, match="quote_id"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE invoicing_invoice SET quote_id = NULL WHERE id = %s", [draft.pk])


def test_prices_with_vat_are_bounded_with_vat(company: Company):
    quote = accepted(company, line("9.99"), prices_include_vat=True)

    halves = [issued(invoiced(quote, (1, "50"))), issued(invoiced(quote))]

    assert [half.gross_minor for half in halves] == [5_00, 4_99]
    assert billing(quote).accepted == euros(9_99)
    assert billing(quote).remaining == euros(0)


def test_an_invoiced_quote_is_not_cancelled(company: Company):
    quote = accepted(company)
    invoiced(quote)

    with pytest.raises(QuoteInvoiced):
        cancel_quote(company_id=company.pk, quote_id=quote.pk, now=clock.now() + timedelta(days=1))
