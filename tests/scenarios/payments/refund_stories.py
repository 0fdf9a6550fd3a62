"""What the stories about refunds share: the books are proved after each, and what may be asked of both sides."""

from collections.abc import Iterator

import pytest

from reglo.companies.models import Company
from reglo.dashboard.outlook import outlook
from reglo.dashboard.todo import tasks_for
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import EntryLine
from reglo.payments.models import Payment
from reglo.payments.queries import surpluses_of
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services import (
    record_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.harness.stripe_world import StripeWorld
from tests.verify.test_proofs import address, faults


@pytest.fixture(autouse=True)
def proved(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[None]:
    """However the story went, the independent reader finds nothing to say. The SDK does not wait between its tries."""
    monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)
    yield
    run_until_idle()
    seal_events(now=clock_port.now())
    assert faults(address()) == {}


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def balance(company: Company, account: str) -> int:
    lines = EntryLine.objects.filter(company=company, account=account)
    return sum(line.debit_minor - line.credit_minor for line in lines)


def surpluses(company: Company) -> list[int]:
    return sorted(refund_offer(one).surplus.minor for one in surpluses_of(company))


def told_to_the_owner(company: Company) -> list[str]:
    membership = company.memberships.get(role="owner")
    today = clock_port.now().date()
    ahead = outlook(company, today=today)
    return [task.text for task in tasks_for(membership, ahead=ahead, today=today, now=clock_port.now())]


def by_transfer(invoice: Invoice, amount_minor: int) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )


def at_stripe(stripe: StripeWorld) -> list[int]:
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    return [refund.amount for refund in client.v1.refunds.list().data][::-1]


def refund_at_stripe(stripe: StripeWorld, paid: Payment, amount: int) -> None:
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    client.v1.refunds.create({"charge": str(paid.external_id), "amount": amount})


def everything_arrives(stripe: StripeWorld, **how: bool) -> None:
    stripe.deliver(**how)
    run_until_idle()
