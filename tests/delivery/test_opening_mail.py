from django.core import mail

from reglo.companies.models import Company
from reglo.delivery.models import MailSettings
from reglo.delivery.services import MailText, prepare_message, queue_message, send_message
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import attach_opening_paper
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.factories import make_opening


def sent(opening: Invoice) -> mail.EmailMessage:
    message = prepare_message(company_id=opening.company_id, invoice_id=opening.pk, now=clock.now())
    text = MailText(to=message.to, subject=message.subject, body=message.body)
    queue_message(company_id=message.company_id, message_id=message.id, text=text, actor_id=None, now=clock.now())
    send_message(company_id=message.company_id, message_id=message.id, now=clock.now())
    return mail.outbox[-1]


def test_it_is_asked_for_without_a_paper_of_ours(mail_settings: MailSettings, company: Company):
    letter = sent(make_opening(company))

    assert letter.subject.replace("\u00a0", " ").replace("\u202f", " ") == (
        "Facture 2026-117 – Atelier Lumen – 700,00 € à régler avant le 2 novembre 2026"
    )
    assert "Vous pouvez la payer avec le lien ci-dessous." in letter.body
    assert letter.attachments == []


def test_the_paper_of_the_former_tool_goes_with_it(mail_settings: MailSettings, company: Company):
    opening = make_opening(company, "FAC 2026/117")
    attach_opening_paper(company_id=company.id, invoice_id=opening.pk, data=b"%PDF-1.4 old", now=clock.now())

    [attachment] = sent(opening).attachments

    assert (attachment[0], attachment[1]) == ("facture-FAC-2026-117.pdf", b"%PDF-1.4 old")


def test_once_paid_it_asks_for_nothing(mail_settings: MailSettings, company: Company):
    opening = make_opening(company)
    record_collection(
        company_id=company.id,
        invoice_id=opening.pk,
        amount_minor=700_00,
        method=Method.TRANSFER,
        collected_on=clock.now().date(),
        now=clock.now(),
    )

    letter = sent(Invoice.objects.get(pk=opening.pk))

    assert letter.subject == "Facture 2026-117 – Atelier Lumen"
