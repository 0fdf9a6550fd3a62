import pytest

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.queries import grant_of
from reglo.delivery.services import InvoiceNotIssued, address_of, open_link, prepare_message
from reglo.delivery.states import MessageState
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from tests.factories import line, make_company, make_draft, make_issued

SPACE, NARROW = "\u00a0", "\u202f"


def prepared(invoice: Invoice) -> Message:
    return prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock.now())


def test_the_default_mail(invoice: Invoice) -> None:
    message = prepared(invoice)
    amount = f"1{NARROW}240,00{SPACE}€"
    assert message.subject == (
        f"Facture {invoice.number} – Atelier Lumen – {amount} à régler avant le 22 décembre 2026"
    )
    assert message.body == (
        "Bonjour,\n\n"
        f"Vous trouverez ci-joint la facture {invoice.number}, d’un montant de {amount} TTC, "
        "à régler avant le 22 décembre 2026.\n\n"
        "[Voir et payer la facture]\n\n"
        "Ce lien vous est personnel. Si vous avez déjà réglé, ne tenez pas compte de ce message.\n\n"
        "Cordialement,"
    )
    assert (message.to, message.state, message.attach_pdf) == ("claire@fontaine.test", MessageState.PREPARED, True)
    assert message.message_id == f"<{message.id}@localhost>"


def test_under_franchise_no_word_of_vat(db: None) -> None:
    company = make_company(vat_regime="franchise")
    message = prepared(make_issued(company, lines=[line("100", vat="0")]))
    assert "TTC" not in message.body + message.subject
    assert f"d’un montant de 100,00{SPACE}€, à régler" in message.body


def test_due_at_once_is_said_so(company: Company) -> None:
    message = prepared(make_issued(company, due_days=0))
    assert message.subject.endswith(f"120,00{SPACE}€ à régler à réception")


def test_preparing_again_finds_the_same_mail_and_link(invoice: Invoice) -> None:
    first = prepared(invoice)
    again = prepared(invoice)
    assert again.id == first.id
    assert address_of(again) == address_of(first)
    assert (Message.objects.count(), PortalLink.objects.count()) == (1, 1)


def test_an_address_mended_since_is_the_one_it_goes_to(invoice: Invoice) -> None:
    first = prepared(invoice)
    Customer.objects.update(email="compta@fontaine.test")

    again = prepared(invoice)

    assert again.id == first.id
    assert address_of(again) == address_of(first)
    assert (again.to, PortalLink.objects.get().email) == ("compta@fontaine.test", "compta@fontaine.test")


def test_an_expired_link_is_replaced(invoice: Invoice) -> None:
    first = prepared(invoice)
    renewed = prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=first.link.expires_at)
    assert renewed.id == first.id
    assert address_of(renewed) != address_of(first)
    assert renewed.link.is_usable(first.link.expires_at)


def test_its_link_works_before_it_is_sent(invoice: Invoice) -> None:
    message = prepared(invoice)
    token = address_of(message).rsplit("/", 1)[1]
    opening = open_link(token=token, session_key=None, now=clock.now())
    grant = grant_of(session_key=opening.new_key, public_id=opening.public_id, now=clock.now())
    assert grant is not None
    assert grant.invoice == invoice


def test_the_token_is_encrypted(invoice: Invoice) -> None:
    message = prepared(invoice)
    token = address_of(message).rsplit("/", 1)[1]
    assert token not in str(Message.objects.values())
    assert token not in str(PortalLink.objects.values())


def test_a_draft_is_not_sent(company: Company) -> None:
    draft = make_draft(company)
    with pytest.raises(InvoiceNotIssued):
        prepared(draft)
    assert not Message.objects.exists()
