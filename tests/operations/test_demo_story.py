"""The year that `reglo demo` tells: what a person who tries Réglo finds, made by the product's own verbs."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from reglo.catalog.models import Product
from reglo.companies.models import User
from reglo.customers.models import Customer
from reglo.delivery.models import Message
from reglo.delivery.states import MessageState
from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.files import store
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.states import InvoiceState
from reglo.operations.demo.history import Year
from reglo.payments.models import Difference, Payment
from reglo.payments.states import Method
from reglo.verify.books import open_books
from reglo.verify.run import verify
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import running, stripe, world  # noqa: F401 (fixtures)
from tests.settings import TEST_ENGINE

pytestmark = pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the demo runs on SQLite")
SMTP_PORT = 8125


@pytest.mark.django_db(transaction=True)
def test_a_year_of_the_practice_company_in_every_state(
    alice: User,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
):
    def move(_year: Year, at: datetime) -> None:
        clock.instant = at
        stripe.tell_time()

    settings.INTERNAL_MAIL_SERVERS = frozenset({f"localhost:{SMTP_PORT}"})
    monkeypatch.setattr(Year, "set_clock", move)
    year = Year(clock_file=tmp_path / "clock", sandbox=stripe.sandbox.url, smtp_port=SMTP_PORT)

    company = year.tell(alice)

    invoices = list(Invoice.objects.filter(company=company).select_related("settlement").order_by("id"))
    states = Counter(invoice.state_on(year.today.date()) for invoice in invoices)
    assert (company.practice, company.logo_id is not None) == (True, True)
<<<<<<< ours
    assert (Customer.objects.count(), Product.objects.count(), len(invoices)) == (12, 8, 43)
||||||| base
    assert (Customer.objects.count(), Product.objects.count(), len(invoices)) == (12, 8, 42)
=======
    assert (Customer.objects.count(), Product.objects.count(), len(invoices)) == (14, 8, 46)
>>>>>>> theirs
    assert states == {
<<<<<<< ours
        InvoiceState.PAID: 33,
||||||| base
        InvoiceState.PAID: 32,
=======
        InvoiceState.PAID: 34,
>>>>>>> theirs
        InvoiceState.OVERDUE: 4,
        InvoiceState.DUE: 2,
        InvoiceState.PENDING: 1,
        InvoiceState.PARTLY_PAID: 2,
        InvoiceState.DRAFT: 1,
        InvoiceState.CREDITED: 1,
        InvoiceState.ISSUED: 1,  # the credit note
    }
    quotes = {(quote.number, quote.status) for quote in Quote.objects.filter(company=company)}
    assert quotes == {("ESSAI-D2026-0001", "accepted"), ("ESSAI-D2026-0002", "sent")}
    assert year.today - min(invoice.created_at for invoice in invoices) > timedelta(days=350)
    assert set(Payment.objects.values_list("method", flat=True)) == {
        Method.CARD,
        Method.TRANSFER,
        Method.CHEQUE,
        Method.CASH,
    }
    assert not Payment.objects.filter(account__isnull=False, fee_minor=None).exists()
    assert not Difference.objects.exists()  # nothing on the first page that nobody made wrong
    assert not Message.objects.exclude(state=MessageState.SENT).exists()
    assert not Reaction.objects.exclude(state=ReactionState.DONE).exists()
    with open_books(
        str(connection.settings_dict["NAME"]), read_file=lambda sha256: store.path_of(sha256).read_bytes()
    ) as books:
        assert [fault for verdict in verify(books) for fault in verdict.faults] == []
