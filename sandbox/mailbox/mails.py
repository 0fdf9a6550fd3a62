"""Kept mails, read: headers, text, HTML, attachments, links."""

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sandbox.world import World

LINK = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True)
class Part:
    """A file in a mail: attached, or shown inside its HTML by `content_id`."""

    number: int
    name: str
    kind: str
    content_id: str | None
    content: bytes


@dataclass(frozen=True)
class Mail:
    id: int
    received: int
    sender: str
    recipients: list[str]
    message: EmailMessage

    def header(self, name: str) -> str:
        return str(self.message.get(name, "")).strip()  # a long header begins on its second line

    def body(self, kind: str) -> str:
        """The text of the first part of kind "plain" or "html", or nothing."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    def parts(self) -> list[Part]:
        found = []
        for number, part in enumerate(self.message.walk()):
            if part.is_multipart() or (part.get_content_maintype() == "text" and not part.get_filename()):
                continue
            content = part.get_payload(decode=True)
            cid = part.get("Content-ID")
            found.append(
                Part(
                    number=number,
                    name=part.get_filename() or f"partie-{number}",
                    kind=part.get_content_type(),
                    content_id=str(cid).strip("<> ") if cid else None,
                    content=content if isinstance(content, bytes) else b"",
                )
            )
        return found

    def links(self) -> list[str]:
        """Every address in the text and the HTML, once each, in order."""
        html = self.body("html").replace("&amp;", "&")
        found = LINK.findall(self.body("plain")) + LINK.findall(html)
        return list(dict.fromkeys(link.rstrip(".,;") for link in found))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "received": self.received,
            "message_id": self.header("Message-ID"),
            "sender": self.sender,
            "recipients": self.recipients,
            "from": self.header("From"),
            "to": self.header("To"),
            "subject": self.header("Subject"),
            "text": self.body("plain"),
            "html": self.body("html"),
            "links": self.links(),
            "attachments": [
                {"number": part.number, "name": part.name, "type": part.kind, "size": len(part.content)}
                for part in self.parts()
            ],
            "headers": [[name, str(value)] for name, value in self.message.items()],
        }


def every(world: World, *, to: str | None = None) -> list[Mail]:
    """Newest first; `to` keeps the mails of one recipient."""
    with world.store.transaction() as db:
        rows = db.execute("SELECT * FROM mails ORDER BY id DESC").fetchall()
    found = [read(row) for row in rows]
    return [mail for mail in found if to is None or to in mail.recipients]


def find(world: World, name: int) -> Mail | None:
    with world.store.transaction() as db:
        row = db.execute("SELECT * FROM mails WHERE id = ?", (name,)).fetchone()
    return read(row) if row else None


def read(row: Any) -> Mail:
    message = message_from_bytes(row["raw"], policy=default)
    assert isinstance(message, EmailMessage)
    return Mail(row["id"], row["received"], row["sender"], json.loads(row["recipients"]), message)
