from collections.abc import Callable

import pytest
from django.core import mail

from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import send_receipt
from reglo.delivery.states import MessageKind, MessageState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.services import record_collection, return_from_provider
from reglo.payments.states import Method
from reglo.ports import clock
from reglo.rendering.services import receipt_pdf
from tests.factories import make_issued
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, running, start, stripe, world  # noqa: F401 (fixtures)

Start = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def invoice(account: object, company: object) -> Invoice:  # noqa: F811 (the fixture)
    return make_issued(company, card_allowed=True)


@pytest.fixture
def payment(invoice: Invoice, stripe: StripeWorld, start: Start) -> Payment:  # noqa: F811 (the fixture)
    attempt = start(invoice)
    stripe.pay(attempt)
    return_from_provider(attempt_id=attempt.id, now=clock.now())
    return Payment.objects.get()


def receipt_mails() -> list[str]:
    return [left.message()["Message-ID"] for left in mail.outbox]


def test_the_payer_gets_one_receipt(mail_settings: MailSettings, payment: Payment, stripe: StripeWorld) -> None:  # noqa: F811 (the fixture)
    run_until_idle()
    stripe.deliver()
    run_until_idle()
    send_receipt(company_id=payment.company_id, payment_id=payment.id, now=clock.now())
    run_until_idle()
    assert receipt_mails() == [f"<{payment.id}@localhost>"]
    (left,) = mail.outbox
    number = payment.allocations.get().invoice.number
    assert left.subject == f"Reçu – Facture {number} – Atelier Lumen – 120,00\u00a0€"
    assert (
        f"Nous avons bien reçu votre paiement de 120,00\u00a0€ par carte, le 22 novembre 2026, pour la facture {number}."
    ) in left.body
    assert left.to == ["claire@fontaine.test"]
    assert left.extra_headers["Auto-Submitted"] == "auto-generated"
    ((name, content, _type),) = left.attachments
    assert (name, content) == (f"recu-{number}.pdf", receipt_pdf(payment=payment))
    assert Message.objects.get().state == MessageState.SENT


def test_money_entered_by_hand_sends_nothing(mail_settings: MailSettings, invoice: Invoice) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=120_00,
        method=Method.CASH,
        collected_on=clock.now().date(),
        now=clock.now(),
        actor_id=None,
    )
    run_until_idle()
    assert mail.outbox == []
    assert not Message.objects.exists()


def test_without_mail_server_no_receipt_waits(payment: Payment) -> None:
    run_until_idle()
    assert not Message.objects.filter(kind=MessageKind.RECEIPT).exists()


def test_a_payer_without_address_gets_none(mail_settings: MailSettings, payment: Payment, invoice: Invoice) -> None:
    assert invoice.customer is not None
    invoice.customer.email = ""
    invoice.customer.save()
    assert send_receipt(company_id=payment.company_id, payment_id=payment.id, now=clock.now()) is None


def test_a_payment_of_another_company_is_not_ours(mail_settings: MailSettings, payment: Payment) -> None:
    assert send_receipt(company_id=payment.company_id + 1, payment_id=payment.id, now=clock.now()) is None
    assert not Message.objects.exists()
