"""An alert as a mail: the same look as those to customers, signed by the product."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reglo.delivery.alert_words import LANGUAGE
from reglo.delivery.mail import sender
from reglo.delivery.models import Alert, MailSettings
from reglo.rendering.document import DEFAULT_ACCENT


def compose_alert(
    alert: Alert, *, mail_settings: MailSettings, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """The mail; composed again it says the same, under the same Message-ID."""
    address = f"{settings.BASE_URL}/"
    with translation.override(LANGUAGE):
        paragraphs = [_("Bonjour,"), *alert.body.split("\n\n")]
        label = _("Ouvrir Réglo")
        signature = [
            _("Réglo, pour %(company)s") % {"company": alert.company.name},
            _("Pour ne plus recevoir ces alertes : Mon compte, « Alertes par e-mail »."),
        ]
        html = render_to_string(
            "delivery/mail.html",
            {
                "language": LANGUAGE,
                "subject": alert.subject,
                "parts": [*(paragraph.splitlines() for paragraph in paragraphs), None],
                "label": label,
                "address": address,
                "seller": alert.company.name,
                "signature": signature,
                "accent": DEFAULT_ACCENT,
            },
        )
        link = _("%(label)s :") % {"label": label} + f"\n{address}"
        text = "\n\n".join([*paragraphs, link, "\n".join(signature)])
    mail = EmailMultiAlternatives(
        subject=alert.subject,
        body=text,
        from_email=sender(mail_settings),
        to=[alert.to],
        headers={
            "Message-ID": alert.message_id,
            "Date": format_datetime(alert.queued_at),
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    mail.attach_alternative(html, "text/html")
    return mail
