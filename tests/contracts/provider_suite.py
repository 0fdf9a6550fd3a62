"""What every provider must do, whatever it is called. A provider's test class inherits this and supplies a `Counter`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import pytest

from reglo.money import Money
from reglo.payments.providers.contract import (
    Account,
    AccountBroken,
    Attempt,
    BadSecrets,
    BadSignature,
    HookEndpoint,
    Mode,
    Provider,
    RawRequest,
    Redirect,
    RefundOrder,
    RefundReason,
    RefundRefused,
    Refunds,
    Secrets,
    TooLate,
    Urls,
)
from reglo.payments.providers.facts import DisputeStanding, Ref, RefundStanding, State

URLS = Urls("http://localhost:8000/merci", "http://localhost:8000/retour")
HOOK = "http://localhost:8000/hooks/x/token"


class Counter(Protocol):
    """The provider's side, played by a simulator."""

    provider: Provider
    secrets: Secrets
    now: datetime

    def pay(self, redirect: Redirect, *, refunds: RefundStanding = RefundStanding.SUCCEEDED) -> None:
        """The payer pays on the hosted page, with means whose refunds end so, some time after they were asked for."""

    def refund(self, payment_id: str, minor: int) -> None:
        """Somebody refunds at the provider."""

    def contest(self, payment_id: str, *, inquiry: bool) -> str:
        """The payer's bank asks about a payment, or takes its money back; the id of what it opened."""

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """The bank decides."""

    def wait(self) -> None:
        """What takes its time at the provider ends."""

    def revoke(self) -> None:
        """The merchant takes our access back."""

    def call(self, secret: str) -> RawRequest:
        """The last notification, signed with `secret` as the provider signs."""


class ProviderContract:
    """Inherit, and give the fixture `counter`."""

    @pytest.fixture
    def counter(self) -> Counter:
        pytest.fail("the provider's test gives this fixture")

    @pytest.fixture
    def account(self, counter: Counter) -> Account:
        info = counter.provider.inspect(counter.secrets)
        return Account(info.external_id, info.mode, counter.secrets)

    @pytest.fixture
    def attempt(self, counter: Counter, account: Account) -> Attempt:
        return Attempt(
            key=str(UUID(int=7)),
            account=account,
            amount=Money(124_000, "EUR"),
            reference="F2026-0143",
            description="Facture F2026-0143",
            payer_email="claire@fontaine.test",
            language="fr",
            expires_at=(counter.now + timedelta(hours=12)).replace(microsecond=0),
        )

    def test_the_secrets_show_their_account(self, counter: Counter):
        info = counter.provider.inspect(counter.secrets)

        assert info.external_id
        assert info.name
        assert (info.mode, info.missing) == (Mode.SIMULATED, ())

    def test_connecting_tells_the_signing_secret_once(self, counter: Counter, account: Account):
        first = counter.provider.connect(account, HOOK)
        connected = Account(account.external_id, account.mode, account.secrets, first.endpoint_id)
        second = counter.provider.connect(connected, HOOK)

        assert first.endpoint_secret
        assert (second.endpoint_id, second.endpoint_secret) == (first.endpoint_id, "")
        assert counter.provider.check(connected, HOOK, counter.now).ok

    def test_the_same_attempt_opens_one_page(self, counter: Counter, attempt: Attempt):
        first, second = (counter.provider.start(attempt, URLS) for _ in range(2))

        assert first == second
        assert first.url.startswith("http")
        assert first.expires_at == attempt.expires_at

    def test_an_open_page_is_open_and_no_money(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)

        seen = counter.provider.fetch(account, redirect.ref)

        assert redirect.ref == counter.provider.attempt_ref(redirect.ref.id)
        assert (seen.state, seen.attempt_key, seen.live) == (State.OPEN, attempt.key, False)
        assert (seen.payments, seen.refunds) == ((), ())
        assert seen.redirect_url == redirect.url

    def test_paid_is_the_exact_money_and_who_it_is_for(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)

        seen = counter.provider.fetch(account, redirect.ref)

        [payment] = seen.payments
        assert (seen.state, seen.attempt_key) == (State.PAID, attempt.key)
        assert payment.money == attempt.amount
        assert abs(payment.at - counter.now) < timedelta(minutes=5)
        assert payment.at.tzinfo is not None

    def test_every_object_of_a_payment_tells_the_same_money(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)
        [payment] = counter.provider.fetch(account, redirect.ref).payments

        seen = counter.provider.fetch(account, Ref("charge", payment.id))

        assert seen.attempt_key == attempt.key
        assert [(one.id, one.money) for one in seen.payments] == [(payment.id, payment.money)]

    def test_a_refund_is_a_fact_beside_the_payment(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)
        [payment] = counter.provider.fetch(account, redirect.ref).payments
        counter.refund(payment.id, 30_00)

        seen = counter.provider.fetch(account, redirect.ref)

        [refund] = seen.refunds
        assert (refund.payment_id, refund.money) == (payment.id, Money(30_00, "EUR"))
        assert seen.payments[0].money == attempt.amount

    def test_an_inquiry_is_a_fact_that_moves_no_money(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)
        [payment] = counter.provider.fetch(account, redirect.ref).payments
        counter.contest(payment.id, inquiry=True)

        [dispute] = counter.provider.fetch(account, redirect.ref).disputes

        assert (dispute.payment_id, dispute.money) == (payment.id, attempt.amount)
        assert (dispute.standing, dispute.moves, dispute.refundable) == (DisputeStanding.INQUIRY, (), True)
        assert dispute.evidence_due is not None
        assert dispute.evidence_due > counter.now

    @pytest.mark.parametrize(("won", "standing"), [(True, DisputeStanding.WON), (False, DisputeStanding.LOST)])
    def test_a_dispute_is_the_same_fact_whatever_is_asked_for(
        self, counter: Counter, attempt: Attempt, account: Account, won: bool, standing: DisputeStanding
    ):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)
        [payment] = counter.provider.fetch(account, redirect.ref).payments
        name = counter.contest(payment.id, inquiry=False)
        [opened] = counter.provider.fetch(account, redirect.ref).disputes
        counter.decide(name, won=won)

        seen = counter.provider.fetch(account, Ref("dispute", name))

        [taken] = opened.moves
        assert (opened.standing, opened.refundable) == (DisputeStanding.OPEN, False)
        assert (taken.money, taken.fee.minor > 0) == (-attempt.amount, True)
        assert seen.attempt_key == attempt.key
        [payment_again], [dispute] = seen.payments, seen.disputes
        assert (payment_again.id, dispute.id, dispute.standing) == (payment.id, name, standing)
        assert [move.money for move in dispute.moves] == [-attempt.amount, *([attempt.amount] if won else [])]
        assert counter.provider.fetch(account, Ref("charge", payment.id)).disputes == seen.disputes

    def test_an_order_gives_back_once_however_often_it_is_sent(
        self, counter: Counter, attempt: Attempt, account: Account
    ):
        order, redirect = self.ordered(counter, attempt, account)

        first, second = (_refunds(counter).refund(order) for _ in range(2))

        assert first == second
        [refund] = counter.provider.fetch(account, redirect.ref).refunds
        assert (refund.id, refund.order_key, refund.payment_id) == (first.id, order.key, order.payment_id)
        assert (refund.money, refund.state) == (Money(40_00, "EUR"), RefundStanding.SUCCEEDED)
        assert abs(refund.at - counter.now) < timedelta(minutes=5)

    def test_a_payment_tells_all_its_refunds_however_many(self, counter: Counter, attempt: Attempt, account: Account):
        order, _redirect = self.ordered(counter, attempt, account)
        for _ in range(12):
            counter.refund(order.payment_id, 1_00)
        _refunds(counter).refund(order)

        seen = counter.provider.fetch(account, _refunds(counter).payment_ref(order.payment_id))

        assert sorted(one.money.minor for one in seen.refunds) == [*[1_00] * 12, 40_00]
        assert [one.order_key for one in seen.refunds if one.order_key] == [order.key]

    def test_more_than_was_paid_is_not_given_back(self, counter: Counter, attempt: Attempt, account: Account):
        order, redirect = self.ordered(counter, attempt, account)

        with pytest.raises(RefundRefused):
            _refunds(counter).refund(replace(order, money=Money(124_001, "EUR")))

        assert counter.provider.fetch(account, redirect.ref).refunds == ()

    @pytest.mark.parametrize("end", [RefundStanding.PENDING, RefundStanding.FAILED])
    def test_a_refund_that_takes_its_time(
        self, counter: Counter, attempt: Attempt, account: Account, end: RefundStanding
    ):
        order, redirect = self.ordered(counter, attempt, account, refunds=end)
        _refunds(counter).refund(order)
        before = counter.provider.fetch(account, redirect.ref).refunds[0].state

        counter.wait()

        [refund] = counter.provider.fetch(account, redirect.ref).refunds
        if end == RefundStanding.PENDING:
            assert (before, refund.state, refund.failure) == (end, RefundStanding.SUCCEEDED, "")
        else:
            assert (before, refund.state) == (RefundStanding.SUCCEEDED, end)
            assert refund.failure

    def ordered(
        self,
        counter: Counter,
        attempt: Attempt,
        account: Account,
        refunds: RefundStanding = RefundStanding.SUCCEEDED,
    ) -> tuple[RefundOrder, Redirect]:
        """An order to give 40,00 € of a paid attempt back, and its page."""
        if not isinstance(counter.provider, Refunds):
            pytest.skip("this provider gives no money back")
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect, refunds=refunds)
        [payment] = counter.provider.fetch(account, redirect.ref).payments
        order = RefundOrder(str(UUID(int=8)), account, payment.id, Money(40_00, "EUR"), RefundReason.CUSTOMER)
        return order, redirect

    def test_a_closed_page_is_over_and_closing_again_is_nothing(
        self, counter: Counter, attempt: Attempt, account: Account
    ):
        redirect = counter.provider.start(attempt, URLS)
        known = _known(attempt, redirect)

        counter.provider.cancel(known)
        counter.provider.cancel(known)

        assert counter.provider.fetch(account, redirect.ref).state in {State.EXPIRED, State.CANCELED}

    def test_a_paid_page_cannot_be_closed(self, counter: Counter, attempt: Attempt):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)

        with pytest.raises(TooLate):
            counter.provider.cancel(_known(attempt, redirect))

    def test_completing_twice_is_once(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.pay(redirect)

        for _ in range(2):
            counter.provider.complete(_known(attempt, redirect))

        assert len(counter.provider.fetch(account, redirect.ref).payments) == 1

    def test_an_object_that_is_not_there_says_nothing(self, counter: Counter, account: Account):
        seen = counter.provider.fetch(account, counter.provider.attempt_ref("nobody"))

        assert (seen.state, seen.attempt_key, seen.payments) == (State.UNKNOWN, "", ())

    def test_access_taken_back_is_said(self, counter: Counter, attempt: Attempt, account: Account):
        redirect = counter.provider.start(attempt, URLS)
        counter.revoke()

        with pytest.raises(BadSecrets):
            counter.provider.inspect(counter.secrets)
        with pytest.raises(AccountBroken):
            counter.provider.fetch(account, redirect.ref)
        with pytest.raises(AccountBroken):
            counter.provider.start(attempt, URLS)
        counter.provider.disconnect(account)

    def test_a_signed_call_nudges_and_a_forged_one_does_not(self, counter: Counter, attempt: Attempt, account: Account):
        counter.pay(counter.provider.start(attempt, URLS))
        endpoint = HookEndpoint(("current", "previous"), account.external_id, live=False)

        [nudge] = counter.provider.read_hook(endpoint, counter.call("previous"), counter.now)

        assert nudge.event_id
        assert nudge.at.tzinfo is UTC
        assert counter.provider.fetch(account, nudge.ref).attempt_key == attempt.key
        with pytest.raises(BadSignature):
            counter.provider.read_hook(endpoint, counter.call("stranger"), counter.now)
        with pytest.raises(BadSignature):
            counter.provider.read_hook(endpoint, RawRequest({}, counter.call("current").body), counter.now)


def _refunds(counter: Counter) -> Refunds:
    assert isinstance(counter.provider, Refunds)
    return counter.provider


def _known(attempt: Attempt, redirect: Redirect) -> Attempt:
    fields: dict[str, Any] = {name: getattr(attempt, name) for name in Attempt.__slots__}
    return Attempt(**{**fields, "external_id": redirect.ref.id})
