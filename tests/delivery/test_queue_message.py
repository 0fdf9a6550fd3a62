from dataclasses import replace

import pytest
from django.http import Http404

from reglo.companies.models import User
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import (
    BodyRefused,
    MailNotConfigured,
    MailText,
    RecipientRefused,
    SubjectRefused,
    prepare_message,
    queue_message,
)
from reglo.delivery.states import MessageState
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.ports import clock

TEXT = MailText(to="compta@fontaine.test", subject="Votre facture", body="Bonjour,\n\n[Voir et payer la facture]")


@pytest.fixture
def message(invoice: Invoice) -> Message:
    return prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock.now())


def queue(message: Message, text: MailText = TEXT) -> Message:
    return queue_message(
        company_id=message.company_id, message_id=message.id, text=text, actor_id=None, now=clock.now()
    )


def test_the_mail_leaves_as_the_person_wrote_it(mail_settings: MailSettings, message: Message) -> None:
    queued = queue(message, replace(TEXT, attach_pdf=False))
    queued.refresh_from_db()
    assert (queued.state, queued.to, queued.subject, queued.body, queued.attach_pdf) == (
        MessageState.QUEUED,
        "compta@fontaine.test",
        "Votre facture",
        TEXT.body,
        False,
    )
    assert queued.link.email == "compta@fontaine.test"
    event = Event.objects.get(kind=Kind.MESSAGE_PREPARED)
    assert event.subject_id == str(message.id)
    assert [reaction.name for reaction in event.reactions.all()] == ["reglo.delivery.tasks.send_queued"]


def test_a_double_click_queues_once(mail_settings: MailSettings, message: Message) -> None:
    queue(message)
    again = queue(message, replace(TEXT, subject="Autre objet"))
    assert again.subject == "Votre facture"
    assert Event.objects.filter(kind=Kind.MESSAGE_PREPARED).count() == 1


def test_without_mail_server_sending_is_refused_and_the_link_offered(message: Message) -> None:
    with pytest.raises(MailNotConfigured) as refusal:
        queue(message)
    assert "copiez le lien" in str(refusal.value)
    message.refresh_from_db()
    assert message.state == MessageState.PREPARED


@pytest.mark.parametrize(
    ("text", "error", "field"),
    [
        (replace(TEXT, to="claire@"), RecipientRefused, "to"),
        (replace(TEXT, to="claire@fontaine.test\nBcc: all@evil.test"), RecipientRefused, "to"),
        (replace(TEXT, subject="Facture\r\nBcc: all@evil.test"), SubjectRefused, "subject"),
        (replace(TEXT, subject="Facture\u2028Bcc"), SubjectRefused, "subject"),
        (replace(TEXT, subject="  "), SubjectRefused, "subject"),
        (replace(TEXT, subject="x" * 401), SubjectRefused, "subject"),
        (replace(TEXT, body=" \n"), BodyRefused, "body"),
        (replace(TEXT, body="x" * 10_001), BodyRefused, "body"),
    ],
)
def test_what_is_refused_changes_nothing(
    mail_settings: MailSettings, message: Message, text: MailText, error: type[RegloError], field: str
) -> None:
    before = Message.objects.values().get()
    with pytest.raises(error) as refusal:
        queue(message, text)
    assert refusal.value.field == field
    assert Message.objects.values().get() == before
    assert not Event.objects.filter(kind=Kind.MESSAGE_PREPARED).exists()


def test_narrow_spaces_of_amounts_are_fine_in_a_subject(mail_settings: MailSettings, message: Message) -> None:
    queue(message, replace(TEXT, subject=message.subject))
    assert "\u202f" in Message.objects.get().subject


def test_another_company_cannot_send_it(mail_settings: MailSettings, message: Message, mallory: User) -> None:
    MailSettings.objects.filter(company=message.company).update(company=mallory.memberships.get().company)
    with pytest.raises(Http404):
        queue_message(
            company_id=mallory.memberships.get().company_id,
            message_id=message.id,
            text=TEXT,
            actor_id=mallory.id,
            now=clock.now(),
        )
    message.refresh_from_db()
    assert message.state == MessageState.PREPARED
