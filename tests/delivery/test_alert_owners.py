"""What does not wait is mailed to those who run the company: once each, whatever the number of calls."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from reglo.companies.models import Company, Membership, User
from reglo.companies.states import Role
from reglo.delivery.models import Alert, MailSettings
from reglo.delivery.services import (
    MailNotSent,
    MailSettingsInput,
    alert_owners,
    save_mail_settings,
    send_alert,
    tell_chain_heads,
)
from reglo.delivery.states import Security
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.record import record
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.ports import clock as clock_port
from tests.factories import make_company, make_issued, make_user
from tests.factories.companies import FOUNDED_AT
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import REFUND_FAILS, StripeWorld
from tests.payments.conftest import (  # noqa: F401 (fixtures)
    Give,
    account,
    give_back,
    pay_on_line,
    payment,
    running,
    start,
    stripe,
    world,
)
from tests.scenarios.payments.refund_stories import everything_arrives

SERVER = MailSettingsInput(
    host="smtp.atelier-lumen.test",
    port=587,
    security=Security.STARTTLS,
    username="lumen",
    password="un mot de passe",
    from_address="factures@atelier-lumen.test",
)


@pytest.fixture
def invoice(company: Company, account: object) -> Invoice:  # noqa: F811 (the fixture)
    """120,00 €, card allowed."""
    return make_issued(company, card_allowed=True)


def broken(company: Company) -> Event:
    return record(kind=Kind.ACCOUNT_BROKEN, company_id=company.pk, subject=company, now=clock_port.now())


def alerts_sent() -> list[tuple[str, str]]:
    return [(one.to[0], str(one.subject)) for one in mail.outbox]


def test_every_owner_is_told_once_and_nobody_else(
    company: Company, bob: User, david: User, mail_settings: MailSettings
):
    other = make_user("zoe@atelier-lumen.test", name="Zoé Martin")
    Membership.objects.create(company=company, user=other, role=Role.OWNER, joined_at=FOUNDED_AT)
    event = broken(company)

    run_until_idle()
    alert_owners(event=event, now=clock_port.now())
    run_until_idle()

    assert alerts_sent() == [
        ("alice@atelier-lumen.test", "Stripe n’accepte plus votre clé"),
        ("zoe@atelier-lumen.test", "Stripe n’accepte plus votre clé"),
    ]
    assert set(Alert.objects.values_list("state", flat=True)) == {"sent"}


def test_who_left_or_wants_no_alert_gets_none(company: Company, alice: User, mail_settings: MailSettings):
    former = make_user("zoe@atelier-lumen.test")
    Membership.objects.create(
        company=company, user=former, role=Role.OWNER, joined_at=FOUNDED_AT, left_at=clock_port.now()
    )
    User.objects.filter(id=alice.id).update(alerted=False)
    broken(company)

    run_until_idle()

    assert (alerts_sent(), Alert.objects.count()) == ([], 0)


def test_without_a_mail_server_nothing_waits(company: Company):
    broken(company)

    run_until_idle()

    assert not Alert.objects.exists()
    assert not Event.objects.filter(reactions__state="parked").exists()


def test_a_contested_payment_tells_the_amount_and_the_last_day(
    company: Company,
    mail_settings: MailSettings,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    payment: Payment,  # noqa: F811 (the fixture)
):
    stripe.command(f"charges/{payment.external_id}/dispute", kind="chargeback")
    stripe.deliver()
    run_until_idle()

    alert = Alert.objects.get(event__kind=Kind.DISPUTE_OPENED)
    number = Invoice.objects.get(number__isnull=False).number
    assert alert.subject == f"Paiement contesté – {number} – 120,00\u00a0€"
    assert "Répondez chez Stripe avant le " in alert.body
    [sent] = [one for one in mail.outbox if one.subject == alert.subject]
    assert sent.extra_headers["Message-ID"] == alert.message_id
    assert "http://localhost:8000/" in sent.body
    assert "Atelier Lumen" in sent.body


def test_a_server_that_is_away_is_tried_again_with_the_same_message(
    company: Company, mail_settings: MailSettings, monkeypatch: pytest.MonkeyPatch
):
    [alert] = alert_owners(event=broken(company), now=clock_port.now())
    with monkeypatch.context() as gone:
        gone.setattr("django.core.mail.EmailMessage.send", _away)
        with pytest.raises(MailNotSent):
            send_alert(company_id=company.id, alert_id=alert.id, now=clock_port.now())
    alert.refresh_from_db()
    assert (alert.state, bool(alert.last_error)) == ("queued", True)

    send_alert(company_id=company.id, alert_id=alert.id, now=clock_port.now())
    send_alert(company_id=company.id, alert_id=alert.id, now=clock_port.now())

    [sent] = mail.outbox
    assert sent.extra_headers["Message-ID"] == alert.message_id
    alert.refresh_from_db()
    assert (alert.state, alert.last_error, alert.sent_at) == ("sent", "", clock_port.now())


def test_a_refund_that_the_bank_sends_back_is_told(
    mail_settings: MailSettings,
    invoice: Invoice,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Callable[[Invoice], PaymentAttempt],  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    give_back(pay_on_line(stripe, start(invoice), REFUND_FAILS), 40_00)
    assert not Alert.objects.exists()  # it went through, so far

    everything_arrives(stripe)

    alert = Alert.objects.get()
    assert (alert.event.kind, alert.subject) == (
        Kind.PAYMENT_REFUNDED,
        "Un remboursement n’a pas abouti – 40,00\u00a0€",
    )


def _away(*_: object, **__: object) -> int:
    raise ConnectionRefusedError


@pytest.mark.parametrize("practice", [False, True])
def test_the_head_of_the_chain_is_told_on_the_days_when_it_grew(alice: User, clock: FrozenClock, practice: bool):
    company = make_company(owner=alice, practice=practice)
    save_mail_settings(company_id=company.id, typed=SERVER, actor_id=None, now=clock.now())
    issued = make_issued(company)
    assert tell_chain_heads(now=clock.now()) == 0  # the day is not over
    clock.advance(days=1)

    told = [tell_chain_heads(now=clock.now()) for _twice in range(2)]
    run_until_idle()

    if practice:  # its documents prove nothing
        assert (told, mail.outbox) == ([0, 0], [])
        return
    assert told == [1, 0]
    [sent] = mail.outbox
    assert sent.subject == "Empreinte de vos documents au 22 novembre 2026 – Atelier Lumen"
    assert f"1 · {issued.hash}" in sent.body
    make_issued(company)
    clock.advance(days=1)
    assert [tell_chain_heads(now=clock.now()) for _twice in range(2)] == [1, 0]
    clock.advance(days=-1)
    assert tell_chain_heads(now=clock.now()) == 0  # a head that proves less


def test_mon_compte_turns_alerts_off_and_on(company: Company, alice: User):
    browser = Client()
    browser.force_login(alice)
    assert "Alertes par e-mail" in browser.get("/compte/").content.decode()

    browser.post("/compte/", {"name": "Alice Martin"})
    alice.refresh_from_db()
    assert not alice.alerted

    browser.post("/compte/", {"name": "Alice Martin", "alerted": "on"})
    alice.refresh_from_db()
    assert alice.alerted
