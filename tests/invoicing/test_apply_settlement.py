from datetime import UTC, datetime

import pytest
from django.db import transaction

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.accounting import vat_falling_due
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import apply_settlement
from reglo.invoicing.states import InvoiceState
from tests.factories import make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def settle(invoice: Invoice, settled: int, *, pending: int = 0, disputed: int = 0) -> Invoice:
    with transaction.atomic():
        locked = lock_invoice(company_id=invoice.company_id, invoice_id=invoice.id)
        apply_settlement(invoice=locked, settled_minor=settled, pending_minor=pending, disputed_minor=disputed, now=NOW)
    invoice.refresh_from_db()
    return invoice


def kinds(invoice: Invoice) -> list[str]:
    events = Event.objects.filter(subject_type="invoicing.invoice", subject_id=str(invoice.id)).order_by("id")
    return list(events.values_list("kind", flat=True))


def test_paid_then_reopened_is_told_twice(company: Company):
    invoice = make_issued(company, now=NOW)

    settle(invoice, 12000)
    assert invoice.settlement.settled_at == NOW
    settle(invoice, 11999)

    assert invoice.settlement.settled_at is None
    assert kinds(invoice) == ["invoice.issued", "invoice.settled", "invoice.reopened"]


def test_the_same_amount_twice_is_told_once(company: Company):
    invoice = make_issued(company, now=NOW)

    settle(invoice, 12000)
    settle(invoice, 12000)

    assert kinds(invoice) == ["invoice.issued", "invoice.settled"]


def test_more_than_the_total_is_a_bug(company: Company):
    invoice = make_issued(company, now=NOW)

    with pytest.raises(AssertionError):
        settle(invoice, 12001)

    invoice.settlement.refresh_from_db()
    assert invoice.settlement.settled_minor == 0


@pytest.mark.parametrize(
    ("settled", "pending", "disputed", "today", "state"),
    [
        (0, 0, 0, "2026-12-22", InvoiceState.DUE),
        (0, 0, 0, "2026-12-23", InvoiceState.OVERDUE),
        (5000, 0, 0, "2026-12-22", InvoiceState.PARTLY_PAID),
        (5000, 0, 0, "2026-12-23", InvoiceState.OVERDUE),
        (0, 12000, 0, "2026-12-23", InvoiceState.PENDING),
        (12000, 0, 0, "2026-12-23", InvoiceState.PAID),
        (12000, 0, 12000, "2026-12-23", InvoiceState.DISPUTED),
    ],
)
def test_one_word_for_the_state(company: Company, settled: int, pending: int, disputed: int, today: str, state: str):
    invoice = settle(make_issued(company, now=NOW), settled, pending=pending, disputed=disputed)

    assert invoice.state_on(datetime.fromisoformat(today).date()) == state


def test_vat_falls_due_with_the_money_and_exactly_in_the_end(company: Company):
    invoice = make_issued(company, now=NOW)  # 120.00, of which 20.00 of VAT on receipts

    parts = [
        vat_falling_due(invoice, settled_before=before, settled_after=after)
        for before, after in ((0, 1), (1, 4000), (4000, 12000), (12000, 0))
    ]

    assert parts == [0, 667, 1333, -2000]
