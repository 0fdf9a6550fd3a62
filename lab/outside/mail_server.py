"""The next mail server: what it took, and how often. Django's backend `Backend` hands it our mails."""

import smtplib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "lab.outside.mail_server.Backend"


@dataclass(frozen=True)
class Mail:
    message_id: str
    to: str
    subject: str
    text: str
    files: tuple[str, ...]


@dataclass
class MailServer:
    taken: list[Mail] = field(default_factory=list)  # each time a mail was taken, repeats included
    excused: Counter[str] = field(default_factory=Counter)  # repeats that nobody can avoid, by Message-ID
    in_hand: list[str] = field(default_factory=list)  # taken in this step: its sender may die before it knows
    trouble: list[str] = field(default_factory=list)  # what befalls the next mails: later, never, after
    version: int = 0

    def take(self, mail: Mail) -> None:
        """Raises what smtplib would."""
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "later":
            raise smtplib.SMTPServerDisconnected("gone")
        if trouble == "never":
            raise smtplib.SMTPRecipientsRefused({mail.to: (550, b"no such user")})
        self.taken.append(mail)
        self.in_hand.append(mail.message_id)
        self.version += 1
        if trouble == "after":
            self.excused[mail.message_id] += 1
            raise smtplib.SMTPServerDisconnected("gone after the dot")

    def excuse_in_hand(self) -> None:
        """The process that sent these died, or lost its lease, before it could write it down."""
        self.excused.update(self.in_hand)


_open: Any = None


@contextmanager
def in_charge(post_office: Any) -> Iterator[None]:
    """Mails go to `post_office.take(mail)` for the duration."""
    global _open
    before, _open = _open, post_office
    try:
        yield
    finally:
        _open = before


class Backend(BaseEmailBackend):
    def __init__(self, **options: Any) -> None:
        super().__init__(fail_silently=bool(options.get("fail_silently")))

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()  # its headers are checked as for a real server
            _open.take(
                Mail(
                    message_id=message.extra_headers["Message-ID"],
                    to=message.to[0],
                    subject=str(message.subject),
                    text=str(message.body),
                    files=tuple(str(attached[0]) for attached in message.attachments),
                )
            )
        return len(email_messages)
