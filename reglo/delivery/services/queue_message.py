"""*Envoyer*: the mail as the person left it goes to the queue; the worker sends it within the second."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.delivery.headers import is_one_line
from reglo.delivery.locks import lock_document, lock_message
from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.smtp import MailNotConfigured
from reglo.delivery.states import MessageState
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record

LONGEST_SUBJECT = 400
LONGEST_BODY = 10_000


class RecipientRefused(RegloError):
    code = "recipient_refused"
    message = _("Indiquez une adresse e-mail, par exemple claire@exemple.fr.")


class SubjectRefused(RegloError):
    code = "subject_refused"
    message = _("Écrivez un objet sur une seule ligne, de %(most)d caractères au plus.")


class BodyRefused(RegloError):
    code = "body_refused"
    message = _("Écrivez un message de %(most)d caractères au plus.")


@dataclass(frozen=True, slots=True)
class MailText:
    """The mail as edited."""

    to: str
    subject: str
    body: str
    attach_pdf: bool = True


def queue_message(*, company_id: int, message_id: UUID, text: MailText, actor_id: int | None, now: datetime) -> Message:
    """The mail *En attente d'envoi*: from *Préparé*, or from *Non distribué* to try again. A double click is harmless.

    Raises MailNotConfigured, RecipientRefused, SubjectRefused, BodyRefused: nothing is then written.
    """
    _check(text)
    if mail_settings_of(company_id) is None:
        raise MailNotConfigured
    with transaction.atomic():
        seen = Message.objects.filter(id=message_id, company_id=company_id).first()
        if seen is None:
            raise Http404
        lock_document(seen)
        message = lock_message(message_id=message_id, company_id=company_id)
        assert message is not None, "mails are never deleted"
        if message.state not in {MessageState.PREPARED, MessageState.FAILED}:
            return message
        message.to, message.subject, message.body = text.to, text.subject.strip(), text.body
        message.attach_pdf = text.attach_pdf
        message.link.email = text.to
        message.link.save(update_fields=["email"])
        to_queue(message, actor_id=actor_id, now=now)
    return message


def to_queue(message: Message, *, actor_id: int | None, now: datetime) -> None:
    """Write the mail in the queue and record it, in the caller's transaction."""
    message.move_to(MessageState.QUEUED)
    message.queued_at = now
    message.last_error = ""
    message.save()
    record(
        kind=Kind.MESSAGE_PREPARED,
        company_id=message.company_id,
        subject=message,
        actor_id=actor_id,
        now=now,
        content={"to": message.to, "kind": message.kind},
    )


def _check(text: MailText) -> None:
    try:
        validate_email(text.to)
    except ValidationError:
        raise RecipientRefused(field="to") from None
    if not text.subject.strip() or len(text.subject) > LONGEST_SUBJECT or not is_one_line(text.subject):
        raise SubjectRefused(field="subject", most=LONGEST_SUBJECT)
    if not text.body.strip() or len(text.body) > LONGEST_BODY:
        raise BodyRefused(field="body", most=LONGEST_BODY)
