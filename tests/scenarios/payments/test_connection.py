"""The line to Stripe breaks and mends: key (29), endpoint (31), secret (37). Nothing is lost, nothing twice.

The numbers are those of the fifty scenarios.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import stripe as sdk
from django.core.cache import cache
from django.test import Client

from reglo import secrets
from reglo.companies.models import Company, User
from reglo.delivery.services import create_link
from reglo.events.models import Event, Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.card_offers import CardRefusal, card_offer
from reglo.payments.models import Endpoint, Payment, PaymentAttempt, ProviderAccount, ProviderEvent, Refund
from reglo.payments.services import (
    SecretJustRenewed,
    check_accounts,
    connect_account,
    disconnect_account,
    propose_account,
    recreate_endpoint,
    renew_secret,
    sweep,
)
from reglo.payments.states import AccountState, AttemptState, NoticeState
from reglo.ports import clock as clock_port
from sandbox.stripe import keys
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, SELLER, StripeWorld
from tests.scenarios.payments.telling import (
    Start,
    bad_day,
    endpoint_at_stripe,
    quick_retries,
    settled,
    shown,
    stripe_itself,
    waiting,
)


def new_restricted_key(stripe: StripeWorld) -> str:
    with stripe.sandbox.world.store.transaction() as db:
        rights = keys.find(db, RESTRICTED_KEY)
        assert rights is not None
        made = keys.create(
            db, account=SELLER, name="La nouvelle", livemode=False, permissions=rights.permissions, now=0
        )
    return made.secret


def portal_of(invoice: Invoice) -> str:
    """What the customer reads, by a link of their own."""
    cache.clear()
    link = create_link(company_id=invoice.company_id, invoice_id=invoice.id, now=clock_port.now())
    return shown(Client(), link.address.removeprefix("http://localhost:8000"))


class TestKeyRevoked:
    """29"""

    @pytest.fixture
    def revoked(self, stripe: StripeWorld, invoice: Invoice, start: Start) -> PaymentAttempt:
        """Paid at Stripe and told to us; the key is gone before anything was asked."""
        run_until_idle()
        attempt = start(invoice)
        stripe.pay(attempt)
        stripe.revoke(RESTRICTED_KEY)
        assert {receipt.status for _event, receipt in stripe.deliver()} == {200}
        return attempt

    def test_the_queue_waits_for_days_and_burns_no_try(self, revoked: PaymentAttempt, clock: FrozenClock):
        run_until_idle()
        for _hour in range(72):
            clock.advance(hours=1)
            run_until_idle()

        assert ProviderAccount.objects.get().state == AccountState.BROKEN
        assert waiting() == [(ReactionState.WAITING, 0)] * 3
        assert set(ProviderEvent.objects.filter(object_id__startswith="ch_").values_list("state", flat=True)) == {
            NoticeState.RECEIVED
        }
        assert Payment.objects.count() == 0
        assert Event.objects.filter(kind="account.broken").count() == 1

    def test_a_broken_account_is_not_knocked_at_for_each_notice(self, revoked: PaymentAttempt, stripe: StripeWorld):
        run_until_idle()
        asked = len(stripe.wire.passed)
        Reaction.objects.filter(state=ReactionState.WAITING).update(not_before=clock_port.now())

        run_until_idle()

        assert len(stripe.wire.passed) == asked

    def test_the_seller_is_told_one_thing_to_do_and_the_customer_sees_other_ways(
        self, revoked: PaymentAttempt, invoice: Invoice, alice: User
    ):
        before = portal_of(invoice)
        run_until_idle()
        PaymentAttempt.objects.update(state=AttemptState.CANCELED)
        invoice.refresh_from_db()
        staff = Client()
        staff.force_login(alice)

        assert "Payer 120,00 € par carte" in before
        after = portal_of(invoice)
        assert "FR76 3000 6000 0112 3456 7890 189" in after
        assert "Payer 120,00 € par carte" not in after
        assert "Stripe refuse la clé" in shown(staff, "/factures/")
        assert "Reconnecter le compte" in shown(staff, "/encaissements/sante/")
        offer = card_offer(invoice, company=invoice.company, today=clock_port.now().date())
        assert offer.refusal == CardRefusal.ACCOUNT_BROKEN

    def test_a_new_key_lets_everything_go_on_by_itself(
        self, revoked: PaymentAttempt, stripe: StripeWorld, invoice: Invoice, company: Company
    ):
        run_until_idle()
        now = clock_port.now()
        again = propose_account(
            company=company, provider="stripe", secrets={"api_key": new_restricted_key(stripe)}, now=now
        )
        connect_account(company_id=company.id, account_id=again.id, now=now)

        run_until_idle()  # at once: no wait is left

        assert (settled(invoice), Payment.objects.count(), waiting()) == (120_00, 1, [])
        assert Payment.objects.get().fee_minor == 2_05

    def test_a_right_given_back_at_stripe_mends_it_within_the_hour(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
    ):
        run_until_idle()
        attempt = start(invoice)
        stripe.pay(attempt)
        stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_checkout_session_write")
        stripe.deliver()
        run_until_idle()
        assert ProviderAccount.objects.get().state == AccountState.BROKEN

        stripe.command(f"keys/{RESTRICTED_KEY}/permissions", add="rak_checkout_session_write")
        for _each in range(7):
            clock.advance(minutes=10)
            stripe.tell_time()
            run_until_idle()

        assert ProviderAccount.objects.get().state == AccountState.ACTIVE
        assert (settled(invoice), waiting()) == (120_00, [])


class TestEncryptionKeysLost:
    """Restored without REGLO_ENCRYPTION_KEYS: as a key that was revoked, until they are back or another is given."""

    @pytest.fixture
    def lost(self, stripe: StripeWorld, invoice: Invoice, start: Start, settings: Any) -> Iterator[PaymentAttempt]:
        run_until_idle()
        attempt = start(invoice)
        stripe.pay(attempt)
        stripe.deliver()
        secrets.configure([b"x" * 32])
        yield attempt
        secrets.configure(settings.ENV.encryption_keys)

    def test_everything_waits_and_goes_on_when_they_are_back(
        self, lost: PaymentAttempt, invoice: Invoice, clock: FrozenClock, settings: Any
    ):
        run_until_idle()
        assert ProviderAccount.objects.get().state == AccountState.BROKEN
        assert waiting() == [(ReactionState.WAITING, 0)] * 3

        secrets.configure(settings.ENV.encryption_keys)
        for _each in range(7):
            clock.advance(minutes=10)
            run_until_idle()

        assert ProviderAccount.objects.get().state == AccountState.ACTIVE
        assert (settled(invoice), Payment.objects.count(), waiting()) == (120_00, 1, [])

    def test_a_new_key_starts_again_with_an_endpoint_whose_secret_is_known(
        self, lost: PaymentAttempt, stripe: StripeWorld, company: Company, invoice: Invoice
    ):
        run_until_idle()
        before = endpoint_at_stripe(ProviderAccount.objects.get())
        now = clock_port.now()
        again = propose_account(company=company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=now)
        account = connect_account(company_id=company.id, account_id=again.id, now=now)

        run_until_idle()

        [alive] = stripe_itself(stripe).v1.webhook_endpoints.list().data
        assert alive.id == endpoint_at_stripe(account) != before
        assert len(Endpoint.objects.get().accepted_secrets(now)) == 1
        assert (settled(invoice), Payment.objects.count(), waiting()) == (120_00, 1, [])

    def test_the_account_can_be_let_go(self, lost: PaymentAttempt, company: Company):
        run_until_idle()
        account = ProviderAccount.objects.get()

        disconnect_account(company_id=company.id, account_id=account.id, now=clock_port.now())

        account.refresh_from_db()
        assert (account.state, account.sealed_secrets) == (AccountState.DISCONNECTED, "")


class TestEndpointGone:
    """31"""

    @pytest.fixture(params=["deleted", "disabled"])
    def gone(self, request: pytest.FixtureRequest, stripe: StripeWorld, account: ProviderAccount) -> str:
        """What became of it, by the merchant's hand at Stripe."""
        endpoints = stripe_itself(stripe).v1.webhook_endpoints
        if request.param == "deleted":
            endpoints.delete(endpoint_at_stripe(account))
        else:
            endpoints.update(endpoint_at_stripe(account), {"disabled": True})
        return str(request.param)

    def test_it_is_seen_repaired_by_a_click_and_what_it_missed_is_caught_up(
        self,
        gone: str,
        stripe: StripeWorld,
        account: ProviderAccount,
        invoice: Invoice,
        start: Start,
        clock: FrozenClock,
    ):
        stripe.pay(start(invoice))
        sweep(now=clock.now())
        charge = Payment.objects.get().external_id
        assert charge is not None
        stripe_itself(stripe).v1.refunds.create({"charge": charge, "amount": 30_00})
        stripe.deliver()
        clock.advance(days=1)
        stripe.tell_time()
        check_accounts(now=clock.now())
        sweep(now=clock.now())  # nobody was told of the refund, and the list of the hour has not been read yet
        account.refresh_from_db()
        assert (account.endpoint_ok, account.state) == (False, AccountState.ACTIVE)
        assert (settled(invoice), Refund.objects.count()) == (120_00, 0)

        recreate_endpoint(company_id=account.company_id, account_id=account.id, now=clock.now())
        run_until_idle()

        account.refresh_from_db()
        assert account.endpoint_ok is True
        assert (settled(invoice), Refund.objects.get().amount_minor) == (90_00, 30_00)
        assert Payment.objects.count() == 1
        other = start(invoice)
        stripe.pay(other)
        assert {receipt.status for _event, receipt in stripe.deliver()} == {200}
        run_until_idle()
        assert settled(invoice) == 120_00

    def test_twice_is_once(self, gone: str, stripe: StripeWorld, account: ProviderAccount):
        for _each in range(2):
            recreate_endpoint(company_id=account.company_id, account_id=account.id, now=clock_port.now())
        run_until_idle()

        [alive] = stripe_itself(stripe).v1.webhook_endpoints.list().data
        assert (alive.id, alive.status) == (endpoint_at_stripe(account), "enabled")
        assert Endpoint.objects.filter(removed_at=None).count() == 1

    def test_catching_up_waits_for_a_stripe_that_is_away(
        self,
        gone: str,
        stripe: StripeWorld,
        account: ProviderAccount,
        invoice: Invoice,
        start: Start,
        clock: FrozenClock,
    ):
        run_until_idle()
        stripe.pay(start(invoice))
        recreate_endpoint(company_id=account.company_id, account_id=account.id, now=clock.now())
        bad_day(stripe, "server_error", times=3, under="/v1/events")
        with quick_retries():
            run_until_idle()
        assert waiting() == [(ReactionState.WAITING, 1)]
        assert Payment.objects.count() == 0

        clock.advance(minutes=5)
        run_until_idle()

        assert (settled(invoice), waiting()) == (120_00, [])


class TestSecretRenewed:
    """37"""

    def signed(self, body: bytes, secret: str) -> Any:
        at = int(clock_port.now().timestamp())
        header = sdk.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=at)
        endpoint = Endpoint.objects.get()
        return Client().post(
            f"/hooks/stripe/{endpoint.token}",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": header},
        )

    def test_both_secrets_hold_for_a_day_then_the_new_one_alone(
        self, stripe: StripeWorld, account: ProviderAccount, clock: FrozenClock
    ):
        [old] = Endpoint.objects.get().accepted_secrets(clock.now())

        renew_secret(company_id=account.company_id, account_id=account.id, now=clock.now())

        new, previous = Endpoint.objects.get().accepted_secrets(clock.now())
        assert previous == old != new
        assert [self.signed(notice(name), secret).status_code for name, secret in (("1", old), ("2", new))] == [
            200,
            200,
        ]
        clock.advance(hours=24)
        assert [self.signed(notice(name), secret).status_code for name, secret in (("3", old), ("4", new))] == [
            400,
            200,
        ]

    def test_the_self_test_arrives_under_the_new_secret(self, stripe: StripeWorld, account: ProviderAccount):
        stripe.deliver()
        stored = ProviderEvent.objects.count()

        renew_secret(company_id=account.company_id, account_id=account.id, now=clock_port.now())

        assert {receipt.status for _event, receipt in stripe.deliver()} == {200}
        assert [event.kind for event in ProviderEvent.objects.order_by("received_at")[stored:]] == [
            "checkout.session.expired"
        ]
        [alive] = stripe_itself(stripe).v1.webhook_endpoints.list().data
        assert alive.id == endpoint_at_stripe(account)

    def test_a_payment_of_that_very_moment_is_booked_once(
        self, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, start: Start
    ):
        stripe.deliver()
        run_until_idle()
        stripe.pay(start(invoice))  # told to the endpoint that goes away
        renew_secret(company_id=account.company_id, account_id=account.id, now=clock_port.now())
        stripe.deliver()

        run_until_idle()

        assert (settled(invoice), Payment.objects.count(), waiting()) == (120_00, 1, [])

    def test_a_second_click_within_the_day_changes_nothing(self, stripe: StripeWorld, account: ProviderAccount):
        renew_secret(company_id=account.company_id, account_id=account.id, now=clock_port.now())
        before = Endpoint.objects.values().get()

        with pytest.raises(SecretJustRenewed):
            renew_secret(company_id=account.company_id, account_id=account.id, now=clock_port.now())

        assert Endpoint.objects.values().get() == before


def notice(name: str) -> bytes:
    event = {
        "id": f"evt_{name}",
        "object": "event",
        "type": "charge.succeeded",
        "created": int(clock_port.now().timestamp()),
        "livemode": False,
        "data": {"object": {"id": "ch_1", "object": "charge"}},
    }
    return json.dumps(event).encode()
