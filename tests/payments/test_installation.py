"""Which installation acts on an account: by its address, the last one that asked for money."""

from typing import Any

import pytest

from reglo.payments.installation import installation, is_elsewhere, is_of_this_database
from reglo.payments.models import ProviderAccount
from reglo.payments.services import check_account, disconnect_account, propose_account
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld


def test_it_is_known_by_its_address(settings: Any):
    settings.BASE_URL = "https://factures.exemple.fr"

    assert installation() == "factures.exemple.fr"


@pytest.mark.parametrize(
    ("installs", "elsewhere"),
    [
        ([], False),
        (["localhost:8000"], False),
        (["ailleurs.example"], True),
        (["ailleurs.example", "localhost:8000"], False),
        (["localhost:8000", "ailleurs.example"], True),
    ],
)
def test_the_last_address_is_the_one_that_acts(installs: list[str], elsewhere: bool):
    assert is_elsewhere(ProviderAccount(installs=installs)) is elsewhere


@pytest.mark.parametrize(
    ("install", "ours"), [("", True), ("localhost:8000", True), ("avant.example", True), ("ailleurs.example", False)]
)
def test_money_asked_for_at_a_former_address_is_ours(install: str, ours: bool):
    account = ProviderAccount(installs=["avant.example", "localhost:8000"])

    assert is_of_this_database(account, install) is ours


def test_connecting_says_the_address_and_letting_go_forgets_it(account: ProviderAccount, stripe: StripeWorld):
    assert account.installs == ["localhost:8000"]

    disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    again = propose_account(
        company=account.company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=clock_port.now()
    )

    assert again.installs == []


def test_an_account_connected_before_takes_its_address_at_a_good_check(account: ProviderAccount, stripe: StripeWorld):
    ProviderAccount.objects.update(installs=[])

    check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    account.refresh_from_db()
    assert account.installs == ["localhost:8000"]


def test_an_account_whose_endpoint_is_elsewhere_takes_no_address(
    account: ProviderAccount, stripe: StripeWorld, settings: Any
):
    ProviderAccount.objects.update(installs=[])
    settings.BASE_URL = "http://localhost:9000"

    check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    account.refresh_from_db()
    assert (account.installs, account.endpoint_ok) == ([], False)
