"""The mail of a quote: its words, its link, its paper, and where it is told."""

import pytest

from reglo.companies.models import Company
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.papers import paper_of
from reglo.delivery.queries import links_of, messages_of
from reglo.delivery.services import (
    MailText,
    address_of,
    open_link,
    prepare_quote_message,
    queue_message,
    renew_link,
)
from reglo.delivery.services.create_link import new_quote_link
from reglo.delivery.states import LinkRight, MessageKind, MessageState
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_answers import QuoteNotSent
from reglo.invoicing.services import issue_quote, revise_quote
from reglo.ports import clock as clock_port
from tests.factories import accept, line, make_quote, make_quote_draft
from tests.harness.frozen_clock import FrozenClock

pytestmark = pytest.mark.usefixtures("mail_settings")


def prepared(quote: Quote) -> Message:
    return prepare_quote_message(company_id=quote.company_id, quote_id=quote.pk, now=clock_port.now())


def test_the_mail_is_prepared_once_with_a_link_to_sign(company: Company):
    quote = make_quote(company, lines=[line("1033.33")])

    message = prepared(quote)
    again = prepared(quote)

    assert (again.pk, message.kind, message.link.right) == (message.pk, MessageKind.QUOTE, LinkRight.SIGN)
    assert (message.to, message.invoice) == ("claire@fontaine.test", None)
    subject = message.subject.replace("\u00a0", " ").replace("\u202f", " ")
    assert subject == "Devis ESSAI-D2026-0001 – Atelier Lumen – 1 240,00 €, valable jusqu’au 22 décembre 2026"
    assert "[Lire le devis et y répondre]" in message.body
    opening = open_link(token=address_of(message).rsplit("/", 1)[1], session_key=None, now=clock_port.now())
    assert (opening.public_id, opening.opens_quote) == (message.link_id, True)
    assert list(links_of(quote, now=clock_port.now())) == [message.link]
    assert list(messages_of(quote)) == [message]


def test_the_words_follow_the_version_and_the_answer(company: Company):
    quote = make_quote(company)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())
    issue_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())

    second = prepared(quote).body
    accept(quote, version=2)
    message = prepared(quote)

    assert "la version 2 du devis ESSAI-D2026-0001" in second
    assert "Elle remplace la précédente." in second
    assert message.subject == "Devis ESSAI-D2026-0001 accepté – Atelier Lumen"
    assert "avec votre accord" in message.body


def test_its_paper_is_the_quote(company: Company):
    message = prepared(make_quote(company))

    paper = paper_of(message, now=clock_port.now())

    assert paper.filename == "devis-ESSAI-D2026-0001.pdf"
    assert paper.content.startswith(b"%PDF")


def test_a_draft_is_not_mailed(company: Company):
    with pytest.raises(QuoteNotSent):
        prepared(make_quote_draft(company))

    assert not PortalLink.objects.exists()


def test_a_double_click_queues_one_mail(company: Company):
    message = prepared(make_quote(company))
    text = MailText(to="claire@fontaine.test", subject="Devis", body="Bonjour")

    for _click in range(2):
        queue_message(company_id=company.pk, message_id=message.pk, text=text, actor_id=None, now=clock_port.now())

    assert Message.objects.get().state == MessageState.QUEUED


def test_an_expired_link_is_renewed_to_its_own_recipient(company: Company, clock: FrozenClock):
    quote = make_quote(company)
    old = new_quote_link(quote=quote, email="claire@fontaine.test", now=clock_port.now())
    clock.advance(days=130)

    renew_link(token=old.token, now=clock_port.now())
    renew_link(token=old.token, now=clock_port.now())

    message = Message.objects.get()
    assert (message.quote, message.to, message.state) == (quote, "claire@fontaine.test", MessageState.QUEUED)
