"""Every hour: what was made lately and nobody told us of. Where nothing was lost, nothing is found."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Payment, PaymentAttempt, Payout, ProviderAccount, ProviderEvent, Refund, Silence
from reglo.payments.services import check_account, list_recent, sweep
from reglo.payments.services.list_recent import list_account
from reglo.payments.states import AccountState, NoticeState
from reglo.ports import clock as clock_port
from sandbox.stripe import courier, seed
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def later(stripe: StripeWorld, clock: FrozenClock, **time: int) -> None:
    clock.advance(**time)
    stripe.tell_time()


def lose_everything(stripe: StripeWorld) -> None:
    """What waits is never delivered, nor will the feed of undelivered events ever tell of it."""
    stripe.deliver()
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("UPDATE deliveries SET state = 'delivered'")


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def turn() -> None:
        monkeypatch.setattr(courier, "post", lambda *request: courier.Receipt(None, "connection refused"))

    return turn


def listed(account: ProviderAccount) -> int:
    account.refresh_from_db()
    return list_account(account=account, now=clock_port.now())


def test_where_nothing_was_lost_nothing_is_found(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(Payment.objects.get().external_id), "amount": 5_00})
    stripe.command("payouts", account=seed.SELLER)
    stripe.deliver()
    run_until_idle()
    later(stripe, clock, hours=1)
    counted = ProviderEvent.objects.count()
    assert (Refund.objects.count(), Payout.objects.count()) == (1, 1)

    assert listed(account) == 0

    assert ProviderEvent.objects.count() == counted


def test_a_payment_that_nobody_told_of_is_found_once_and_booked(
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    account: ProviderAccount,
    clock: FrozenClock,
    deaf: Callable[[], None],
):
    deaf()
    stripe.pay(start(invoice))
    lose_everything(stripe)
    later(stripe, clock, hours=1)

    assert listed(account) == 1
    assert listed(account) == 0
    run_until_idle()

    payment = Payment.objects.get()
    assert (Settlement.objects.get(invoice=invoice).settled_minor, payment.fee_minor) == (120_00, 2_05)
    notice = ProviderEvent.objects.get(object_id=payment.external_id)
    assert (notice.kind, notice.state, notice.sealed_request) == ("charge.succeeded", NoticeState.APPLIED, "")
    assert listed(account) == 0


def test_a_fee_and_a_refund_that_nobody_told_of_are_found(
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    account: ProviderAccount,
    clock: FrozenClock,
    deaf: Callable[[], None],
):
    stripe.pay(start(invoice))
    sweep(now=clock_port.now())
    assert Payment.objects.get().fee_minor is None
    deaf()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(Payment.objects.get().external_id), "amount": 5_00})
    lose_everything(stripe)
    later(stripe, clock, hours=1)

    assert listed(account) == 2
    run_until_idle()

    assert (Payment.objects.get().fee_minor, Refund.objects.get().amount_minor) == (2_05, 5_00)
    assert listed(account) == 0


def test_a_payout_that_nobody_told_of_is_found_in_each_of_its_states(
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    account: ProviderAccount,
    clock: FrozenClock,
    deaf: Callable[[], None],
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    deaf()
    stripe.command("payouts", account=seed.SELLER)
    lose_everything(stripe)
    later(stripe, clock, hours=1)
    assert (listed(account), listed(account)) == (1, 0)
    run_until_idle()
    payout = Payout.objects.get()
    assert (payout.state, payout.gap_minor) == ("in_transit", 0)

    stripe.command(f"payouts/{payout.external_id}/arrive")
    lose_everything(stripe)
    assert (listed(account), listed(account)) == (1, 0)
    run_until_idle()
    stripe.command(f"payouts/{payout.external_id}/fail")
    lose_everything(stripe)
    assert (listed(account), listed(account)) == (1, 0)
    run_until_idle()

    payout.refresh_from_db()
    assert payout.state == "failed"


def test_what_is_on_its_way_is_not_missed(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    later(stripe, clock, minutes=9)

    assert listed(account) == 0

    later(stripe, clock, minutes=2)
    assert listed(account) == 1


def test_a_sale_made_elsewhere_is_looked_at_once(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock, deaf: Callable[[], None]
):
    deaf()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.payment_intents.create(
        {"amount": 2000, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    lose_everything(stripe)
    later(stripe, clock, hours=1)

    assert listed(account) == 1
    run_until_idle()

    assert ProviderEvent.objects.get(kind="charge.succeeded").state == NoticeState.IGNORED
    assert (listed(account), Payment.objects.count()) == (0, 0)


def test_a_list_that_the_key_may_not_read_stops_nothing(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_payout_write")
    later(stripe, clock, hours=1)

    list_recent(now=clock_port.now())

    account.refresh_from_db()
    assert (account.state, account.listed_at) == (AccountState.ACTIVE, clock_port.now())
    assert ProviderEvent.objects.filter(kind="charge.succeeded").count() == 1


def test_what_a_right_kept_from_us_is_found_once_the_right_is_given(
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    account: ProviderAccount,
    clock: FrozenClock,
):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_payout_write")
    stripe.pay(start(invoice))
    stripe.deliver()
    stripe.command("payouts", account=seed.SELLER)
    stripe.deliver()
    run_until_idle()
    later(stripe, clock, days=9)
    stripe.sandbox.courier.work(at_once=True)
    run_until_idle()
    listed(account)
    assert not Payout.objects.exists()

    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", add="rak_payout_read")
    check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    listed(account)
    run_until_idle()

    payout = Payout.objects.get()
    assert (payout.state, payout.gap_minor, payout.amount_minor) == ("paid", 0, 117_95)


def test_a_revoked_key_breaks_its_account_and_the_list_is_read_again_later(
    stripe: StripeWorld, account: ProviderAccount
):
    stripe.revoke(RESTRICTED_KEY)

    list_recent(now=clock_port.now())

    account.refresh_from_db()
    assert (account.state, account.listed_at) == (AccountState.BROKEN, None)


def test_a_silence_of_two_days_is_no_news_a_longer_one_is_reported(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    listed(account)
    began = clock_port.now()
    later(stripe, clock, hours=48)
    listed(account)
    assert not Silence.objects.exists()

    stripe.pay(start(invoice))
    later(stripe, clock, days=3)
    listed(account)

    silence = Silence.objects.get()
    assert (silence.from_at, silence.until_at) == (began + timedelta(hours=48), clock_port.now())
    assert (silence.seen, silence.lacking) == (1, 1)
