"""Refunds, up to what the charge brought."""

import pytest
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.checkout import press_pay, session_of, types_of


@pytest.fixture
def charge(shop: stripe.StripeClient) -> stripe.Charge:
    press_pay(session_of(shop, 1000).url)
    return shop.v1.charges.list().data[0]


def test_a_whole_refund_by_intent(shop: stripe.StripeClient, charge: stripe.Charge) -> None:
    refund = shop.v1.refunds.create({"payment_intent": str(charge.payment_intent), "reason": "requested_by_customer"})
    assert (refund.amount, refund.status, refund.charge, refund.reason) == (
        1000,
        "succeeded",
        charge.id,
        "requested_by_customer",
    )
    after = shop.v1.charges.retrieve(charge.id)
    assert (after.refunded, after.amount_refunded) == (True, 1000)
    assert types_of(shop)[-2:] == ["refund.created", "charge.refunded"]


def test_parts_add_up_to_the_ceiling(shop: stripe.StripeClient, charge: stripe.Charge) -> None:
    shop.v1.refunds.create({"charge": charge.id, "amount": 400})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as caught:
        shop.v1.refunds.create({"charge": charge.id, "amount": 601})
    assert caught.value.param == "amount"
    shop.v1.refunds.create({"charge": charge.id, "amount": 600})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.refunds.create({"charge": charge.id, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    assert [refund.amount for refund in shop.v1.refunds.list({"charge": charge.id}).data] == [600, 400]


def test_a_refund_takes_the_money_back_but_not_the_fee(shop: stripe.StripeClient, charge: stripe.Charge) -> None:
    refund = shop.v1.refunds.create({"charge": charge.id, "amount": 400, "expand": ["balance_transaction"]})
    moved = refund.balance_transaction
    assert isinstance(moved, stripe.BalanceTransaction)
    assert (moved.amount, moved.fee, moved.net, moved.type) == (-400, 0, -400, "refund")


def test_a_failed_charge_cannot_be_refunded(shop: stripe.StripeClient) -> None:
    press_pay(session_of(shop, 1000).url, "4000000000000002")
    failed = shop.v1.charges.list().data[0]
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.refunds.create({"charge": failed.id})


def test_a_refund_names_its_charge(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.refunds.create({"amount": 100})
    assert caught.value.code == "parameter_missing"


def test_refunds_are_shown_in_the_charge_when_expanded(shop: stripe.StripeClient, charge: stripe.Charge) -> None:
    refund = shop.v1.refunds.create({"charge": charge.id, "amount": 400})
    shown = shop.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert shown.refunds is not None
    assert [one.id for one in shown.refunds.data] == [refund.id]


def test_a_card_whose_refunds_take_their_time(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    press_pay(session_of(shop, 1000).url, "4000000000007726")
    refund = shop.v1.refunds.create({"charge": shop.v1.charges.list().data[0].id, "amount": 400})
    assert refund.status == "pending"

    world.deliver()

    assert shop.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert types_of(shop)[-1] == "refund.updated"


def test_a_card_whose_refunds_come_back(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    press_pay(session_of(shop, 1000).url, "4000000000005126")
    charge = shop.v1.charges.list().data[0].id
    refund = shop.v1.refunds.create({"charge": charge, "amount": 400})
    assert refund.status == "succeeded"

    world.deliver()

    failed = shop.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert (failed.failure_balance_transaction.amount, failed.failure_balance_transaction.fee) == (400, 0)
    assert shop.v1.charges.retrieve(charge).amount_refunded == 0
    assert types_of(shop)[-1] == "refund.failed"
    assert shop.v1.refunds.create({"charge": charge}).amount == 1000
