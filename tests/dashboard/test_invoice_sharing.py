from urllib.parse import unquote

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.services import MailSettingsInput, save_mail_settings
from reglo.delivery.states import MessageState, Security
from reglo.invoicing.models import Invoice, Settlement
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.factories import make_draft, make_issued

TYPED = {"to": "claire@fontaine.test", "subject": "Votre facture", "body": "Bonjour,\r\n\r\n[Voir et payer la facture]"}


@pytest.fixture
def mail_server(company: Company) -> None:
    save_mail_settings(
        company_id=company.pk,
        typed=MailSettingsInput(
            host="smtp.atelier-lumen.test",
            port=587,
            security=Security.STARTTLS,
            username="",
            password=None,
            from_address="factures@atelier-lumen.test",
        ),
        actor_id=None,
        now=clock.now(),
    )


def send_page(invoice: Invoice) -> str:
    return f"/factures/{invoice.pk}/envoyer/"


@pytest.mark.usefixtures("mail_server")
def test_prepared_mail_is_queued_as_the_person_left_it(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    form = browser.get(send_page(invoice)).context["form"]
    assert form.initial["to"] == "claire@fontaine.test"
    assert form.initial["attach_pdf"] is True
    assert form.initial["subject"].startswith("Facture ESSAI-F2026-0001 – Atelier Lumen – 120,00")

    answer = browser.post(send_page(invoice), TYPED, follow=True)
    assert answer.redirect_chain == [(f"/factures/{invoice.pk}/", 302)]
    assert "E-mail à claire@fontaine.test : il part dans un instant." in answer.content.decode()
    message = Message.objects.get()
    assert (message.state, message.subject, message.attach_pdf) == (MessageState.QUEUED, "Votre facture", False)
    assert message.body == "Bonjour,\n\n[Voir et payer la facture]"


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"to": "claire@"}, "to", "Indiquez une adresse e-mail"),
        ({"to": ""}, "to", "Indiquez une adresse e-mail"),
        ({"subject": "deux\nlignes"}, "subject", "sur une seule ligne"),
        ({"subject": " "}, "subject", "Écrivez un objet."),
        ({"body": "x" * 10_001}, "body", "Écrivez un message de 10000 caractères au plus."),
    ],
)
def test_wrong_mail_stays_on_the_page(
    browser: Client, company: Company, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(send_page(make_issued(company)), TYPED | typed)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert Message.objects.get().state == MessageState.PREPARED


def test_mail_is_previewed_as_it_is_typed(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    typed = {"body": "Chère Claire,\r\n\r\n[Voir et payer la facture]\r\n\r\n<b>Merci</b>"}
    preview = browser.post(f"{send_page(invoice)}apercu/", typed)
    assert preview.context["parts"] == ["Chère Claire,", None, "<b>Merci</b>"]
    assert "&lt;b&gt;Merci&lt;/b&gt;" in preview.content.decode()
    assert "Chère Claire" not in Message.objects.get().body


def test_without_a_server_the_link_is_offered(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    page = browser.get(send_page(invoice))
    html = page.content.decode()
    assert "Aucun serveur d’envoi n’est configuré" in html
    assert 'href="/configuration/e-mail/"' in html
    assert f'data-copy="{page.context["address"]}"' in " ".join(html.split())
    assert browser.post(send_page(invoice), TYPED).status_code == 409
    assert Message.objects.get().state == MessageState.PREPARED


def test_every_way_shows_the_same_link(browser: Client, company: Company) -> None:
    invoice = make_issued(company, customer=None)
    invoice.customer.phone = "06 12 34 56 78"
    invoice.customer.save()
    addresses = {browser.get(f"/factures/{invoice.pk}/{way}/").context["address"] for way in ("envoyer", "lien")}
    pay_now = browser.get(f"/factures/{invoice.pk}/faire-payer/")
    assert addresses == {pay_now.context["address"]}
    assert PortalLink.objects.count() == 1
    assert "<svg" in pay_now.content.decode()
    sms = browser.get(f"/factures/{invoice.pk}/lien/").context["sms_url"]
    assert sms.startswith("sms:0612345678?&body=")
    assert unquote(sms).endswith(f"à voir et à payer ici : {addresses.pop()}")


@pytest.mark.parametrize(
    ("settlement", "said"),
    [
        ({"settled_minor": 12000}, "La facture est payée."),
        ({"pending_minor": 12000}, "Un paiement est en cours de traitement."),
        ({"disputed_minor": 12000}, "Un paiement de cette facture est contesté."),
    ],
)
def test_nobody_is_asked_to_pay_again(browser: Client, company: Company, settlement: dict[str, int], said: str) -> None:
    invoice = make_issued(company)
    Settlement.objects.filter(invoice=invoice).update(**settlement)

    answer = browser.get(f"/factures/{invoice.pk}/faire-payer/", follow=True)

    assert answer.redirect_chain == [(f"/factures/{invoice.pk}/", 302)]
    assert said in answer.content.decode()
    assert "Faire payer" not in answer.content.decode()


def test_the_message_of_a_paid_invoice_asks_for_nothing(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    Settlement.objects.filter(invoice=invoice).update(settled_minor=12000)

    page = browser.get(f"/factures/{invoice.pk}/lien/")

    assert "votre facture ESSAI-F2026-0001, déjà réglée, à voir ici : http" in unquote(page.context["sms_url"])
    assert "Faire payer" not in page.content.decode()


def test_draft_is_finalised_first(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    for way in ("envoyer", "lien", "faire-payer"):
        assert browser.get(f"/factures/{draft.pk}/{way}/")["Location"] == f"/factures/{draft.pk}/controle/"
    assert not PortalLink.objects.exists()


def test_accountant_sends_nothing(company: Company, bob: User, sign_in: SignIn) -> None:
    invoice = make_issued(company)
    for way in ("envoyer", "lien", "faire-payer"):
        assert sign_in(bob).get(f"/factures/{invoice.pk}/{way}/").status_code == 403
    assert not PortalLink.objects.exists()
