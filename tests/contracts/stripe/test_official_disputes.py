"""The official command line disputes charges of the sandbox."""

import stripe

from tests.contracts.stripe.test_official_client import (  # noqa: F401 (fixtures)
    Trigger,
    program,
    run,
    shop,
    types_of,
    world,
)


def test_an_inquiry(run: Trigger, shop: stripe.StripeClient) -> None:  # noqa: F811 (the fixtures)
    run("charge.dispute.created")

    [dispute] = shop.v1.disputes.list().data
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    assert types_of(shop)[-2:] == ["charge.dispute.created", "charge.updated"]


def test_a_dispute_that_ends(run: Trigger, shop: stripe.StripeClient) -> None:  # noqa: F811 (the fixtures)
    run("charge.dispute.closed")

    [dispute] = shop.v1.disputes.list().data
    assert dispute.status == "warning_closed"
    assert types_of(shop)[-1] == "charge.dispute.closed"
