from collections.abc import Callable
from datetime import date

from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.services import record_collection, return_from_provider, undo_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_draft, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, running, start, stripe, world  # noqa: F401 (fixtures)


def page_of(invoice: Invoice) -> str:
    return f"/factures/{invoice.pk}/"


def test_balance_and_actions_of_an_invoice_partly_paid(browser: Client, company: Company) -> None:
    invoice = make_issued(company, lines=[line("1033.33")])
    record_collection(
        company_id=company.pk,
        invoice_id=invoice.pk,
        amount_minor=24000,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 22),
        now=clock.now(),
    )
    page = browser.get(page_of(invoice))
    html = page.content.decode()
    assert page.context["state"].label == "Payée en partie"
    for amount in ("1\u202f240,00\u00a0€", "240,00\u00a0€", "1\u202f000,00\u00a0€"):
        assert amount in html
    assert '<progress value="24000" max="124000"' in " ".join(html.split())
    for action in ("Envoyer", "Ajouter un encaissement", "Copier le lien", "Faire payer", "Télécharger (PDF)"):
        assert action in html
    assert "Duplicata acquitté" not in html


def test_story_in_sentences_latest_first(browser: Client, company: Company, alice: User) -> None:
    draft = make_draft(company)
    browser.post(f"/factures/{draft.pk}/finaliser/")
    payment = record_collection(
        company_id=company.pk,
        invoice_id=draft.pk,
        amount_minor=12000,
        method=Method.CHEQUE,
        collected_on=date(2026, 11, 22),
        now=clock.now(),
        actor_id=alice.pk,
    )
    undo_collection(company_id=company.pk, payment_id=payment.pk, reason="chèque rejeté", now=clock.now())

    story = browser.get(page_of(draft)).context["story"]
    assert [sentence.text for sentence in story] == [
        "Encaissement de 120,00\u00a0€ annulé : chèque rejeté",
        "N’est plus entièrement payée",
        "Payée par chèque, 120,00\u00a0€",
        "Finalisée sous le numéro ESSAI-F2026-0001 par Alice Martin",
    ]


def test_the_part_that_completes_says_paid(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    for amount, method in ((5000, Method.CHEQUE), (4000, Method.TRANSFER), (3000, Method.CASH)):
        record_collection(
            company_id=company.pk,
            invoice_id=invoice.pk,
            amount_minor=amount,
            method=method,
            collected_on=date(2026, 11, 22),
            now=clock.now(),
        )

    story = browser.get(page_of(invoice)).context["story"]
    assert [sentence.text for sentence in story][:3] == [
        "Payée en espèces, 30,00\u00a0€",
        "Payée en partie par virement, 40,00\u00a0€",
        "Payée en partie par chèque, 50,00\u00a0€",
    ]


def test_a_card_that_pays_the_rest_completes_too(
    browser: Client,
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Callable[[Invoice], PaymentAttempt],  # noqa: F811 (the fixture)
) -> None:
    invoice = make_issued(company, card_allowed=True)
    record_collection(
        company_id=company.pk,
        invoice_id=invoice.pk,
        amount_minor=2000,
        method=Method.CHEQUE,
        collected_on=date(2026, 11, 22),
        now=clock.now(),
    )
    stripe.pay(attempt := start(invoice))
    return_from_provider(attempt_id=attempt.pk, now=clock.now())

    story = [sentence.text for sentence in browser.get(page_of(invoice)).context["story"]]
    assert story[0].startswith("Payée par carte, 100,00\u00a0€")
    assert story[2] == "Payée en partie par chèque, 20,00\u00a0€"


def test_paid_invoice_asks_for_nothing(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    record_collection(
        company_id=company.pk,
        invoice_id=invoice.pk,
        amount_minor=12000,
        method=Method.CASH,
        collected_on=date(2026, 11, 22),
        now=clock.now(),
    )
    html = browser.get(page_of(invoice)).content.decode()
    assert "Duplicata acquitté" in html
    assert "Ajouter un encaissement" not in html
    assert "Faire payer" not in html
    assert browser.get(f"{page_of(invoice)}duplicata.pdf").content.startswith(b"%PDF-")


def test_pages_and_file_are_those_of_the_document(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    image = browser.get(f"{page_of(invoice)}apercu/1.png")
    assert (image["Content-Type"], image.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert browser.get(f"{page_of(invoice)}apercu/2.png").status_code == 404
    file = browser.get(f"{page_of(invoice)}facture.pdf")
    assert file["Content-Disposition"] == 'inline; filename="facture-ESSAI-F2026-0001.pdf"'
    assert file.content == browser.get(f"{page_of(invoice)}facture.pdf").content


def test_draft_is_previewed_and_never_kept(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    assert browser.get(page_of(draft))["Location"] == f"{page_of(draft)}modifier/"
    assert browser.get(f"{page_of(draft)}apercu/").status_code == 200
    assert "data:image/png;base64," in browser.get(f"{page_of(draft)}apercu/pages/").content.decode()
    assert browser.get(f"{page_of(draft)}facture.pdf")["Content-Disposition"] == 'inline; filename="brouillon.pdf"'
    assert not hasattr(Invoice.objects.get(), "rendered")


def test_draft_without_anything_is_previewed(browser: Client, company: Company) -> None:
    draft = make_draft(company, lines=[])
    Invoice.objects.update(customer=None)
    assert browser.get(f"{page_of(draft)}apercu/1.png").status_code == 200


def test_stranger_finds_nothing(company: Company, mallory: User, sign_in: SignIn) -> None:
    invoice, browser = make_issued(company), sign_in(mallory)
    for end in ("", "facture.pdf", "apercu/1.png", "envoyer/", "lien/", "faire-payer/", "encaisser/", "controle/"):
        assert browser.get(page_of(invoice) + end).status_code == 404
