"""Connected by a click: the platform's key acts for the account, and one endpoint serves every connected company."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Endpoint, PaymentAttempt, ProviderAccount, ProviderEvent
from reglo.payments.services import check_account, connect_account, disconnect_account, propose_account
from reglo.payments.states import AccountMode, AccountState
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.factories import make_company, make_customer, make_issued
from tests.harness.stripe_world import SELLER, StripeWorld

BACK = "http://localhost:8000/configuration/stripe/retour"


def say_yes(stripe: StripeWorld, account: str, answer: str = "connect") -> dict[str, list[str]]:
    """The owner, signed in at Stripe, clicks; what our return page would read."""
    url = stripe.provider().authorize("state-of-ours", BACK)
    answered = requests.post(
        f"{url}&account={account}",
        data={"answer": answer},
        cookies={"sandbox_account": account},
        allow_redirects=False,
        timeout=10,
    )
    assert answered.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answered.headers["Location"]).query)


def connected(stripe: StripeWorld, company: Company, account: str) -> ProviderAccount:
    returned = say_yes(stripe, account)
    assert returned["state"] == ["state-of-ours"]
    secrets = stripe.provider().grant(returned["code"][0])
    now = clock_port.now()
    proposed = propose_account(company=company, provider="stripe", secrets=secrets, now=now)
    return connect_account(company_id=company.id, account_id=proposed.id, now=now)


@pytest.fixture
def account(company: Company, stripe: StripeWorld) -> ProviderAccount:
    Company.objects.update(card_payments=True)
    return connected(stripe, company, SELLER)


def test_the_account_is_connected_without_a_key_of_its_own(account: ProviderAccount):
    endpoint = Endpoint.objects.get()

    assert (account.state, account.mode, account.external_id) == (AccountState.ACTIVE, AccountMode.SIMULATED, SELLER)
    assert account.open_secrets() == {"connected_account": SELLER}
    assert (endpoint.account_id, endpoint.live) == (None, False)


def test_a_payment_is_told_through_the_platforms_endpoint(
    account: ProviderAccount, company: Company, stripe: StripeWorld, start: Callable[[Invoice], PaymentAttempt]
):
    invoice = make_issued(company, card_allowed=True)
    stripe.pay(start(invoice))

    assert {receipt.status for _event, receipt in stripe.deliver()} == {200}
    run_until_idle()

    assert Settlement.objects.get(invoice=invoice).settled_minor == 120_00
    assert set(ProviderEvent.objects.values_list("account_id", flat=True)) == {account.id}


def test_two_companies_share_the_endpoint_and_nothing_else(
    account: ProviderAccount, stripe: StripeWorld, start: Callable[[Invoice], PaymentAttempt]
):
    other = make_company(name="Boulangerie Martin", card_payments=True)
    theirs = connected(stripe, other, seed.STRANGER)
    invoice = make_issued(other, customer=make_customer(other), card_allowed=True)
    stripe.deliver()
    ProviderEvent.objects.all().delete()

    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()

    assert Endpoint.objects.count() == 1
    assert set(ProviderEvent.objects.values_list("account_id", "company_id")) == {(theirs.id, other.id)}
    assert Settlement.objects.get(invoice=invoice).settled_minor == 120_00


def test_a_check_looks_at_the_platforms_endpoint(account: ProviderAccount):
    checked = check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    assert checked.health is not None
    assert checked.health.ok


def test_disconnecting_gives_the_access_back_and_keeps_the_endpoint(account: ProviderAccount, stripe: StripeWorld):
    gone = disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    assert gone.state == AccountState.DISCONNECTED
    assert Endpoint.objects.get().removed_at is None
    with stripe.sandbox.world.store.transaction() as db:
        [row] = db.execute("SELECT active FROM grants").fetchall()
    assert row["active"] == 0


def test_a_no_brings_no_code(company: Company, stripe: StripeWorld):
    returned: dict[str, Any] = say_yes(stripe, SELLER, "no")

    assert (returned["error"], "code" in returned) == (["access_denied"], False)
