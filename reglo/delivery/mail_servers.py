"""Which servers may take mails: typed by a person, called by our machine.

Whoever may set the mail server must not learn, from what the error says, which machines answer behind our firewall:
only public addresses and the ports of mail are called. `settings.INTERNAL_MAIL_SERVERS` opens named exceptions.
"""

import ipaddress
import smtplib

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from reglo.ports import dns, tcp

MAIL_PORTS = frozenset({25, 26, 465, 587, 588, 2465, 2525, 2587})


class NotAMailServer(OSError):
    """Not called: `str()` is the sentence, `field` the column of MailSettings it is about."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def check_typed(host: str, port: int) -> None:
    """What can be said without asking anybody. Raises NotAMailServer."""
    if _is_opened(host, port):
        return
    if port not in MAIL_PORTS:
        sentence = _("Le port %d n’est pas un port d’envoi : 587 (STARTTLS) et 465 (TLS) sont les plus courants.")
        raise NotAMailServer(sentence % port, field="port")
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise _internal(host)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return  # a name: judged by its addresses, when it is called
    if not dns.is_public(address):
        raise _internal(host)


def dial(host: str, port: int, timeout: float | None) -> tcp.Connection:
    """Resolve once, judge, and connect to an address that was judged. Raises NotAMailServer, or OSError."""
    check_typed(host, port)
    addresses = dns.addresses_of(host)
    if not _is_opened(host, port) and not all(map(dns.is_public, addresses)):
        raise _internal(host)
    return tcp.connect(addresses, port, timeout=timeout)


class CheckedBackend(EmailBackend):
    """Django's, but for who opens the socket. TLS is verified against the name, whatever address was dialled."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _CheckedTls if self.use_ssl else _Checked


class _Checked(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float | None) -> tcp.Connection:
        return dial(host, port, timeout)


class _CheckedTls(smtplib.SMTP_SSL, _Checked):
    """SMTP_SSL asks the next class for the socket, then wraps it for the name."""


def _is_opened(host: str, port: int) -> bool:
    """« host » opens the ports of mail of this server, « host:port » this port."""
    named = host.lower()
    opened: frozenset[str] = settings.INTERNAL_MAIL_SERVERS
    return f"{named}:{port}" in opened or (named in opened and port in MAIL_PORTS)


def _internal(host: str) -> NotAMailServer:
    sentence = _(
        "« %s » est une adresse du réseau interne : Réglo ne s’y connecte pas. Si c’est votre relais, l’administrateur "
        "du serveur l’autorise par REGLO_INTERNAL_MAIL_SERVERS."
    )
    return NotAMailServer(sentence % host, field="host")
