"""*Émettre l'avoir*: numbered once, refused whole, the same rules of dates as an invoice."""

from datetime import timedelta

import pytest
from django.http import Http404

from reglo.companies.models import Company
from reglo.invoicing.crediting import CreditBeyondInvoice
from reglo.invoicing.models import Invoice, NumberSequence
from reglo.invoicing.services import (
    CreditBeforeInvoice,
    DraftDiscarded,
    InvoiceIncomplete,
    NotAnInvoice,
    discard_draft,
    issue_invoice,
)
from reglo.payments.services import finalise_credit_note
from reglo.ports import clock as clock_port
from tests.factories import make_company, make_credit, make_credit_draft, make_issued
from tests.harness.frozen_clock import FrozenClock


def finalise(note: Invoice, company_id: int | None = None) -> Invoice:
    return finalise_credit_note(company_id=company_id or note.company_id, credit_note_id=note.id, now=clock_port.now())


def assert_still_a_draft(note: Invoice) -> None:
    note.refresh_from_db()
    assert (note.status, note.number, note.frozen) == ("draft", None, "")
    assert not NumberSequence.objects.filter(series__contains="A2026").exists()


def test_twice_is_once(company: Company):
    note = make_credit_draft(make_issued(company))

    first, second = finalise(note), finalise(note)

    assert first.number == second.number == "ESSAI-A2026-0001"
    assert first.hash == second.hash


def test_it_takes_the_next_place_of_the_one_chain_and_its_own_series(company: Company):
    invoice = make_issued(company)

    note = finalise(make_credit_draft(invoice, amount_minor=1_00))
    second = make_issued(company)

    assert (note.chain_position, note.previous_hash) == (2, invoice.hash)
    assert (second.number, second.chain_position, second.previous_hash) == ("ESSAI-F2026-0002", 3, note.hash)


def test_what_was_credited_since_the_draft_is_refused(company: Company):
    invoice = make_issued(company)
    stale = make_credit_draft(invoice, amount_minor=100_00)
    make_credit(invoice, amount_minor=30_00)

    with pytest.raises(CreditBeyondInvoice):
        finalise(stale)

    stale.refresh_from_db()
    assert (stale.status, stale.number) == ("draft", None)
    assert NumberSequence.objects.get(series="ESSAI-A2026-").last_number == 1
    invoice.refresh_from_db()
    assert invoice.settlement.credited_minor == 30_00


def test_a_clock_gone_back_is_refused(company: Company, clock: FrozenClock):
    note = make_credit_draft(make_issued(company))
    clock.advance(days=-1)

    with pytest.raises(CreditBeforeInvoice):
        finalise(note)

    assert_still_a_draft(note)


def test_an_incomplete_seller_is_refused(company: Company):
    note = make_credit_draft(make_issued(company))
    company.address = ""
    company.save()

    with pytest.raises(InvoiceIncomplete) as refused:
        finalise(note)

    assert [problem.field for problem in refused.value.problems] == ["address"]
    assert_still_a_draft(note)


def test_a_discarded_draft_is_refused(company: Company):
    note = make_credit_draft(make_issued(company))
    discard_draft(company_id=company.id, invoice_id=note.id, now=clock_port.now() + timedelta(seconds=1))

    with pytest.raises(DraftDiscarded):
        finalise(note)

    assert_still_a_draft(note)


def test_it_is_not_issued_as_an_invoice(company: Company):
    note = make_credit_draft(make_issued(company))

    with pytest.raises(NotAnInvoice):
        issue_invoice(company_id=company.id, invoice_id=note.id, now=clock_port.now())

    assert_still_a_draft(note)


def test_an_invoice_is_not_issued_as_a_credit_note(company: Company):
    with pytest.raises(Http404):
        finalise(make_issued(company))


def test_that_of_another_company_is_not_found(company: Company):
    note = make_credit_draft(make_issued(company))

    with pytest.raises(Http404):
        finalise(note, make_company(siren="552100554").id)

    assert_still_a_draft(note)
