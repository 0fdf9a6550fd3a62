import re

import pytest

from reglo.companies.models import Company, User
from reglo.delivery.services import NewLink, create_link
from reglo.delivery.states import LinkRight
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt
from reglo.payments.services import record_collection, refund_payment, start_payment
from reglo.payments.states import Method, RefundReason
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import line, make_company, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import REFUNDED_LATER, StripeWorld
from tests.payments.conftest import pay_on_line, urls
from tests.portal.conftest import Browser, seen_at

DUE = "1 240,00 €"


def collect(invoice: Invoice, minor: int) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
        actor_id=None,
    )


def test_what_is_owed_by_when_and_one_button(payable: Invoice, browser: Browser) -> None:
    page = browser.see()
    assert f"Facture {payable.number}" in page
    assert re.search(r'class="amount amount-huge" value="1240.00">\s*1 240,00 €', page)
    assert "à régler avant le 22 décembre" in page
    assert page.count("<button") - page.count("data-copy") == 1
    assert f"Payer {DUE} par carte" in page
    assert "Paiement sécurisé par Stripe" in page
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    assert "<svg" in page
    for words in ("Pose de luminaires", "Séjour et couloir", "6 × 150,00 € / pièce", "TVA 20 %", "206,67", "Total TTC"):
        assert words in page, words
    for words in ("Télécharger la facture (PDF)", "Une question ?", "Vérifier cette facture"):
        assert words in page, words
    assert "Facture d’essai (SPÉCIMEN) : aucun paiement réel." in page


def test_without_stripe_the_transfer_is_open(browser: Browser) -> None:
    page = browser.see()
    assert "par carte" not in page
    assert '<details class="portal-transfer" open' in page


def test_above_the_limit_the_page_says_so(payable: Invoice, browser: Browser) -> None:
    Company.objects.filter(id=payable.company_id).update(card_limit_minor=1000_00)
    page = browser.see()
    assert "Ce montant ne se paie pas par carte." in page
    assert f"Payer {DUE}" not in page


def test_late_it_was_to_be_paid(payable: Invoice, stranger: Browser, link: NewLink, clock: FrozenClock) -> None:
    clock.advance(days=40)
    stranger.open(link.token)
    page = stranger.see()
    assert "était à régler avant le 22 décembre 2026" in page
    assert f"Payer {DUE} par carte" in page


def test_partly_paid_asks_for_the_rest(payable: Invoice, browser: Browser) -> None:
    collect(payable, 600_00)
    page = browser.see()
    assert "Payer 640,00 € par carte" in page
    assert "reste dû, sur un total de 1 240,00 €" in page
    assert "Déjà payé" in page
    assert "−600,00" in page
    assert "Reste à payer" in page


def test_paid_the_button_gives_way_to_a_green_line(payable: Invoice, browser: Browser) -> None:
    collect(payable, 1240_00)
    page = browser.see()
    assert re.search(r'class="portal-paid" role="status">.*Payée le 22 novembre 2026 par virement', page)
    assert "Payer" not in page.replace("Payée", "")
    for words in ("Reçu", "Duplicata acquitté"):
        assert words in page
    assert "Reste à payer" not in page


def test_what_was_given_back_is_said_with_its_day(payable: Invoice, browser: Browser, stripe: StripeWorld) -> None:
    attempt = start_payment(company_id=payable.company_id, invoice_id=payable.id, urls=urls, now=clock_port.now())
    payment = pay_on_line(stripe, attempt, REFUNDED_LATER)

    def give_back(minor: int) -> None:
        refund_payment(
            company_id=payable.company_id,
            payment_id=payment.id,
            refund_id=ids.new_uuid(),
            amount_minor=minor,
            left_minor=1240_00,
            reason=RefundReason.CUSTOMER,
            now=clock_port.now(),
        )

    give_back(40_00)
    assert "Remboursement en cours : 40,00 €" in browser.see()

    stripe.deliver()
    run_until_idle()

    page = browser.see()
    assert "Remboursé le 22 novembre 2026 : 40,00 €" in page
    assert "Payer 40,00 € par carte" in page


def test_a_credited_invoice_asks_for_nothing(payable: Invoice, browser: Browser) -> None:
    Invoice.objects.filter(id=payable.id).update(status="credited")
    page = browser.see()
    assert "Cette facture a été annulée par un avoir. Il n’y a rien à payer." in page
    assert "par carte" not in page


def test_under_franchise_no_word_of_vat(stranger: Browser, alice: User) -> None:
    company = make_company(owner=alice, vat_regime="franchise", name="Micro")
    invoice = make_issued(company, lines=[line("100", vat="0")])
    stranger.open(create_link(company_id=company.id, invoice_id=invoice.id, now=clock_port.now()).token)
    page = stranger.see()
    assert "Total à payer" in page
    assert not re.search(r"TVA|TTC|\bHT\b", page)


def test_prices_with_vat_say_what_they_hold(stranger: Browser, company: Company) -> None:
    invoice = make_issued(company, lines=[line("120")], prices_include_vat=True)
    stranger.open(create_link(company_id=company.id, invoice_id=invoice.id, now=clock_port.now()).token)
    page = stranger.see()
    assert "dont TVA 20 %" in page
    assert "Total HT" not in page


def test_texts_of_the_document_are_not_markup(stranger: Browser, company: Company) -> None:
    invoice = make_issued(company, lines=[line("10", description="<script>alert(1)</script>")])
    stranger.open(create_link(company_id=company.id, invoice_id=invoice.id, now=clock_port.now()).token)
    assert "<script>alert" not in stranger.see()


def test_a_link_to_see_only_has_no_button(payable: Invoice, stranger: Browser) -> None:
    made = create_link(company_id=payable.company_id, invoice_id=payable.id, right=LinkRight.VIEW, now=clock_port.now())
    stranger.open(made.token)
    assert f"Payer {DUE}" not in stranger.see()
    refused = stranger.pay()
    assert refused.status_code == 403
    assert not PaymentAttempt.objects.exists()


def test_the_first_gesture_says_that_a_person_was_there(browser: Browser, link: NewLink, clock: FrozenClock) -> None:
    assert "hx-post" in browser.see()
    now = clock.advance(minutes=5)
    assert browser.post("/vue").status_code == 204
    assert seen_at(link) == now
    clock.advance(minutes=5)
    browser.post("/vue")
    assert seen_at(link) == now
    assert Event.objects.filter(kind=Kind.LINK_OPENED).count() == 1
    assert "hx-post" not in browser.see()


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_a_form_of_another_site_is_refused(browser: Browser, link: NewLink, origin: str) -> None:
    forged = browser.client.post(browser.page + "/vue", {"preuve": browser.proof()}, headers={"Origin": origin})
    bare = browser.client.post(browser.page + "/vue")
    assert (forged.status_code, bare.status_code) == (403, 403)
    assert seen_at(link) is None


def test_the_proof_of_another_session_is_refused(
    browser: Browser, stranger: Browser, link: NewLink, company: Company
) -> None:
    stranger.open(create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now()).token)
    refused = browser.client.post(browser.page + "/vue", {"preuve": stranger.proof()})
    assert refused.status_code == 403
    assert seen_at(link) is None


def test_the_only_cookie_is_ours(browser: Browser) -> None:
    answer = browser.client.get(browser.page)
    assert answer.status_code == 200
    assert set(browser.client.cookies) == {"reglo_portal"}
