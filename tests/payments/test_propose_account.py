"""The first screen of a connection: the key is judged before anything is kept, and nothing is created at Stripe."""

import pytest

from reglo.companies.models import Company
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.providers.contract import BadSecrets, Retryable
from reglo.payments.services import (
    AccountTaken,
    LiveKeyInPracticeCompany,
    PermissionsMissing,
    PracticeKeyInRealCompany,
    propose_account,
)
from reglo.payments.states import AccountMode, AccountState
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.factories import make_company
from tests.harness.stripe_world import LIVE_KEY, RESTRICTED_KEY, SELLER, StripeWorld


def propose(company: Company, key: str = RESTRICTED_KEY) -> ProviderAccount:
    return propose_account(company=company, provider="stripe", secrets={"api_key": key}, now=clock_port.now())


def test_the_account_is_shown_before_it_is_connected(company: Company, stripe: StripeWorld):
    account = propose(company)

    assert (account.external_id, account.name, account.country) == (SELLER, "Atelier Lumen", "FR")
    assert (account.mode, account.state) == (AccountMode.SIMULATED, AccountState.PENDING)
    assert [granted for _name, _label, granted in account.permissions] == [True] * 8
    assert Endpoint.objects.count() == 0
    assert not [path for method, path, status in stripe.wire.passed if method == "post" and status == 200]


def test_the_key_is_sealed_for_its_row(company: Company, stripe: StripeWorld):
    account = propose(company)

    assert RESTRICTED_KEY not in account.sealed_secrets
    assert account.open_secrets() == {"api_key": RESTRICTED_KEY}


def test_each_missing_permission_is_named(company: Company, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_event_write")
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_webhook_write")

    account = propose(company)

    missing = [(name, label) for name, label, granted in account.permissions if not granted]
    assert missing == [
        ("event_read", "Événements : lecture"),
        ("webhook_write", "Points de terminaison webhook : écriture"),
    ]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (seed.SELLER_SECRET_KEY, "C’est une clé secrète"),
        ("sk_live_51whatever", "C’est une clé secrète"),
        ("pk_test_51whatever", "C’est une clé publiable"),
        ("bonjour", "Ce n’est pas une clé restreinte"),
        ("", "Ce n’est pas une clé restreinte"),
        ("rk_test_51 avec des espaces", "Ce n’est pas une clé restreinte"),
        ("rk_test_é", "Ce n’est pas une clé restreinte"),
        ("rk_test_51NobodyHasThisKey", "Stripe ne reconnaît pas cette clé"),
    ],
)
def test_another_key_is_refused_with_its_reason(company: Company, stripe: StripeWorld, key: str, sentence: str):
    with pytest.raises(BadSecrets) as refused:
        propose(company, key)

    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "key"
    assert ProviderAccount.objects.count() == 0


def test_a_revoked_key_is_refused(company: Company, stripe: StripeWorld):
    stripe.revoke(RESTRICTED_KEY)

    with pytest.raises(BadSecrets) as refused:
        propose(company)

    assert "révoquée" in str(refused.value)
    assert ProviderAccount.objects.count() == 0


def test_a_key_that_cannot_read_its_account_says_which_right_it_lacks(company: Company, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_accounts_kyc_basic_write")

    with pytest.raises(BadSecrets) as refused:
        propose(company)

    assert "« Compte (identité et coordonnées) : lecture »" in str(refused.value)


def test_a_live_key_is_refused_in_a_practice_company(company: Company, stripe: StripeWorld):
    with pytest.raises(LiveKeyInPracticeCompany) as refused:
        propose(company, LIVE_KEY)

    assert "« Atelier Lumen » est une entreprise d’essai" in str(refused.value)
    assert ProviderAccount.objects.count() == 0


def test_a_test_key_is_refused_in_a_real_company(db: None, stripe: StripeWorld):
    real = make_company(practice=False)

    with pytest.raises(PracticeKeyInRealCompany):
        propose(real)

    assert ProviderAccount.objects.count() == 0


def test_a_real_company_takes_a_live_key(db: None, stripe: StripeWorld):
    account = propose(make_company(practice=False), LIVE_KEY)

    assert (account.mode, account.is_live) == (AccountMode.LIVE, True)


def test_an_account_belongs_to_one_company_of_the_installation(company: Company, stripe: StripeWorld):
    propose(company)

    with pytest.raises(AccountTaken):
        propose(make_company(name="Ailleurs SARL"))

    assert ProviderAccount.objects.get().company == company


def test_proposed_again_it_is_the_same_row(company: Company, stripe: StripeWorld):
    assert propose(company).id == propose(company).id


def test_a_silent_stripe_keeps_nothing(company: Company, stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stripe.wire, "request", lambda *args, **kwargs: (b'{"error": {}}', 503, {}))
    monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)

    with pytest.raises(Retryable):
        propose(company)

    assert ProviderAccount.objects.count() == 0


def test_a_worse_key_does_not_stop_an_account_that_collects(account: ProviderAccount, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_charge_write")

    with pytest.raises(PermissionsMissing):
        propose(account.company)

    account.refresh_from_db()
    assert account.state == AccountState.ACTIVE
    assert all(granted for _name, _label, granted in account.permissions)


def test_a_good_new_key_is_taken_without_a_pause(account: ProviderAccount, stripe: StripeWorld):
    assert propose(account.company).state == AccountState.ACTIVE
