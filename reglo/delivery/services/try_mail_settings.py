"""Send a mail to oneself, to know that the settings work before a customer depends on them."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from reglo.companies.locks import lock_company
from reglo.delivery.headers import one_line
from reglo.delivery.mail import sender
from reglo.delivery.models import MailSettings
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.send_message import MailNotSent
from reglo.delivery.smtp import SENDING_ERRORS, MailNotConfigured, connect, explain


def try_mail_settings(*, company_id: int, to: str, now: datetime) -> MailSettings:
    """Send a test to `to` (a member's own address) with the saved settings, and note that it worked.

    Raises MailNotConfigured, or MailNotSent whose `field` is the column of MailSettings to look at.
    """
    settings = mail_settings_of(company_id)
    if settings is None:
        raise MailNotConfigured
    mail = EmailMessage(
        subject=one_line(_("Essai d’envoi – %s") % settings.company.name),
        body=_("Bonjour,\n\nL’envoi des e-mails de %s fonctionne.\n") % settings.company.name,
        from_email=sender(settings),
        to=[to],
        connection=connect(settings),
    )
    try:
        mail.send()
    except SENDING_ERRORS as error:
        problem = explain(error, host=settings.host, port=settings.port)
        raise MailNotSent(field=problem.field or None, reason=problem.sentence) from error
    with transaction.atomic():
        lock_company(company_id)
        MailSettings.objects.filter(pk=settings.pk, changed_at=settings.changed_at).update(tested_at=now)
    settings.tested_at = now
    return settings
