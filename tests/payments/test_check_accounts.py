"""The daily check: every connected account is asked, and one that fails does not hide the next."""

from datetime import timedelta

import pytest

from reglo.companies.models import Company, User
from reglo.config.schedule import SCHEDULE
from reglo.payments.models import ProviderAccount
from reglo.payments.providers.contract import Retryable
from reglo.payments.queries import endpoint_of
from reglo.payments.services import check_accounts
from reglo.payments.states import AccountMode, AccountState
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import make_company
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld


def check(now_offset: timedelta = timedelta()) -> None:
    check_accounts(now=clock_port.now() + now_offset)


def test_it_is_done_every_day():
    [periodic] = [one for one in SCHEDULE if one.function().__name__ == "check_accounts"]

    assert periodic.every == timedelta(days=1)


def test_what_stripe_says_is_kept(account: ProviderAccount, stripe: StripeWorld, clock: FrozenClock):
    assert account.endpoint_ok is True
    clock.advance(days=1)
    stripe.tell_time()
    endpoint = endpoint_of(account)
    assert endpoint is not None
    stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.webhook_endpoints.delete(endpoint.external_id)

    check()

    account.refresh_from_db()
    assert (account.endpoint_ok, account.checked_at, account.state) == (False, clock_port.now(), AccountState.ACTIVE)


def test_a_revoked_key_breaks_and_a_broken_account_mends(account: ProviderAccount, stripe: StripeWorld):
    ProviderAccount.objects.update(state=AccountState.BROKEN)
    check()
    account.refresh_from_db()
    assert account.state == AccountState.ACTIVE

    stripe.revoke(RESTRICTED_KEY)
    check()

    account.refresh_from_db()
    assert account.state == AccountState.BROKEN


def test_a_wrong_clock_is_measured(account: ProviderAccount, stripe: StripeWorld):
    check(timedelta(minutes=5))

    account.refresh_from_db()
    assert account.clock_skew_seconds is not None
    assert 295 <= account.clock_skew_seconds <= 305


def test_stripe_being_silent_leaves_what_is_known(
    account: ProviderAccount, stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch
):
    before = ProviderAccount.objects.values().get()

    def silent(*_args: object) -> None:
        raise Retryable

    monkeypatch.setattr("reglo.payments.providers.stripe.provider.StripeProvider.check", silent)
    check()

    assert ProviderAccount.objects.values().get() == before


def test_a_bug_on_one_account_does_not_hide_the_next(
    company: Company, account: ProviderAccount, stripe: StripeWorld, mallory: User
):
    other = make_company(owner=mallory, name="Autre")
    broken = ProviderAccount.objects.create(
        id=ids.new_uuid(),
        company=other,
        provider="stripe",
        mode=AccountMode.TEST,
        external_id="acct_other",
        state=AccountState.ACTIVE,
        created_at=clock_port.now(),
    )
    assert endpoint_of(broken) is None  # a connected account without endpoint: not something the product makes
    ProviderAccount.objects.filter(pk=account.pk).update(checked_at=None)

    with pytest.raises(ExceptionGroup):
        check()

    account.refresh_from_db()
    assert account.checked_at == clock_port.now()
