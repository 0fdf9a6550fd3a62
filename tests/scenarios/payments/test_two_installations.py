"""42: a second installation is restored from the backup of the first, and does nothing until a person decides."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import User
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.card_offers import CardRefusal, card_offer
from reglo.payments.installation import AccountElsewhere
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers import registry
from reglo.payments.services import (
    check_account,
    check_accounts,
    connect_account,
    disconnect_account,
    return_from_provider,
    sweep,
    take_over_account,
)
from reglo.payments.states import AccountState
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import StripeWorld
from tests.scenarios.payments.telling import Start, endpoint_at_stripe, settled, shown, stripe_itself


class TestTwoInstallsOfOneBackup:
    """42"""

    @pytest.fixture
    def paid(self, stripe: StripeWorld, invoice: Invoice, start: Start) -> PaymentAttempt:
        """Asked for and paid at the first installation, after the backup was taken."""
        run_until_idle()
        attempt = start(invoice)
        stripe.pay(attempt)
        return attempt

    @pytest.fixture
    def copied(self, paid: PaymentAttempt, stripe: StripeWorld, settings: Any) -> Iterator[None]:
        """From here on we are the second installation, restored at another address."""
        settings.BASE_URL = "http://localhost:9000"
        with registry.replace("stripe", replace(stripe.provider(), install="localhost:9000")):
            yield

    def test_the_copy_asks_nothing_books_nothing_and_opens_no_page(
        self, copied: None, paid: PaymentAttempt, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice
    ):
        asked, now = len(stripe.wire.passed), clock_port.now()

        sweep(now=now)
        check_accounts(now=now)
        return_from_provider(attempt_id=paid.id, now=now)
        with pytest.raises(AccountElsewhere):
            check_account(company_id=account.company_id, account_id=account.id, now=now)
        with pytest.raises(AccountElsewhere):
            connect_account(company_id=account.company_id, account_id=account.id, now=now)

        assert len(stripe.wire.passed) == asked
        assert Payment.objects.count() == 0
        offer = card_offer(invoice, company=invoice.company, today=now.date())
        assert offer.refusal == CardRefusal.ACCOUNT_ELSEWHERE

    def test_the_seller_decides_on_the_health_page(self, copied: None, alice: User):
        staff = Client()
        staff.force_login(alice)

        page = shown(staff, "/encaissements/sante/")

        assert "relié à une autre installation (localhost:8000)" in page
        assert "Celle-ci remplace l’autre" in page
        assert "Celle-ci est une copie" in page

    def test_when_it_replaces_the_first_the_endpoint_moves_and_what_was_paid_there_is_ours(
        self, copied: None, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice
    ):
        take_over_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
        run_until_idle()

        account.refresh_from_db()
        [alive] = stripe_itself(stripe).v1.webhook_endpoints.list().data
        assert alive.url.startswith("http://localhost:9000/hooks/stripe/")
        assert account.installs == ["localhost:8000", "localhost:9000"]
        assert (settled(invoice), Payment.objects.count()) == (120_00, 1)

    def test_a_copy_that_is_let_go_leaves_the_first_as_it_was(
        self, copied: None, stripe: StripeWorld, account: ProviderAccount
    ):
        before = endpoint_at_stripe(account)

        disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

        account.refresh_from_db()
        [alive] = stripe_itself(stripe).v1.webhook_endpoints.list().data
        assert (alive.id, alive.status) == (before, "enabled")
        assert (account.state, account.sealed_secrets) == (AccountState.DISCONNECTED, "")
