"""The draft of a credit note: what it copies, what it refuses, and that it touches nothing but itself."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, NumberSequence, Settlement
from reglo.invoicing.services import (
    CreditedLine,
    CreditInput,
    DraftInput,
    DraftRefused,
    NotADraft,
    NotAnInvoice,
    draft_credit_note,
    save_draft,
)
from reglo.ledger.models import Entry
from reglo.ports import clock as clock_port
from tests.factories import line, make_company, make_credit_draft, make_issued

REASON = "Prestation annulée"


def draft(invoice: Invoice, credit: CreditInput, **more: Any) -> Invoice:
    return draft_credit_note(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        credit=credit,
        now=clock_port.now(),
        **more,
    )


def test_a_whole_one_copies_the_lines_and_touches_nothing_else(company: Company):
    invoice = make_issued(company, lines=[line("84.03", quantity="3", discount="10", unit="h"), line("9.99", vat="10")])

    note = make_credit_draft(invoice)

    copied = [
        [getattr(one, name) for name in ("rank", "description", "quantity", "unit", "unit_price", "discount_rate")]
        for document in (invoice, note)
        for one in document.lines.order_by("rank")
    ]
    assert copied[:2] == copied[2:]
    assert (note.gross_minor, note.status, note.number, note.subject) == (
        invoice.gross_minor,
        "draft",
        None,
        "Pose de luminaires",
    )
    assert Settlement.objects.get(invoice=invoice).credited_minor == 0
    assert Entry.objects.count() == 1
    assert not NumberSequence.objects.filter(series__contains="A2026").exists()


@pytest.mark.parametrize(
    ("credit", "field"),
    [
        (CreditInput(" "), "reason"),
        (CreditInput("é" * 301), "reason"),
        (CreditInput("🧸"), "reason"),
        (CreditInput(REASON, lines={}), "lines"),
        (CreditInput(REASON, lines={7: CreditedLine()}), "lines"),
        (CreditInput(REASON, lines={1: CreditedLine(quantity=Decimal("3.0001"))}), "lines-1-quantity"),
        (CreditInput(REASON, lines={1: CreditedLine(quantity=Decimal(0))}), "lines-1-quantity"),
        (CreditInput(REASON, lines={1: CreditedLine(amount_minor=-1)}), "lines-1-amount"),
        (CreditInput(REASON, amount_minor=360_01), "amount"),
    ],
)
def test_what_is_absurd_is_refused_at_its_field(company: Company, credit: CreditInput, field: str):
    invoice = make_issued(company, lines=[line("100", quantity="3")])

    with pytest.raises(DraftRefused) as refused:
        draft(invoice, credit)

    assert [refusal.field for refusal in refused.value.refusals] == [field]
    assert Invoice.objects.count() == 1


def test_written_anew_it_is_the_same_row(company: Company):
    invoice = make_issued(company)
    note = make_credit_draft(invoice)

    again = draft(invoice, CreditInput("Geste", amount_minor=10_00), credit_note_id=note.id)

    assert again.id == note.id
    assert [one.amount_minor for one in again.lines.all()] == [10_00]
    assert (again.reason, again.revision) == ("Geste", 2)


def test_the_same_form_sent_again_is_the_same_draft_in_its_last_words(company: Company):
    invoice = make_issued(company)

    first = draft(invoice, CreditInput(REASON, amount_minor=10_00), asked_as="form:1")
    again = draft(invoice, CreditInput(REASON, amount_minor=20_00), asked_as="form:1")

    assert (again.id, again.gross_minor) == (first.id, 20_00)
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_neither_that_of_another_invoice_nor_an_invoice_is_written_anew(company: Company):
    invoice = make_issued(company)
    elsewhere = make_credit_draft(make_issued(company))

    for other in (elsewhere, invoice):
        with pytest.raises(NotADraft):
            draft(invoice, CreditInput(REASON, amount_minor=1), credit_note_id=other.id)

    elsewhere.refresh_from_db()
    assert elsewhere.gross_minor == 120_00


def test_the_editor_of_invoices_does_not_write_it(company: Company):
    note = make_credit_draft(make_issued(company))
    typed = DraftInput(customer=note.customer, lines=[line("1")], prices_include_vat=False, due_days=30)

    with pytest.raises(NotAnInvoice):
        save_draft(company=company, invoice_id=note.id, draft=typed, now=clock_port.now())

    note.refresh_from_db()
    assert note.gross_minor == 120_00


def test_an_invoice_of_another_company_is_not_found(company: Company):
    invoice = make_issued(company)

    with pytest.raises(Http404):
        draft_credit_note(
            company_id=make_company(siren="552100554").id,
            invoice_id=invoice.id,
            credit=CreditInput(REASON),
            now=clock_port.now(),
        )
