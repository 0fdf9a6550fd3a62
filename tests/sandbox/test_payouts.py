"""What the seller's bank is sent: by the day, by hand, and sent back."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.checkout import press_pay, session_of, types_of
from tests.sandbox.conftest import Client

DAY = 86_400


@pytest.fixture(autouse=True)
def noon(world: RunningSandbox) -> None:
    """Far from midnight, when another day's payout leaves."""
    world.world.clock.set_offset(DAY // 2 - world.world.clock.now() % DAY)


def paid(shop: stripe.StripeClient, world: RunningSandbox, amount: int = 124_000) -> None:
    press_pay(session_of(shop, amount).url)
    world.deliver()


def let_pass(world: RunningSandbox, seconds: int) -> None:
    world.world.clock.set_offset(world.world.clock.offset() + seconds)
    world.courier.work()


def command(world: RunningSandbox, path: str, **values: object) -> requests.Response:
    return requests.post(f"{world.url}/_control/{path}", json=values, timeout=10)


def test_what_is_available_is_paid_out_the_day_after_and_can_be_taken_apart(
    shop: stripe.StripeClient, world: RunningSandbox
) -> None:
    paid(shop, world)
    paid(shop, world, 1000)
    assert shop.v1.payouts.list().data == []

    let_pass(world, 3 * DAY)

    [payout] = shop.v1.payouts.list().data
    assert (payout.amount, payout.automatic, payout.status) == (122_115 + 960, True, "in_transit")
    assert payout.reconciliation_status == "in_progress"
    assert (payout.arrival_date % DAY, 0 < payout.arrival_date - payout.created <= DAY) == (0, True)
    let_pass(world, DAY)
    arrived = shop.v1.payouts.retrieve(payout.id)
    assert (arrived.status, arrived.reconciliation_status) == ("paid", "completed")
    movements = shop.v1.balance_transactions.list({"payout": payout.id}).data
    assert sorted((one.type, one.net) for one in movements) == [
        ("charge", 960),
        ("charge", 122_115),
        ("payout", -123_075),
    ]
    assert shop.v1.balance.retrieve().available[0].amount == 0
    assert [one for one in types_of(shop) if one.startswith("payout.")] == [
        "payout.created",
        "payout.reconciliation_completed",
        "payout.paid",
    ]


def test_one_automatic_payout_a_day(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)
    let_pass(world, 3 * DAY)
    paid(shop, world)

    world.courier.work()
    let_pass(world, 3600)

    assert len(shop.v1.payouts.list().data) == 1
    let_pass(world, 3 * DAY)
    assert [one.amount for one in shop.v1.payouts.list().data] == [122_115, 122_115]


def test_a_payout_that_the_bank_sends_back_leaves_again(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)
    let_pass(world, 3 * DAY)
    let_pass(world, DAY)
    [payout] = shop.v1.payouts.list().data

    assert command(world, f"payouts/{payout.id}/fail", code="no_account").json() == {"status": "failed"}

    failed = shop.v1.payouts.retrieve(payout.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert (failed.failure_balance_transaction.type, failed.failure_balance_transaction.net) == (
        "payout_failure",
        122_115,
    )
    assert types_of(shop)[-1] == "payout.failed"
    let_pass(world, DAY)
    again = shop.v1.payouts.list().data[0]
    assert (again.id != payout.id, again.amount) == (True, 122_115)
    assert command(world, f"payouts/{payout.id}/fail").status_code == 409


def test_everything_leaves_now_when_told(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)

    told = command(world, "payouts", account=seed.SELLER).json()

    payout = shop.v1.payouts.retrieve(told["payout"])
    assert (payout.amount, payout.status, payout.reconciliation_status) == (122_115, "in_transit", "completed")
    assert command(world, "payouts", account=seed.SELLER).status_code == 409
    assert command(world, "payouts", account="acct_none").status_code == 404
    assert command(world, f"payouts/{payout.id}/arrive").json() == {"status": "paid"}
    assert command(world, "payouts/po_none/arrive").status_code == 404


def test_a_payout_by_hand_cannot_be_taken_apart(
    client: Client, shop: stripe.StripeClient, world: RunningSandbox
) -> None:
    paid(shop, world)
    with pytest.raises(stripe.InvalidRequestError, match="insufficient funds") as refused:
        shop.v1.payouts.create({"amount": 1000, "currency": "eur"})
    assert refused.value.code == "balance_insufficient"
    world.world.clock.set_offset(world.world.clock.offset() + 3 * DAY)

    payout = shop.v1.payouts.create({"amount": 1000, "currency": "eur", "metadata": {"why": "rent"}})

    assert (payout.automatic, payout.status, payout.reconciliation_status) == (False, "pending", "not_applicable")
    with pytest.raises(stripe.InvalidRequestError, match="only be filtered on automatic"):
        shop.v1.balance_transactions.list({"payout": payout.id})
    assert shop.v1.balance.retrieve().available[0].amount == 121_115


def test_only_what_waits_is_canceled(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)
    world.world.clock.set_offset(world.world.clock.offset() + 3 * DAY)
    payout = shop.v1.payouts.create({"amount": 1000, "currency": "eur"})

    assert shop.v1.payouts.cancel(payout.id).status == "canceled"

    assert shop.v1.balance.retrieve().available[0].amount == 122_115
    with pytest.raises(stripe.InvalidRequestError, match="only be canceled while"):
        shop.v1.payouts.cancel(payout.id)


def test_lists_are_narrowed(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)
    let_pass(world, 3 * DAY)
    [payout] = shop.v1.payouts.list().data
    shop.v1.payouts.update(payout.id, {"metadata": {"seen": "yes"}})

    assert shop.v1.payouts.list({"created": {"gte": payout.created + 1}}).data == []
    assert shop.v1.payouts.list({"arrival_date": {"gt": payout.arrival_date}}).data == []
    assert [one.id for one in shop.v1.payouts.list({"status": "in_transit"}).data] == [payout.id]
    assert shop.v1.balance_transactions.list({"type": "charge", "created": {"gte": payout.created}}).data == []
    [charge] = shop.v1.charges.list({"created": {"lte": payout.created}}).data
    assert [one.net for one in shop.v1.balance_transactions.list({"source": charge.id}).data] == [122_115]


def test_the_money_of_one_test_card_is_available_at_once(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    """As the official command line wants it before it makes a payout."""
    shop.v1.payment_intents.create(
        {"amount": 2000, "currency": "usd", "confirm": True, "payment_method": "pm_card_bypassPending"}
    )

    payout = shop.v1.payouts.create({"amount": 1100, "currency": "usd", "description": "(created by Stripe CLI)"})

    assert (payout.amount, payout.currency) == (1100, "usd")
    assert types_of(shop)[-1] == "payout.created"


def test_the_page_shows_what_was_sent_and_what_waits(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid(shop, world)
    assert "1\u202f221,15\u00a0€" in requests.get(f"{world.url}/payouts", timeout=10).text
    command(world, "payouts", account=seed.SELLER)

    shown = requests.get(f"{world.url}/payouts", timeout=10).text

    assert "En route" in shown
    assert "Virer maintenant" not in shown
