"""The post office and its pages."""

import smtplib
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from sandbox.server import RunningSandbox


def letter(to: str = "claire@example.com") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Facture F2026-0143 – 1 240,00 €"
    message["From"] = "Atelier Lumen <bonjour@atelier-lumen.example>"
    message["To"] = to
    message["Message-ID"] = "<receipt-1@atelier-lumen.example>"
    message.set_content("Bonjour,\nhttp://127.0.0.1:8000/p/abc?x=1&y=2.\n")
    html = '<p><a href="http://127.0.0.1:8000/p/abc?x=1&amp;y=2">Payer</a></p><script>alert(1)</script>'
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Facture F2026-0143.pdf")
    return message


def send(world: RunningSandbox, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", world.smtp_port, timeout=10) as post_office:
        post_office.send_message(message)


def mails(world: RunningSandbox, **query: str) -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = requests.get(f"{world.url}/_control/mail", params=query, timeout=10).json()
    return body


def test_a_mail_is_kept_and_read(world: RunningSandbox) -> None:
    send(world, letter())
    [mail] = mails(world)
    assert mail["message_id"] == "<receipt-1@atelier-lumen.example>"
    assert mail["subject"] == "Facture F2026-0143 – 1 240,00 €"
    assert (mail["sender"], mail["recipients"]) == ("bonjour@atelier-lumen.example", ["claire@example.com"])
    assert mail["text"].startswith("Bonjour,")
    assert mail["links"] == ["http://127.0.0.1:8000/p/abc?x=1&y=2"]
    [attachment] = mail["attachments"]
    assert (attachment["name"], attachment["type"], attachment["size"]) == (
        "Facture F2026-0143.pdf",
        "application/pdf",
        8,
    )


def test_mails_are_newest_first_and_narrowed_by_recipient(world: RunningSandbox) -> None:
    send(world, letter("claire@example.com"))
    send(world, letter("paul@example.com"))
    assert [mail["to"] for mail in mails(world)] == ["paul@example.com", "claire@example.com"]
    assert [mail["to"] for mail in mails(world, to="claire@example.com")] == ["claire@example.com"]


def test_an_attachment_is_downloaded_unchanged(world: RunningSandbox) -> None:
    send(world, letter())
    [mail] = mails(world)
    answer = requests.get(f"{world.url}/mail/{mail['id']}/part/{mail['attachments'][0]['number']}", timeout=10)
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_html_runs_nothing(world: RunningSandbox) -> None:
    send(world, letter())
    [mail] = mails(world)
    page = requests.get(f"{world.url}/mail/{mail['id']}", timeout=10).text
    assert "<script>" not in page
    assert 'sandbox="allow-popups' in page
    frame = requests.get(f"{world.url}/mail/{mail['id']}/html", timeout=10)
    assert frame.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "script-src" not in frame.headers["Content-Security-Policy"]


def test_a_picture_inside_the_html_is_found(world: RunningSandbox) -> None:
    message = letter()
    body = message.get_body(("html",))
    assert isinstance(body, EmailMessage)
    body.set_content('<img src="cid:logo">', subtype="html")
    body.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>")
    send(world, message)
    [mail] = mails(world)
    frame = requests.get(f"{world.url}/mail/{mail['id']}/html", timeout=10).text
    address = frame.split('src="')[1].split('"')[0]
    assert requests.get(world.url + address, timeout=10).headers["Content-Type"] == "image/png"


def test_an_unknown_mailbox_is_refused(world: RunningSandbox) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(world, letter("inconnu@example.com"))
    assert mails(world) == []


def test_a_login_is_taken_unless_its_password_is_refuse(world: RunningSandbox) -> None:
    with smtplib.SMTP("127.0.0.1", world.smtp_port, timeout=10) as post_office:
        assert post_office.login("user", "anything")[0] == 235
    with (
        smtplib.SMTP("127.0.0.1", world.smtp_port, timeout=10) as post_office,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        post_office.login("user", "refuse")


def test_the_mailbox_is_emptied(world: RunningSandbox) -> None:
    send(world, letter())
    requests.post(f"{world.url}/_control/mail/clear", timeout=10)
    assert mails(world) == []
    assert "Aucun message" in requests.get(f"{world.url}/mail", timeout=10).text
