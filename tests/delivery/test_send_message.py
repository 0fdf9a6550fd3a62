import smtplib
import sys
from email.message import EmailMessage as StandardMessage
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from reglo.companies.models import Company
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import (
    MailNotConfigured,
    MailNotSent,
    MailText,
    address_of,
    prepare_message,
    queue_message,
    send_message,
)
from reglo.delivery.states import MessageState
from reglo.events.kinds import Kind
from reglo.events.models import Event, Reaction
from reglo.events.queries import content_of
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.ports import clock as clock_port
from reglo.rendering.services import invoice_pdf
from tests.factories import make_issued

REFUSED = smtplib.SMTPRecipientsRefused({"claire@fontaine.test": (550, b"No such user")})
BUSY = smtplib.SMTPRecipientsRefused({"claire@fontaine.test": (451, b"Try later")})


@pytest.fixture
def message(mail_settings: MailSettings, invoice: Invoice) -> Message:
    return prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock_port.now())


def queue(message: Message, **changes: Any) -> Message:
    text = {"to": message.to, "subject": message.subject, "body": message.body, **changes}
    return queue_message(
        company_id=message.company_id,
        message_id=message.id,
        text=MailText(**text),
        actor_id=None,
        now=clock_port.now(),
    )


def send(message: Message) -> None:
    send_message(company_id=message.company_id, message_id=message.id, now=clock_port.now())


def failing(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> None:
    """The server answers so, then takes the mail."""
    answers, take = list(errors), EmailBackend.send_messages

    def answer(self: EmailBackend, messages: list[Any]) -> int:
        if answers:
            raise answers.pop(0)
        return take(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", answer)


def sent() -> tuple[EmailMultiAlternatives, StandardMessage]:
    """The one mail that left, and what went over the wire."""
    (left,) = mail.outbox
    assert isinstance(left, EmailMultiAlternatives)
    return left, left.message()


def test_the_mail_has_text_html_and_the_pdf(message: Message, invoice: Invoice) -> None:
    address = address_of(message)
    queue(message)
    run_until_idle()
    left, wire = sent()
    assert wire["Message-ID"] == message.message_id
    assert wire["From"] == "Atelier Lumen <factures@atelier-lumen.test>"
    assert (wire["To"], wire["Reply-To"]) == ("claire@fontaine.test", "bonjour@atelier-lumen.test")
    assert left.subject == message.subject
    assert f"Voir et payer la facture :\n{address}\n" in left.body
    assert "[Voir et payer" not in left.body
    assert left.body.endswith("Atelier Lumen\nSIREN 732\u00a0829\u00a0320")
    ((html, kind),) = left.alternatives
    assert kind == "text/html"
    assert f'<a href="{address}"' in str(html)
    assert "<img" not in str(html)
    ((name, content, media_type),) = left.attachments
    assert (name, media_type) == (f"facture-{invoice.number}.pdf", "application/pdf")
    assert content == invoice_pdf(invoice=invoice, now=clock_port.now())


def test_once_it_left_the_token_is_forgotten(message: Message, invoice: Invoice) -> None:
    queue(message)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, clock_port.now(), 1)
    assert message.sealed_token == ""
    assert address_of(message) == ""
    event = Event.objects.get(kind=Kind.MESSAGE_SENT)
    assert (event.subject_type, event.subject_id) == ("invoicing.invoice", str(invoice.id))
    assert content_of(event) == {"to": "claire@fontaine.test", "kind": "invoice"}


def test_sent_twice_by_the_worker_it_leaves_once(message: Message) -> None:
    queue(message)
    send(message)
    send(message)
    assert len(mail.outbox) == 1


def test_a_crash_after_the_server_took_it_repeats_the_same_mail(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(message)
    with monkeypatch.context() as crash:
        crash.setattr(sys.modules[send_message.__module__], "_finish", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(message)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.sending_at) == (MessageState.QUEUED, 1, clock_port.now())
    send(message)
    first, again = mail.outbox
    assert first.message()["Message-ID"] == again.message()["Message-ID"] == message.message_id
    assert first.body == again.body
    assert Event.objects.filter(kind=Kind.MESSAGE_SENT).count() == 1


def test_a_busy_server_is_tried_again(message: Message, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    failing(monkeypatch, BUSY)
    queue(message)
    run_until_idle()
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert message.last_error == "Le serveur refuse l’adresse « claire@fontaine.test »."
    clock.advance(hours=1)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == (MessageState.SENT, "", 2)


def test_a_final_refusal_is_shown_and_can_be_mended(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, REFUSED)
    queue(message)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.last_error) == (
        MessageState.FAILED,
        "Le serveur refuse l’adresse « claire@fontaine.test ».",
    )
    assert Event.objects.filter(kind=Kind.MESSAGE_FAILED).count() == 1
    assert not Reaction.objects.filter(name__endswith="send_queued").exclude(state=ReactionState.DONE).exists()
    queue(message, to="compta@fontaine.test")
    run_until_idle()
    left, _wire = sent()
    assert left.to == ["compta@fontaine.test"]
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_connection_error_is_worth_another_try(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ConnectionRefusedError())
    queue(message)
    with pytest.raises(MailNotSent) as error:
        send(message)
    assert str(error.value) == (
        "L’e-mail n’est pas parti. "
        "Le serveur « smtp.atelier-lumen.test » ne répond pas sur le port 587. Vérifiez le port."
    )


def test_settings_taken_away_meanwhile_keep_the_mail_waiting(message: Message) -> None:
    queue(message)
    MailSettings.objects.all().delete()
    with pytest.raises(MailNotConfigured):
        send(message)
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED


def test_what_a_person_wrote_is_not_markup(message: Message) -> None:
    queue(message, body="Bonjour <b>Claire</b> & cie", attach_pdf=False)
    run_until_idle()
    left, _wire = sent()
    html = str(left.alternatives[0][0])
    assert "Bonjour &lt;b&gt;Claire&lt;/b&gt; &amp; cie" in html
    assert left.body.startswith("Bonjour <b>Claire</b> & cie\n\nVoir et payer la facture :\nhttp")
    assert left.attachments == []


def test_a_seller_s_name_cannot_add_a_header(message: Message, company: Company) -> None:
    MailSettings.objects.update(from_name='Atelier "Lumen", électricité')
    queue(message)
    run_until_idle()
    _left, wire = sent()
    assert "\n" not in str(wire["From"])
    assert str(wire["From"]).endswith("<factures@atelier-lumen.test>")


def test_the_token_is_in_no_event(message: Message) -> None:
    token = address_of(message).rsplit("/", 1)[1]
    queue(message)
    run_until_idle()
    assert token not in " ".join(str(content_of(event)) for event in Event.objects.all())
    assert token not in " ".join(Reaction.objects.values_list("last_error", flat=True))


def test_a_seller_whose_name_has_line_breaks_still_sends(company: Company, mail_settings: MailSettings) -> None:
    Company.objects.filter(pk=company.pk).update(name="Atelier\r\nBcc: tous@mal.test")
    company.refresh_from_db()
    invoice = make_issued(company)
    message = prepare_message(company_id=company.pk, invoice_id=invoice.pk, now=clock_port.now())
    queue(message)
    send(message)
    (sent,) = mail.outbox
    assert "Atelier Bcc: tous@mal.test" in sent.subject
    assert sent.message()["Bcc"] is None
    assert sent.recipients() == [message.to]
