"""A payout told by several at once, and beside the payment that it took along: each cent once."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.ledger.queries import balance_of
from reglo.payments.models import Payment, PaymentAttempt, Payout, PayoutLine, ProviderAccount
from reglo.payments.providers.balance import PayoutFact, PayoutStanding
from reglo.payments.services import record_payout
from reglo.payments.services.compare_balances import compare_account
from reglo.ports import clock as clock_port
from tests.harness.racing import in_threads
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.test_difference_report import elsewhere
from tests.payments.test_record_payout import SALE, paid, told

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]


def hearing(account: ProviderAccount, fact: PayoutFact) -> Callable[[], None]:  # noqa: F811 (the fixture)
    def hear() -> None:
        record_payout(account=account, fact=fact, now=clock_port.now())

    return hear


def test_four_who_hear_of_a_payout_book_it_once(company: Company, account: ProviderAccount):  # noqa: F811 (the fixture)
    raised = in_threads(*[hearing(account, told(PayoutStanding.PAID, SALE))] * 4)

    assert raised == []
    assert (Payout.objects.count(), PayoutLine.objects.count()) == (1, 1)
    assert Entry.objects.filter(source__startswith="payout:").count() == 1
    assert (
        balance_of(company_id=company.id, account="512000"),
        balance_of(company_id=company.id, account="517100"),
    ) == (
        117_95,
        0,
    )


def test_paid_and_failed_at_once_end_failed_and_leave_the_bank_as_it_was(
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
):
    raised = in_threads(
        hearing(account, told(PayoutStanding.PAID, SALE)), hearing(account, told(PayoutStanding.FAILED, SALE))
    )

    assert raised == []
    assert Payout.objects.get().state == "failed"
    assert balance_of(company_id=company.id, account="512000") == 0


def test_a_payment_and_the_payout_that_took_it_meet_in_any_order(
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    attempt = start(invoice)

    raised = in_threads(lambda: paid(attempt), hearing(account, told(PayoutStanding.PAID, SALE)))

    assert raised == []
    line = PayoutLine.objects.get()
    assert (line.booked, line.payment) == (True, Payment.objects.get())
    assert {name: balance_of(company_id=company.id, account=name) for name in ("517100", "471000", "627800")} == {
        "517100": 0,
        "471000": 0,
        "627800": 2_05,
    }


def test_two_nights_at_once_write_one_report(stripe: StripeWorld, account: ProviderAccount):  # noqa: F811 (the fixtures)
    elsewhere(stripe)

    def compare() -> None:
        compare_account(account=ProviderAccount.objects.get(), now=clock_port.now())

    raised = in_threads(compare, compare)

    assert raised == []
    assert account.differences.count() == 1
