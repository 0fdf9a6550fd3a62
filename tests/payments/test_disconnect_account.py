from collections.abc import Callable

import pytest

from reglo.invoicing.models import Invoice
from reglo.payments.models import AttemptLine, Endpoint, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import Account, Attempt, Unknown
from reglo.payments.providers.stripe import checkout, connect
from reglo.payments.providers.stripe.client import Clients
from reglo.payments.services import disconnect_account
from reglo.payments.services.disconnect_account import PaymentsUnderWay
from reglo.payments.states import AccountState, AttemptState
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def disconnect(account: ProviderAccount) -> ProviderAccount:
    return disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())


def test_the_endpoint_the_secrets_and_the_open_pages_go(
    account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, start: Start
):
    attempt = start(invoice)

    gone = disconnect(account)

    attempt.refresh_from_db()
    client = stripe.provider().clients.of({"api_key": RESTRICTED_KEY})
    assert (gone.state, gone.sealed_secrets) == (AccountState.DISCONNECTED, "")
    assert Endpoint.objects.get().removed_at == clock_port.now()
    assert client.v1.webhook_endpoints.list({}).data == []
    assert attempt.state == AttemptState.CANCELED
    assert client.v1.checkout.sessions.retrieve(attempt.external_id).status == "expired"
    assert not AttemptLine.objects.get().open


def test_twice_is_once(account: ProviderAccount, stripe: StripeWorld):
    disconnect(account)

    assert disconnect(account).state == AccountState.DISCONNECTED


def test_what_was_paid_on_an_open_page_is_booked_first(
    account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, start: Start
):
    stripe.pay(start(invoice))

    disconnect(account)

    assert Payment.objects.get().amount_minor == 120_00


def test_a_revoked_key_disconnects_too(account: ProviderAccount, stripe: StripeWorld):
    stripe.revoke(RESTRICTED_KEY)
    ProviderAccount.objects.update(state=AccountState.BROKEN)

    assert disconnect(account).state == AccountState.DISCONNECTED


def test_a_page_opened_meanwhile_keeps_the_account_until_it_is_closed_too(
    account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    def press_first(clients: Clients, value: Account) -> None:
        start(invoice)
        removed(clients, value)

    removed = connect.disconnect
    with monkeypatch.context() as patch:
        patch.setattr(connect, "disconnect", press_first)
        with pytest.raises(PaymentsUnderWay):
            disconnect(account)
    account.refresh_from_db()
    assert (account.state, bool(account.sealed_secrets)) == (AccountState.ACTIVE, True)

    assert disconnect(account).state == AccountState.DISCONNECTED
    assert PaymentAttempt.objects.get().state == AttemptState.CANCELED


def test_a_page_that_opens_while_it_is_given_up_is_closed_at_stripe(
    account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    """Left open there, it could be paid, and without the secrets its money would never be known."""
    canceled, given = checkout.cancel, []

    def cancel_late(clients: Clients, value: Attempt) -> None:
        if not given:
            given.append(start(invoice))  # the tab that committed the attempt gets its page now
        canceled(clients, value)

    with monkeypatch.context() as patch:
        patch.setattr(checkout, "start", lambda *_: (_ for _ in ()).throw(Unknown()))
        with pytest.raises(Unknown):
            start(invoice)
    client = stripe.provider().clients.of({"api_key": RESTRICTED_KEY})
    monkeypatch.setattr(checkout, "cancel", cancel_late)
    assert disconnect(account).state == AccountState.DISCONNECTED

    [attempt] = given
    assert attempt.external_id is not None
    assert client.v1.checkout.sessions.retrieve(attempt.external_id).status == "expired"
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.CANCELED


def test_money_on_its_way_keeps_the_account(
    account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    PaymentAttempt.objects.filter(id=attempt.id).update(state=AttemptState.PROCESSING)

    with pytest.raises(PaymentsUnderWay):
        disconnect(account)

    account.refresh_from_db()
    assert account.is_active
