"""What Stripe pays out, from the card to the bank account, and what happens when the bank sends it back."""

from collections.abc import Callable

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.ledger.queries import balance_of
from reglo.payments.models import Dispute, Payment, PaymentAttempt, Payout, PayoutLine, ProviderAccount
from reglo.payments.services import compare_balances
from reglo.payments.states import PayoutState
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def told(stripe: StripeWorld) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def days_pass(stripe: StripeWorld, clock: FrozenClock, days: int) -> None:
    for _ in range(days):
        clock.advance(days=1)
        told(stripe)


def state(invoice: Invoice) -> InvoiceState:
    fresh = Invoice.objects.select_related("settlement").get(id=invoice.id)
    return fresh.state_on(clock_port.now().date())


def test_money_goes_from_the_card_to_the_bank_account(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    """Two invoices paid, one refunded in part at Stripe, one sale made elsewhere: one payout, nothing left at Stripe."""
    other = make_issued(company, card_allowed=True)
    stripe.pay(start(invoice))
    stripe.pay(start(other))
    told(stripe)
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(Payment.objects.earliest("recorded_at").external_id), "amount": 20_00})
    shop.v1.payment_intents.create(
        {"amount": 50_00, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    told(stripe)
    assert balance_of(company_id=company.id, account="517100") == 120_00 * 2 - 2_05 * 2 - 20_00

    days_pass(stripe, clock, 5)

    payout = Payout.objects.get()
    assert (payout.state, payout.automatic, payout.gap_minor) == (PayoutState.PAID, True, 0)
    assert payout.amount_minor == 120_00 * 2 - 2_05 * 2 - 20_00 + 50_00 - 1_00
    lines = PayoutLine.objects.order_by("net_minor")
    assert [(line.kind, line.net_minor, line.booked) for line in lines] == [
        ("refund", -20_00, True),
        ("charge", 49_00, False),
        ("charge", 117_95, True),
        ("charge", 117_95, True),
    ]
    assert balance_of(company_id=company.id, account="512000") == payout.amount_minor
    assert balance_of(company_id=company.id, account="517100") == 0
    assert balance_of(company_id=company.id, account="471000") == -50_00


def test_27_a_payout_fails_after_it_was_said_to_be_paid(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    """The bank account is as before, the payment stays paid, and the money leaves again with the next payout."""
    stripe.pay(start(invoice))
    told(stripe)
    days_pass(stripe, clock, 5)
    first = Payout.objects.get()
    assert first.state == PayoutState.PAID

    stripe.command(f"payouts/{first.external_id}/fail", code="account_closed")
    told(stripe)

    first.refresh_from_db()
    assert (first.state, first.failure) == (PayoutState.FAILED, "account_closed")
    assert balance_of(company_id=company.id, account="512000") == 0
    assert balance_of(company_id=company.id, account="517100") == 117_95
    assert state(invoice) == InvoiceState.PAID

    days_pass(stripe, clock, 3)

    again = Payout.objects.exclude(id=first.id).get()
    assert (again.state, again.amount_minor, again.gap_minor) == (PayoutState.PAID, 117_95, 0)
    assert again.lines.get().other_payout == first
    assert balance_of(company_id=company.id, account="512000") == 117_95
    assert balance_of(company_id=company.id, account="517100") == 0
    assert balance_of(company_id=company.id, account="471000") == 0


def test_a_payout_by_hand_is_booked_and_not_taken_apart(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    stripe.pay(start(invoice))
    told(stripe)
    clock.advance(days=3, minutes=1)
    stripe.tell_time()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    made = shop.v1.payouts.create({"amount": 100_00, "currency": "eur", "statement_descriptor": "LOYER"})
    stripe.command(f"payouts/{made.id}/arrive")
    told(stripe)

    payout = Payout.objects.get(external_id=made.id)
    assert (payout.state, payout.automatic, payout.gap_minor, payout.descriptor) == ("paid", False, None, "LOYER")
    assert balance_of(company_id=company.id, account="512000") == 100_00


def test_a_payment_whose_news_was_lost_is_booked_before_the_payout_that_took_it(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    """Nothing passes through the account of what is unexplained."""
    stripe.pay(start(invoice))
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("DELETE FROM deliveries")
    stripe.sandbox.courier.work(at_once=True)
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("DELETE FROM deliveries")
    stripe.command("payouts", account=seed.SELLER)

    told(stripe)

    assert (Payment.objects.get().fee_minor, PayoutLine.objects.get().booked) == (2_05, True)
    assert state(invoice) == InvoiceState.PAID
    assert balance_of(company_id=company.id, account="471000") == 0


def test_a_dispute_that_the_key_may_not_read_holds_up_neither_its_payout_nor_the_comparison(
    company: Company,
    account: ProviderAccount,
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    clock: FrozenClock,
):
    other = make_issued(company, card_allowed=True)
    stripe.pay(start(invoice))
    stripe.pay(start(other))
    told(stripe)
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_dispute_write")
    contested = Payment.objects.earliest("recorded_at").external_id
    stripe.command(f"charges/{contested}/dispute", kind="chargeback", amount=50_00)

    days_pass(stripe, clock, 5)
    compare_balances(now=clock_port.now())

    assert not Dispute.objects.exists()
    payout = Payout.objects.get()
    assert (payout.state, payout.gap_minor) == (PayoutState.PAID, 0)
    line = PayoutLine.objects.get(kind="dispute")
    assert (line.booked, line.net_minor) == (False, -50_00 - 20_00)
    assert balance_of(company_id=company.id, account="471000") == 50_00
    account.refresh_from_db()
    assert account.compared_at == clock_port.now()

    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", add="rak_dispute_read")
    days_pass(stripe, clock, 1)

    assert Dispute.objects.get().withdrawn_minor == 50_00
    assert PayoutLine.objects.get(kind="dispute").booked
    assert balance_of(company_id=company.id, account="471000") == 0
    assert balance_of(company_id=company.id, account="467100") == 50_00
