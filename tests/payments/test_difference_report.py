"""The provider's balance held against our books: repaired where it can be, shown by name where it cannot."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.money import Money
from reglo.payments.comparison import Side, by_source, differences
from reglo.payments.models import Difference, Payment, PaymentAttempt, Payout, ProviderAccount, Refund
from reglo.payments.providers import facts, registry
from reglo.payments.providers.balance import BalanceFact
from reglo.payments.providers.balance import MovementKind as Moved
from reglo.payments.services import NoBalance, apply_snapshot, compare_balances, retake_difference
from reglo.payments.services.compare_balances import compare_account
from reglo.payments.states import AccountState, DifferenceKind, MovementKind
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.factories import make_company
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def fact(
    minor: int, fee: int = 0, *, source: str, kind: Moved = Moved.CHARGE, at: datetime = AT, currency: str = "EUR"
) -> BalanceFact:
    return BalanceFact(f"txn_{source}_{minor}", kind, Money(minor, currency), Money(fee, currency), source, at)


def side(net: int | None, *, kind: MovementKind = MovementKind.CHARGE, currency: str = "EUR") -> Side:
    return Side(kind, net, currency, AT)


class TestComparison:
    def test_what_agrees_is_no_difference(self):
        assert list(differences({"ch_1": side(117_95)}, {"ch_1": side(117_95)})) == []

    @pytest.mark.parametrize(
        ("theirs", "ours", "kind"),
        [
            ({"ch_1": side(117_95)}, {}, DifferenceKind.MISSING_HERE),
            ({}, {"ch_1": side(117_95)}, DifferenceKind.MISSING_THERE),
            ({}, {"ch_1": side(None)}, DifferenceKind.MISSING_THERE),
            ({"ch_1": side(117_95)}, {"ch_1": side(117_94)}, DifferenceKind.AMOUNTS),
            ({"ch_1": side(117_95)}, {"ch_1": side(None)}, DifferenceKind.AMOUNTS),
        ],
    )
    def test_what_does_not_is_named(self, theirs: dict[str, Side], ours: dict[str, Side], kind: DifferenceKind):
        [found] = differences(theirs, ours)

        assert (found.source_id, found.kind) == ("ch_1", kind)
        assert found.seen == (theirs or ours)["ch_1"]

    def test_another_currency_is_not_compared(self):
        assert list(differences({"ch_1": side(117_95)}, {"ch_1": side(130_00, currency="USD")})) == []

    def test_a_refund_that_failed_moved_nothing_in_the_end(self):
        back = fact(30_00, source="re_1", kind=Moved.REFUND, at=AT + timedelta(days=2))
        sides = by_source([back, fact(-30_00, source="re_1", kind=Moved.REFUND)])

        assert sides == {"re_1": Side(MovementKind.REFUND, 0, "EUR", AT)}
        assert list(differences(sides, {"re_1": side(0)})) == []
        assert list(differences({}, {"re_1": side(0)})) == []

    def test_fees_and_payouts_are_explained_elsewhere(self):
        assert by_source([fact(-2_00, source="", kind=Moved.FEE), fact(-9, source="po_1", kind=Moved.PAYOUT)]) == {}


def compared(account: ProviderAccount) -> int:
    account.refresh_from_db()
    return compare_account(account=account, now=clock_port.now())


def elsewhere(stripe: StripeWorld, amount: int = 20_00) -> str:
    """A sale that was not begun here, its fee told."""
    stripe.tell_time()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    intent = shop.v1.payment_intents.create(
        {"amount": amount, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    stripe.sandbox.courier.work(at_once=True)
    return str(intent.latest_charge)


def forget_news(stripe: StripeWorld) -> None:
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("DELETE FROM deliveries")


def pass_days(stripe: StripeWorld, clock: FrozenClock, days: int) -> None:
    clock.advance(days=days)
    stripe.tell_time()


def rows() -> list[tuple[str, str, int | None, int | None, bool]]:
    """Kind, object, theirs, ours, open."""
    return [
        (row.kind, row.source_id, row.theirs_minor, row.ours_minor, row.resolved_at is None)
        for row in Difference.objects.order_by("id")
    ]


def test_where_everything_was_told_everything_agrees(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(Payment.objects.get().external_id), "amount": 5_00})
    stripe.deliver()
    run_until_idle()
    pass_days(stripe, clock, 2)

    assert compared(account) == 0

    account.refresh_from_db()
    assert (rows(), account.compared_at) == ([], clock_port.now())


def test_a_payment_of_ours_that_nobody_told_of_is_booked_and_no_difference(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.sandbox.courier.work(at_once=True)
    forget_news(stripe)

    assert compared(account) == 0

    assert (Payment.objects.get().fee_minor, Settlement.objects.get(invoice=invoice).settled_minor) == (2_05, 120_00)
    assert rows() == []


def test_a_sale_made_elsewhere_is_named_until_a_payout_explains_it(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
):
    charge = elsewhere(stripe)

    assert (compared(account), compared(account)) == (1, 1)
    assert rows() == [("missing_here", charge, 19_45, None, True)]

    stripe.command("payouts", account=seed.SELLER)
    stripe.deliver()
    run_until_idle()
    assert compared(account) == 0
    assert rows() == [("missing_here", charge, 19_45, None, False)]


def test_a_payment_that_the_provider_does_not_know_is_named(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    attempt = start(invoice)
    told = facts.PaymentFact(
        "ch_ghost", Money(120_00, "EUR"), clock_port.now(), facts.Method.CARD, "", Money(2_05, "EUR"),
        Money(120_00, "EUR"),
    )  # fmt: skip
    taken = facts.Snapshot(facts.Ref("charge", "ch_ghost"), False, str(attempt.id), facts.State.PAID, (told,))
    apply_snapshot(account=account, snapshot=taken, now=clock_port.now())
    assert compared(account) == 0  # it may still be on its way

    pass_days(stripe, clock, 2)
    assert compared(account) == 1

    assert rows() == [("missing_there", "ch_ghost", None, 117_95, True)]
    row = retake_difference(company_id=account.company_id, difference_id=Difference.objects.get().id, now=clock.now())
    assert row.resolved_at is None


def test_a_fee_that_is_not_what_was_booked_is_named_with_both_amounts(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    name = str(Payment.objects.get().external_id)
    with stripe.sandbox.world.store.transaction() as db:
        db.execute(
            "UPDATE objects SET body = json_set(body, '$.fee', 3, '$.net', 11997) WHERE kind = 'balance_transaction'"
        )

    assert compared(account) == 1

    assert rows() == [("amounts", name, 119_97, 117_95, True)]


def test_a_refund_on_its_way_is_asked_about_and_not_compared(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    refund = shop.v1.refunds.create({"charge": str(Payment.objects.get().external_id), "amount": 5_00})
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("UPDATE objects SET body = json_set(body, '$.status', 'pending') WHERE id = ?", (refund.id,))
    stripe.deliver()
    run_until_idle()
    assert Refund.objects.get().state == "pending"
    assert compared(account) == 0

    with stripe.sandbox.world.store.transaction() as db:
        db.execute("UPDATE objects SET body = json_set(body, '$.status', 'succeeded') WHERE id = ?", (refund.id,))
    assert compared(account) == 0

    assert (Refund.objects.get().state, rows()) == ("succeeded", [])


def test_a_payout_that_should_have_arrived_is_asked_about(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
):
    elsewhere(stripe)
    stripe.command("payouts", account=seed.SELLER)
    stripe.deliver()
    run_until_idle()
    assert Payout.objects.get().state == "in_transit"
    pass_days(stripe, clock, 3)
    stripe.sandbox.courier.work()
    forget_news(stripe)

    compared(account)

    assert Payout.objects.get().state == "paid"


def test_taking_again_repairs_what_was_ours(
    stripe: StripeWorld,
    invoice: Invoice,
    start: Start,
    account: ProviderAccount,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
):
    """The night could not repair it: the object did not answer then."""
    stripe.pay(start(invoice))
    stripe.sandbox.courier.work(at_once=True)
    forget_news(stripe)
    with monkeypatch.context() as night:
        night.setattr(sys.modules[compare_account.__module__], "take_object", lambda **given: False)
        assert compared(account) == 1
    row = Difference.objects.get()
    assert (row.kind, row.theirs, row.ours) == ("missing_here", Money(117_95, "EUR"), None)

    row = retake_difference(company_id=account.company_id, difference_id=row.id, now=clock_port.now())

    assert row.resolved_at == clock_port.now()
    assert Payment.objects.get().amount_minor == 120_00
    with nothing_written():
        retake_difference(company_id=account.company_id, difference_id=row.id, now=clock_port.now())


def test_taking_again_a_sale_made_elsewhere_leaves_it(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
):
    elsewhere(stripe)
    compared(account)

    row = retake_difference(company_id=account.company_id, difference_id=Difference.objects.get().id, now=clock.now())

    assert (row.resolved_at, Payment.objects.count()) == (None, 0)


def test_another_company_has_no_such_difference(stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock):
    elsewhere(stripe)
    compared(account)
    other = make_company(name="Ailleurs SARL")

    with pytest.raises(Http404):
        retake_difference(company_id=other.id, difference_id=Difference.objects.get().id, now=clock_port.now())


def test_a_revoked_key_breaks_its_account_and_keeps_the_report(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
):
    elsewhere(stripe)
    compared(account)
    stripe.revoke(RESTRICTED_KEY)

    compare_balances(now=clock_port.now())

    account.refresh_from_db()
    assert account.state == AccountState.BROKEN
    assert [row[-1] for row in rows()] == [True]


def test_one_difference_is_open_for_an_object(stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock):
    elsewhere(stripe)
    compared(account)
    row = Difference.objects.get()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@dataclass
class Quiet:
    """A provider that tells nothing of its balance."""

    key: ClassVar[str] = "stripe"


def test_a_provider_that_tells_no_balance_is_left_alone(
    stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
):
    elsewhere(stripe)
    compared(account)
    difference = Difference.objects.get()
    quiet: Any = Quiet()

    with registry.replace("stripe", quiet), nothing_written():
        assert compared(account) == 0
        with pytest.raises(NoBalance):
            retake_difference(company_id=account.company_id, difference_id=difference.id, now=clock_port.now())


def test_a_movement_has_one_word_here_and_there():
    assert [kind.value for kind in Moved] == [kind.value for kind in MovementKind]
