"""A company connected to Stripe, played by the sandbox; an invoice that may be paid by card."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, Refund
from reglo.payments.providers import registry
from reglo.payments.providers.contract import Urls
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services import connect_account, propose_account, refund_payment, start_payment
from reglo.payments.states import RefundReason
from reglo.ports import clock as clock_port
from reglo.ports import ids
from sandbox.stripe import seed
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import GOOD, RESTRICTED_KEY, StripeWorld, carry_to_our_hook
from tests.sandbox.conftest import running, world  # noqa: F401 (fixtures)


@pytest.fixture
def stripe(world, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeWorld]:  # noqa: F811 (the fixture)
    stripe = StripeWorld(world, clock)
    stripe.tell_time()
    carry_to_our_hook(monkeypatch)
    with registry.replace("stripe", stripe.provider()):
        yield stripe


@pytest.fixture
def account(company: Company, stripe: StripeWorld) -> ProviderAccount:
    """Atelier Lumen's, connected by restricted key, card payments switched on."""
    Company.objects.filter(id=company.id).update(card_payments=True)
    company.refresh_from_db()
    now = clock_port.now()
    proposed = propose_account(company=company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=now)
    return connect_account(company_id=company.id, account_id=proposed.id, now=now)


@pytest.fixture
def invoice(company: Company, account: ProviderAccount) -> Invoice:
    """120,00 €, card allowed."""
    return make_issued(company, card_allowed=True)


Give = Callable[..., Refund]


@pytest.fixture
def payment(invoice: Invoice, stripe: StripeWorld, start: Callable[[Invoice], PaymentAttempt]) -> Payment:
    """120,00 € paid by card for the invoice, in the books with its fee."""
    return pay_on_line(stripe, start(invoice))


def pay_on_line(stripe: StripeWorld, attempt: PaymentAttempt, number: str = GOOD) -> Payment:
    """The payer's card is charged, and everything that follows is done."""
    stripe.pay(attempt, number)
    stripe.deliver()
    run_until_idle()
    return Payment.objects.get(attempt=attempt)


@pytest.fixture
def give_back() -> Give:
    """Press *Rembourser*, on a page that was just opened."""

    def press(payment: Payment, amount_minor: int, **given: Any) -> Refund:
        payment = Payment.objects.get(id=payment.id)
        usual = {
            "company_id": payment.company_id,
            "refund_id": ids.new_uuid(),
            "left_minor": refund_offer(payment).left.minor,
            "reason": RefundReason.CUSTOMER,
            "now": clock_port.now(),
        }
        return refund_payment(payment_id=payment.id, amount_minor=amount_minor, **{**usual, **given})

    return press


def made_at_stripe(stripe: StripeWorld) -> list[tuple[int, str]]:
    """(amount, our key) of every refund at Stripe, the first first."""
    listed = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY}).v1.refunds.list()
    return [(one.amount, getattr(one.metadata, "refund", "")) for one in listed.data][::-1]


def urls(attempt: PaymentAttempt) -> Urls:
    return Urls(f"http://localhost:8000/retour/{attempt.id}", f"http://localhost:8000/annule/{attempt.id}")


@pytest.fixture
def start() -> Callable[[Invoice], PaymentAttempt]:
    """Press *Payer*."""

    def press(invoice: Invoice) -> PaymentAttempt:
        return start_payment(company_id=invoice.company_id, invoice_id=invoice.id, urls=urls, now=clock_port.now())

    return press
