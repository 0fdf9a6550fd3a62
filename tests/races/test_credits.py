"""Credit notes and money at the same instant: never beyond the invoice, never a cent that nobody owes or holds."""

from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.invoicing.crediting import CreditBeyondInvoice, NothingToCredit
from reglo.invoicing.models import Invoice, NumberSequence
from reglo.invoicing.services import DraftRefused
from reglo.payments.models import Payment
from reglo.payments.services import (
    CollectionOutOfBounds,
    NothingToCollect,
    finalise_credit_note,
    record_collection,
    undo_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from tests.factories import make_credit, make_credit_draft, make_issued
from tests.harness.racing import in_threads
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (CreditBeyondInvoice, NothingToCredit, DraftRefused, NothingToCollect, CollectionOutOfBounds)


def collect(invoice: Invoice, amount_minor: int = 120_00) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )


def only_refused(raised: list[Any]) -> bool:
    return all(isinstance(one, REFUSALS) for one in raised)


def proved() -> dict[str, tuple[str, ...]]:
    seal_events(now=clock_port.now())
    return faults(address())


def test_two_who_credit_at_once_stay_within_the_invoice(company: Company):
    invoice = make_issued(company)

    raised = in_threads(*[lambda: make_credit(invoice, amount_minor=70_00)] * 3)

    assert (len(raised), only_refused(raised)) == (2, True)
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert NumberSequence.objects.get(series="ESSAI-A2026-").last_number == 1
    assert proved() == {}


def test_one_draft_finalised_by_two_has_one_number(company: Company):
    draft = make_credit_draft(make_issued(company))

    def finalise() -> None:
        finalise_credit_note(company_id=company.id, credit_note_id=draft.id, now=clock_port.now())

    assert in_threads(finalise, finalise) == []

    assert NumberSequence.objects.get(series="ESSAI-A2026-").last_number == 1
    assert proved() == {}


def test_credited_while_it_is_paid(company: Company):
    invoice = make_issued(company)

    raised = in_threads(lambda: make_credit(invoice), lambda: collect(invoice))

    assert only_refused(raised)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.settlement.settled_minor) == ("credited", 0)
    assert proved() == {}


def test_credited_while_its_collection_is_undone(company: Company):
    invoice = make_issued(company)
    payment = collect(invoice)

    def undo() -> None:
        undo_collection(company_id=company.id, payment_id=payment.id, reason="erreur", now=clock_port.now())

    assert in_threads(lambda: make_credit(invoice, amount_minor=50_00), undo) == []

    invoice.refresh_from_db()
    assert (invoice.settlement.credited_minor, invoice.settlement.settled_minor) == (50_00, 0)
    assert proved() == {}
