from collections.abc import Callable

import pytest
from django.core import mail

from reglo.customers.models import Customer
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import send_refusal
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.services import choose_methods
from reglo.payments.states import AttemptState, OfferedMethods
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import REFUSED_IBAN, StripeWorld
from tests.payments.conftest import account, running, start, stripe, world  # noqa: F401 (fixtures)

Start = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def invoice(account: ProviderAccount, company: object) -> Invoice:  # noqa: F811 (the fixture)
    choose_methods(
        company_id=account.company_id,
        account_id=account.id,
        offers=OfferedMethods.CARD_AND_DEBIT,
        now=clock_port.now(),
    )
    return make_issued(company, card_allowed=True)


@pytest.fixture
def failed(invoice: Invoice, stripe: StripeWorld, start: Start, clock: FrozenClock) -> PaymentAttempt:  # noqa: F811 (the fixture)
    attempt = start(invoice)
    stripe.debit(attempt, REFUSED_IBAN)
    clock.advance(days=5, minutes=1)
    stripe.deliver()
    run_until_idle()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.FAILED
    return attempt


def test_the_payer_is_told_once_why(mail_settings: MailSettings, failed: PaymentAttempt, invoice: Invoice):
    send_refusal(company_id=failed.company_id, attempt_id=failed.id, now=clock_port.now())
    run_until_idle()

    (left,) = mail.outbox
    assert left.message()["Message-ID"] == f"<{failed.id}@localhost>"
    assert left.to == ["claire@fontaine.test"]
    assert left.extra_headers["Auto-Submitted"] == "auto-generated"
    words = left.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert (
        f"Le prélèvement de 120,00 € demandé le 22 novembre 2026 pour la facture {invoice.number} n’a pas abouti. "
        "La banque, ou le titulaire du compte, n’autorise pas ce prélèvement. Rien n’a été débité : la facture reste "
        "à payer, par le même moyen ou par un autre."
    ) in words


def test_without_mail_server_no_mail_waits(failed: PaymentAttempt):
    assert not Message.objects.exists()


def test_a_customer_without_address_is_not_written_to(
    mail_settings: MailSettings,
    invoice: Invoice,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
):
    Customer.objects.update(email="")
    stripe.debit(start(invoice), REFUSED_IBAN)
    clock.advance(days=5, minutes=1)
    stripe.deliver()
    run_until_idle()

    assert PaymentAttempt.objects.get().state == AttemptState.FAILED
    assert not Message.objects.exists()


def test_an_attempt_that_did_not_fail_sends_nothing(mail_settings: MailSettings, invoice: Invoice, start: Start):  # noqa: F811 (the fixture)
    attempt = start(invoice)

    assert send_refusal(company_id=attempt.company_id, attempt_id=attempt.id, now=clock_port.now()) is None
    assert not Message.objects.exists()
