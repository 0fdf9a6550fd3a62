"""Hand a queued mail to the server. At least once: after a crash the same mail, same Message-ID, may leave twice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.delivery.locks import lock_message
from reglo.delivery.mail import compose
from reglo.delivery.models import Message
from reglo.delivery.papers import paper_of
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.smtp import SENDING_ERRORS, MailNotConfigured, MailProblem, connect, explain
from reglo.delivery.states import MessageState
from reglo.delivery.tokens import link_address
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record


class MailNotSent(RegloError):
    """The server did not take the mail, this time; `reason` is a sentence."""

    code = "mail_not_sent"
    status = 502
    message = _("L’e-mail n’est pas parti. %(reason)s")


def send_message(*, company_id: int, message_id: UUID, now: datetime) -> None:
    """Send the mail if it is *En attente d'envoi*; then *Remis au serveur*, or *Non distribué* when refused for good.

    Outside any transaction. Raises MailNotSent when trying again later may help, and MailNotConfigured.
    """
    message = _begin(company_id, message_id, now)
    if message is None:
        return
    settings = mail_settings_of(company_id)
    if settings is None:
        raise MailNotConfigured
    mail = compose(
        message,
        address=link_address(message.open_token()),
        settings=settings,
        attachment=paper_of(message, now=now) if message.attach_pdf else None,
        connection=connect(settings),
    )
    try:
        mail.send()
    except SENDING_ERRORS as error:
        problem = explain(error, host=settings.host, port=settings.port)
        _note(message, problem, now)
        if not problem.permanent:
            raise MailNotSent(reason=problem.sentence) from error
    else:
        _finish(message, now)


def _begin(company_id: int, message_id: UUID, now: datetime) -> Message | None:
    """Commit that it is being sent, before the server is called."""
    with transaction.atomic():
        message = lock_message(message_id=message_id, company_id=company_id)
        if message is None or message.state != MessageState.QUEUED:
            return None
        message.attempts += 1
        message.sending_at = now
        message.save(update_fields=["attempts", "sending_at"])
    return message


def _note(sent: Message, problem: MailProblem, now: datetime) -> None:
    with transaction.atomic():
        message = lock_message(message_id=sent.id, company_id=sent.company_id)
        if message is None or message.state != MessageState.QUEUED:
            return  # another worker got it through
        message.last_error = problem.sentence
        if problem.permanent:
            message.move_to(MessageState.FAILED)
            _tell(Kind.MESSAGE_FAILED, message, now, reason=problem.sentence)
        message.save(update_fields=["last_error", "state"])


def _finish(sent: Message, now: datetime) -> None:
    """The server has it: the token is needed no more."""
    with transaction.atomic():
        message = lock_message(message_id=sent.id, company_id=sent.company_id)
        if message is None or message.state != MessageState.QUEUED:
            return
        message.move_to(MessageState.SENT)
        message.sent_at = now
        message.sealed_token = ""
        message.last_error = ""
        message.save(update_fields=["state", "sent_at", "sealed_token", "last_error"])
        _tell(Kind.MESSAGE_SENT, message, now)


def _tell(kind: Kind, message: Message, now: datetime, **more: str) -> None:
    """On the timeline of the document."""
    record(
        kind=kind,
        company_id=message.company_id,
        subject=message.document,
        now=now,
        content={"to": message.to, "kind": message.kind, **more},
    )
