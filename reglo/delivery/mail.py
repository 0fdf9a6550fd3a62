"""A message as a mail: plain text and HTML saying the same, the PDF beside. No picture, no pixel, no rewritten link."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reglo.delivery.headers import one_line
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.states import MessageKind
from reglo.invoicing.content import DocumentContent, PartyContent
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content: bytes  # a PDF


def compose(
    message: Message,
    *,
    address: str,
    settings: MailSettings,
    attachment: Attachment | None,
    connection: BaseEmailBackend | None = None,
) -> EmailMultiAlternatives:
    """The mail; composed again it says the same, under the same Message-ID. `address`: the whole secure link."""
    assert message.queued_at is not None, "composed once it is to be sent"
    content = DocumentContent.from_json(message.frozen)
    headers = {"Message-ID": message.message_id, "Date": format_datetime(message.queued_at)}
    if message.kind not in {MessageKind.INVOICE, MessageKind.QUOTE}:
        headers["Auto-Submitted"] = "auto-generated"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text_of(message, address=address, content=content),
        from_email=sender(settings, seller=content.seller),
        to=[message.to],
        reply_to=[content.seller.email] if content.seller.email else None,
        headers=headers,
        connection=connection,
    )
    mail.attach_alternative(html_of(message, address=address, content=content), "text/html")
    if attachment:
        mail.attach(attachment.filename, attachment.content, "application/pdf")
    return mail


def sender(settings: MailSettings, *, seller: PartyContent | None = None) -> str:
    """« Atelier Lumen <factures@atelier-lumen.fr> », quoted and encoded as headers want."""
    name = settings.from_name or (seller.name if seller else settings.company.name)
    return str(Address(display_name=one_line(name), addr_spec=settings.from_address))


def text_of(message: Message, *, address: str, content: DocumentContent) -> str:
    """The plain text part. A body that lost its placeholder gets the link at its end."""
    with translation.override(content.language):
        link = _("%(label)s :") % {"label": message.link_label} + f"\n{address}"
    parts = [link if part is None else part for part in parts_of(message)]
    return "\n\n".join([*parts, "\n".join(signature(content.seller))])


def html_of(message: Message, *, address: str, content: DocumentContent) -> str:
    """The HTML part: styled in place, since mail readers drop style sheets."""
    with translation.override(content.language):
        return render_to_string(
            "delivery/mail.html",
            {
                "language": content.language,
                "subject": message.subject,
                "parts": [None if part is None else part.splitlines() for part in parts_of(message)],
                "label": message.link_label,
                "address": address,
                "seller": content.seller.name,
                "signature": signature(content.seller),
                "accent": content.accent_colour,
            },
        )


def signature(seller: PartyContent) -> list[str]:
    """Who writes: name, telephone, site, SIREN."""
    lines = [seller.name, formats.phone(seller.phone) if seller.phone else "", seller.website]
    if seller.siren:
        lines.append(f"SIREN {formats.siren(seller.siren)}")
    return [line for line in lines if line]


def parts_of(message: Message) -> list[str | None]:
    """The paragraphs of the body, None where the link stands."""
    body = message.body.replace("\r\n", "\n").strip()
    before, placeholder, after = body.partition(message.placeholder)
    if not placeholder:
        return [*_paragraphs(body), None]
    return [*_paragraphs(before), None, *_paragraphs(after)]


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip("\n") for paragraph in text.split("\n\n") if paragraph.strip()]
