"""A company's mail server: how it is called, and what its refusals mean to a person."""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reglo.delivery.mail_servers import NotAMailServer
from reglo.delivery.models import MailSettings
from reglo.delivery.states import Security
from reglo.errors import RegloError

TIMEOUT_SECONDS = 15
SENDING_ERRORS = (smtplib.SMTPException, OSError)  # all that Django's backend lets through


class MailNotConfigured(RegloError):
    code = "mail_not_configured"
    status = 409
    message = gettext_lazy(
        "Aucun serveur d’envoi n’est configuré : copiez le lien et envoyez-le vous-même, ou réglez l’envoi."
    )


@dataclass(frozen=True, slots=True)
class MailProblem:
    """Why a mail did not leave. `field` is a column of MailSettings; `permanent`: trying again cannot help."""

    sentence: str
    field: str = ""
    permanent: bool = False


def connect(settings: MailSettings) -> BaseEmailBackend:
    """A connection, not yet open, through `mail_servers.CheckedBackend`. Raises SealBroken."""
    connection: BaseEmailBackend = get_connection(
        host=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.open_password(),
        use_tls=settings.security == Security.STARTTLS,
        use_ssl=settings.security == Security.TLS,
        timeout=TIMEOUT_SECONDS,
    )
    return connection


def explain(error: Exception, *, host: str, port: int) -> MailProblem:
    """What to say of an error of SENDING_ERRORS."""
    if isinstance(error, smtplib.SMTPException):
        return _explain_answer(error)
    return _explain_connection(error, host=host, port=port)


def _explain_connection(error: Exception, *, host: str, port: int) -> MailProblem:
    match error:
        case NotAMailServer():
            return MailProblem(str(error), error.field)
        case socket.gaierror():
            return MailProblem(_("Le serveur « %s » est introuvable. Vérifiez son nom.") % host, "host")
        case ConnectionRefusedError():
            sentence = _("Le serveur « %(host)s » ne répond pas sur le port %(port)d. Vérifiez le port.")
            return MailProblem(sentence % {"host": host, "port": port}, "port")
        case TimeoutError():
            sentence = _(
                "Le serveur « %(host)s » ne répond pas sur le port %(port)d. Vérifiez le port et le chiffrement."
            )
            return MailProblem(sentence % {"host": host, "port": port}, "port")
        case ssl.SSLCertVerificationError():
            sentence = _("Le certificat de « %s » n’est pas valable : la connexion ne serait pas sûre.")
            return MailProblem(sentence % host, "host")
        case ssl.SSLError():
            return MailProblem(
                _("Le chiffrement choisi n’est pas celui de ce port : essayez STARTTLS (587) ou TLS (465)."),
                "security",
            )
        case _unknown:
            return MailProblem(_("La connexion au serveur « %s » a échoué.") % host, "host")


def _explain_answer(error: smtplib.SMTPException) -> MailProblem:
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailProblem(_("Le serveur refuse cet identifiant ou ce mot de passe."), "sealed_password")
        case smtplib.SMTPNotSupportedError():
            return MailProblem(_("Ce serveur n’accepte pas ce chiffrement ou cette connexion."), "security")
        case smtplib.SMTPSenderRefused():
            sentence = _("Le serveur refuse l’adresse d’expédition « %s ».") % error.sender
            return MailProblem(sentence, "from_address", permanent=_is_final(error.smtp_code))
        case smtplib.SMTPRecipientsRefused():
            final = all(_is_final(code) for code, _reason in error.recipients.values())
            sentence = _("Le serveur refuse l’adresse « %s ».") % ", ".join(error.recipients)
            return MailProblem(sentence, permanent=final)
        case smtplib.SMTPServerDisconnected():
            return MailProblem(_("Le serveur a fermé la connexion : vérifiez le port et le chiffrement."), "security")
        case smtplib.SMTPResponseException():
            reason = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else ""
            sentence = _("Le serveur a répondu « %(code)d %(reason)s ».") % {
                "code": error.smtp_code,
                "reason": reason,
            }
            return MailProblem(sentence, permanent=_is_final(error.smtp_code))
        case _unknown:
            return MailProblem(_("Le serveur d’envoi a répondu par une erreur."))


def _is_final(code: int) -> bool:
    """Answers from 500 on will be the same tomorrow (RFC 5321 §4.2.1)."""
    return code >= 500
