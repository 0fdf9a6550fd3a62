"""*Carte seule*, or the SEPA debit too: what the payment pages offer."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import Http404

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.services import choose_methods
from reglo.payments.states import AttemptState, OfferedMethods
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
BOTH = OfferedMethods.CARD_AND_DEBIT


def choose(account: ProviderAccount, offers: OfferedMethods = BOTH) -> ProviderAccount:
    return choose_methods(company_id=account.company_id, account_id=account.id, offers=offers, now=clock_port.now())


def offered(stripe: StripeWorld, account: ProviderAccount, attempt: PaymentAttempt) -> list[str]:
    client = stripe.provider().clients.of(account.open_secrets())
    return client.v1.checkout.sessions.retrieve(attempt.external_id or "").payment_method_types


def test_a_page_offers_the_card_alone_until_told_otherwise(
    stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, start: Start
):
    assert offered(stripe, account, start(invoice)) == ["card"]


def test_a_page_offers_the_debit_too(stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, start: Start):
    choose(account)

    assert offered(stripe, account, start(invoice)) == ["card", "sepa_debit"]
    assert Event.objects.filter(kind="account.offers_changed").count() == 1


def test_the_same_choice_twice_is_one_change(account: ProviderAccount):
    choose(account)
    choose(account)

    assert Event.objects.filter(kind="account.offers_changed").count() == 1


def test_a_page_that_offers_something_else_is_closed_at_the_next_click(
    stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, start: Start
):
    before = start(invoice)
    choose(account)

    after = start(invoice)

    before.refresh_from_db()
    assert before.state == AttemptState.CANCELED
    assert offered(stripe, account, after) == ["card", "sepa_debit"]


def test_the_account_of_another_company_is_not_ours(company: Company, account: ProviderAccount):
    with pytest.raises(Http404):
        choose_methods(company_id=company.id + 1, account_id=account.id, offers=BOTH, now=clock_port.now())
    with pytest.raises(Http404):
        choose_methods(company_id=company.id, account_id=uuid4(), offers=BOTH, now=clock_port.now())

    account.refresh_from_db()
    assert account.offers == OfferedMethods.CARD
