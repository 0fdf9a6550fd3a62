"""Every kind of mail, to the letter: to whom, about what, its text and its HTML, in each language of a document."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.mail import Attachment, compose
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.states import MessageKind
from reglo.delivery.wording import Wording, invoice_wording, receipt_wording
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from tests.factories import line, make_company, make_customer, make_issued
from tests.golden.pages import FILES, same

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADDRESS = "https://factures.atelier-lumen.test/p/l/kzJ0cYb5Qn1m8sX2vW7tR4uE6oP9aL3dF0gH1jK2lMn"
PDF = Attachment("document.pdf", b"%PDF")

COMPANIES: dict[str, dict[str, Any]] = {
    "vat": {"phone": "0478001234", "website": "atelier-lumen.test"},
    "franchise": {"legal_form": "micro", "vat_regime": "franchise", "share_capital": "", "vat_number": ""},
}
CUSTOMERS: dict[str, dict[str, Any]] = {
    "professional": {},
    "consumer": {"kind": "consumer", "name": "Chloé Bernard", "siren": "", "email": "chloe@bernard.test"},
}
# What was received before the mail is written, in cents.
SITUATIONS = {"owed": 0, "part": 40_000, "paid": 124_000, "receipt-part": 40_000, "receipt": 124_000}
NAMES = [
    "-".join((*case, language))
    for *case, language in product(("vat", "franchise"), ("professional", "consumer"), SITUATIONS, ("fr", "en"))
]


@pytest.mark.parametrize("name", NAMES)
def test_the_mail_is_the_golden_one(name: str, db: None):
    regime, kind, *situation, language = name.split("-")
    company = make_company(**COMPANIES[regime])
    customer = make_customer(company, **CUSTOMERS[kind])

    mail = written(company, customer, "-".join(situation), language)

    sent = mail.message()
    headers = [f"{header}: {sent[header]}" for header in ("From", "Reply-To", "To", "Date", "Message-ID")]
    headers += [f"Subject: {mail.subject}"]
    headers += [f"Auto-Submitted: {sent['Auto-Submitted']}"] if "Auto-Submitted" in sent else []
    ((html, media_type),) = mail.alternatives
    assert media_type == "text/html"
    same(f"mails/{name}.txt", "\n".join([*headers, "", str(mail.body), ""]))
    same(f"mails/{name}.html", str(html))


def test_no_golden_file_is_left_behind():
    kept = {path.name for path in (FILES / "mails").iterdir()}

    assert kept == {f"{name}.{part}" for name in NAMES for part in ("txt", "html")}


def written(company: Company, customer: Customer, situation: str, language: str) -> Any:
    """The mail of an invoice of 1 240,00 €, or of its receipt."""
    price = "1240" if company.vat_regime == "franchise" else "1033.33"
    rate = "0" if company.vat_regime == "franchise" else "20"
    invoice = make_issued(company, customer=customer, lines=[line(price, vat=rate)], due_days=30, now=NOW)
    assert invoice.gross_minor == 124_000
    payment = collected(invoice, SITUATIONS[situation])
    invoice = Invoice.objects.get(pk=invoice.pk)
    invoice.frozen = replace(DocumentContent.from_json(invoice.frozen), language=language).to_json()
    if situation.startswith("receipt"):
        assert payment is not None
        return mail_of(invoice, MessageKind.RECEIPT, receipt_wording(payment, invoice=invoice))
    return mail_of(invoice, MessageKind.INVOICE, invoice_wording(invoice))


def collected(invoice: Invoice, amount_minor: int) -> Any:
    if not amount_minor:
        return None
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=NOW.date(),
        now=NOW,
        actor_id=None,
    )


def mail_of(invoice: Invoice, kind: MessageKind, words: Wording) -> Any:
    message = Message(
        id=UUID("6f1c2a4e-9d0b-4c57-8a3e-2b7d5f60c918"),
        company=invoice.company,
        invoice=invoice,
        kind=kind,
        message_id="<6f1c2a4e-9d0b-4c57-8a3e-2b7d5f60c918@factures.atelier-lumen.test>",
        to=invoice.customer.email if invoice.customer else "",
        subject=words.subject,
        body=words.body,
        link_label=words.link_label,
        queued_at=NOW,
    )
    settings = MailSettings(company=invoice.company, from_address="factures@atelier-lumen.test")
    return compose(message, address=ADDRESS, settings=settings, attachment=PDF)
