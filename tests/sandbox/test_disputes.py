"""Disputes: the API's object at each step, what each step moves and tells, and the pages that play the bank."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.checkout import press_pay, session_of, types_of
from tests.sandbox.conftest import Client

FRAUDULENT, NOT_RECEIVED, INQUIRY = "4000 0000 0000 0259", "4000 0000 0000 2685", "4000 0000 0000 1976"


def paid(world: RunningSandbox, shop: stripe.StripeClient, number: str = "4242 4242 4242 4242") -> stripe.Charge:
    press_pay(session_of(shop, 12_000).url, number)
    world.deliver()
    return shop.v1.charges.list().data[0]


def control(world: RunningSandbox, path: str, **values: object) -> requests.Response:
    return requests.post(f"{world.url}/_control/{path}", json=values, timeout=10)


def disputed(world: RunningSandbox, shop: stripe.StripeClient, **values: object) -> stripe.Dispute:
    charge = paid(world, shop)
    name = control(world, f"charges/{charge.id}/dispute", **values).json()["dispute"]
    return shop.v1.disputes.retrieve(name)


def moved(dispute: stripe.Dispute) -> list[tuple[int, int, str]]:
    return [(one.amount, one.fee, one.reporting_category) for one in dispute.balance_transactions]


@pytest.mark.parametrize(
    ("number", "status", "reason", "told"),
    [
        (FRAUDULENT, "needs_response", "fraudulent", ["charge.dispute.created", "charge.dispute.funds_withdrawn"]),
        (
            NOT_RECEIVED,
            "needs_response",
            "product_not_received",
            ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
        ),
        (INQUIRY, "warning_needs_response", "fraudulent", ["charge.dispute.created"]),
    ],
)
def test_a_test_card_disputes_what_it_paid(
    world: RunningSandbox, shop: stripe.StripeClient, number: str, status: str, reason: str, told: list[str]
) -> None:
    charge = paid(world, shop, number)

    [dispute] = shop.v1.disputes.list({"charge": charge.id}).data
    assert (dispute.status, dispute.reason, dispute.amount, dispute.charge) == (status, reason, 12_000, charge.id)
    assert shop.v1.charges.retrieve(charge.id).disputed
    assert [kind for kind in types_of(shop) if kind.startswith("charge.dispute")] == told


def test_an_inquiry_takes_nothing_until_it_escalates(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop, kind="inquiry")
    assert (moved(dispute), dispute.is_charge_refundable) == ([], True)

    control(world, f"disputes/{dispute.id}/escalate")

    after = shop.v1.disputes.retrieve(dispute.id)
    assert (after.status, after.is_charge_refundable) == ("needs_response", False)
    assert moved(after) == [(-12_000, 2_000, "dispute")]
    assert types_of(shop)[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


def test_the_money_and_the_fee_leave_and_the_money_alone_comes_back(
    world: RunningSandbox, shop: stripe.StripeClient
) -> None:
    dispute = disputed(world, shop, amount=5_000)
    assert moved(dispute) == [(-5_000, 2_000, "dispute")]

    control(world, f"disputes/{dispute.id}/end", won=True)

    won = shop.v1.disputes.retrieve(dispute.id)
    assert (won.status, moved(won)) == ("won", [(-5_000, 2_000, "dispute"), (5_000, 0, "dispute_reversal")])
    assert types_of(shop)[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]
    balance = shop.v1.balance.retrieve()
    assert balance.pending[0].amount == 12_000 - 205 - 2_000


def test_a_loss_gives_nothing_back(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop)

    control(world, f"disputes/{dispute.id}/end", won=False)

    lost = shop.v1.disputes.retrieve(dispute.id)
    assert (lost.status, len(lost.balance_transactions)) == ("lost", 1)
    assert types_of(shop)[-1] == "charge.dispute.closed"
    assert control(world, f"disputes/{dispute.id}/end", won=True).status_code == 404


@pytest.mark.parametrize(
    ("text", "status"), [("see attached", "under_review"), ("winning_evidence", "won"), ("losing_evidence", "lost")]
)
def test_evidence_is_handed_in_and_some_decides_at_once(
    world: RunningSandbox, shop: stripe.StripeClient, text: str, status: str
) -> None:
    dispute = disputed(world, shop)

    answered = shop.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})

    assert answered.status == status
    assert (answered.evidence_details.has_evidence, answered.evidence_details.submission_count) == (True, 1)
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "more"}})


def test_evidence_can_be_staged(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop)

    staged = shop.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Claire"}, "submit": False})

    assert (staged.status, staged.evidence.customer_name) == ("needs_response", "Claire")
    assert staged.evidence_details.submission_count == 0


@pytest.mark.parametrize(("kind", "status"), [("chargeback", "lost"), ("inquiry", "warning_closed")])
def test_the_seller_gives_in(world: RunningSandbox, shop: stripe.StripeClient, kind: str, status: str) -> None:
    dispute = disputed(world, shop, kind=kind)

    assert shop.v1.disputes.close(dispute.id).status == status


def test_a_charge_whose_money_is_held_cannot_be_refunded(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.refunds.create({"charge": str(dispute.charge)})

    assert caught.value.code == "charge_disputed"
    assert shop.v1.refunds.list().data == []


def test_a_refund_ends_an_inquiry(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop, kind="inquiry")

    shop.v1.refunds.create({"charge": str(dispute.charge)})

    assert shop.v1.disputes.retrieve(dispute.id).status == "warning_closed"


def test_a_dispute_of_the_charge_and_its_intent_are_shown_when_expanded(
    world: RunningSandbox, shop: stripe.StripeClient
) -> None:
    dispute = disputed(world, shop)

    shown = shop.v1.disputes.retrieve(dispute.id, {"expand": ["charge.payment_intent", "charge.balance_transaction"]})

    assert isinstance(shown.charge, stripe.Charge)
    assert isinstance(shown.charge.payment_intent, stripe.PaymentIntent)
    assert isinstance(shown.charge.balance_transaction, stripe.BalanceTransaction)


def test_a_key_may_be_kept_from_disputes(world: RunningSandbox, client: Client) -> None:
    control(world, f"keys/{seed.SELLER_RESTRICTED_KEY}/permissions", remove="rak_dispute_write")

    with pytest.raises(stripe.PermissionError):
        client().v1.disputes.list()


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("charges/ch_none/dispute", {}, 404),
        ("charges/{charge}/dispute", {"kind": "revenge"}, 400),
        ("charges/{charge}/dispute", {"reason": "boredom"}, 400),
        ("charges/{charge}/dispute", {"amount": 12_001}, 400),
        ("disputes/dp_none/escalate", {}, 404),
        ("disputes/dp_none/end", {"won": True}, 404),
    ],
)
def test_a_command_about_nothing_is_refused(
    world: RunningSandbox, shop: stripe.StripeClient, path: str, values: dict[str, object], status: int
) -> None:
    charge = paid(world, shop)

    assert control(world, path.format(charge=charge.id), **values).status_code == status
    assert shop.v1.disputes.list().data == []


def test_the_bank_has_its_page_and_the_seller_answers_on_his(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    charge = paid(world, shop)
    page = requests.get(f"{world.url}/disputes", timeout=10).text
    assert f'action="/_control/charges/{charge.id}/dispute"' in page

    dispute = control(world, f"charges/{charge.id}/dispute", kind="inquiry").json()["dispute"]
    page = requests.get(f"{world.url}/disputes", timeout=10).text
    assert f'action="/_control/disputes/{dispute}/escalate"' in page

    control(world, f"disputes/{dispute}/escalate")
    address = f"{world.url}/test/disputes/{dispute}"
    assert "Répondez avant le" in requests.get(address, timeout=10).text
    answered = requests.post(address, data={"text": "Livré le 3 mars"}, timeout=10)
    assert "Il n’y a plus rien à répondre." in answered.text
    assert shop.v1.disputes.retrieve(dispute).status == "under_review"
    assert "Le vendeur gagne" in requests.get(f"{world.url}/disputes", timeout=10).text
    assert requests.get(f"{world.url}/disputes/dp_none", timeout=10).status_code == 404


def test_the_seller_gives_in_on_his_page(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    dispute = disputed(world, shop)

    requests.post(f"{world.url}/disputes/{dispute.id}", data={"give_in": "1"}, timeout=10)

    assert shop.v1.disputes.retrieve(dispute.id).status == "lost"
