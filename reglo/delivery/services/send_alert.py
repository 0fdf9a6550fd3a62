"""Hand an alert to the mail server. At least once: after a crash the same mail, same Message-ID, may leave twice."""

from datetime import datetime
from uuid import UUID

from reglo.delivery.alert_mail import compose_alert
from reglo.delivery.models import Alert
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.send_message import MailNotSent
from reglo.delivery.smtp import SENDING_ERRORS, MailNotConfigured, connect, explain
from reglo.delivery.states import AlertState


def send_alert(*, company_id: int, alert_id: UUID, now: datetime) -> None:
    """Send it if it waits; a server that refuses it for good ends it. Outside any transaction.

    Raises MailNotSent when trying again later may help, and MailNotConfigured.
    """
    waiting = Alert.objects.filter(company_id=company_id, id=alert_id, state=AlertState.QUEUED)
    alert = waiting.select_related("company").first()
    if alert is None:
        return
    settings = mail_settings_of(company_id)
    if settings is None:
        raise MailNotConfigured
    try:
        compose_alert(alert, mail_settings=settings, connection=connect(settings)).send()
    except SENDING_ERRORS as error:
        problem = explain(error, host=settings.host, port=settings.port)
        state = AlertState.FAILED if problem.permanent else AlertState.QUEUED
        waiting.update(state=state, last_error=problem.sentence)
        if not problem.permanent:
            raise MailNotSent(reason=problem.sentence) from error
    else:
        waiting.update(state=AlertState.SENT, sent_at=now, last_error="")
