from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.services import create_link
from reglo.invoicing.models import Invoice, OpeningImport, OpeningPaper, Settlement
from reglo.invoicing.services import OpeningTouched, attach_opening_paper, import_openings, undo_openings
from reglo.ledger.queries import balance_of
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from tests.factories import make_company, opening_row
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def made(company: Company) -> OpeningImport:
    return import_openings(
        company_id=company.id, rows=[opening_row("1"), opening_row("2", line=3)], key=uuid4(), name="", now=NOW
    )


def undo(made: OpeningImport) -> OpeningImport:
    return undo_openings(company_id=made.company_id, import_id=made.pk, now=NOW)


def test_what_came_in_goes_and_its_entries_are_reversed(made: OpeningImport):
    attach_opening_paper(
        company_id=made.company_id, invoice_id=Invoice.objects.get(number="1").pk, data=b"%PDF-1.7", now=NOW
    )

    undone = undo(made)

    assert undone.undone_at == NOW
    assert not Invoice.objects.exists()
    assert not OpeningPaper.objects.exists()
    assert balance_of(company_id=made.company_id, account="411000") == 0
    assert Customer.objects.filter(name="Café des Halles").count() == 1


def test_undone_twice_is_undone_once(made: OpeningImport):
    undo(made)

    with nothing_written():
        undo(made)


def test_the_same_numbers_may_come_in_again(made: OpeningImport):
    undo(made)

    import_openings(company_id=made.company_id, rows=[opening_row("1")], key=uuid4(), name="", now=NOW)

    assert Invoice.objects.get().number == "1"


def test_not_once_money_came(made: OpeningImport):
    paid = Invoice.objects.get(number="2")
    record_collection(
        company_id=made.company_id,
        invoice_id=paid.pk,
        amount_minor=1_00,
        method=Method.TRANSFER,
        collected_on=NOW.date(),
        now=NOW,
        actor_id=None,
    )

    with nothing_written(), pytest.raises(OpeningTouched) as refusal:
        undo(made)

    assert "sur 2 (" in str(refusal.value)


def test_not_once_somebody_holds_its_link(made: OpeningImport):
    create_link(company_id=made.company_id, invoice_id=Invoice.objects.get(number="1").pk, now=NOW)

    with nothing_written(), pytest.raises(OpeningTouched):
        undo(made)


def test_another_company_s_import_is_not_found(made: OpeningImport, alice):
    with pytest.raises(Http404):
        undo_openings(company_id=make_company(owner=alice).id, import_id=made.pk, now=NOW)


def test_the_database_refuses_to_lose_one_that_was_paid(made: OpeningImport):
    paid = Invoice.objects.get(number="2")
    record_collection(
        company_id=made.company_id,
        invoice_id=paid.pk,
        amount_minor=1_00,
        method=Method.TRANSFER,
        collected_on=NOW.date(),
        now=NOW,
        actor_id=None,
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.filter(invoice=paid)._raw_delete(using="default")
