"""The customer's page of an invoice in instalments, and in the language of its document."""

from datetime import date

import pytest

from reglo.companies.models import Company
from reglo.companies.states import TermsKind
from reglo.customers.models import Customer
from reglo.delivery.services import create_link
from reglo.delivery.wording import invoice_wording
from reglo.invoicing.models import Invoice
from reglo.invoicing.terms import Part
from reglo.payments.models import PaymentAttempt
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.portal.conftest import Browser

CUT = (Part(date(2026, 12, 15), amount_minor=40_000), Part(date(2027, 1, 15)))


@pytest.fixture
def invoice(company: Company, chloe: Customer) -> Invoice:
    """Of 1 240,00 €: 400,00 € in December, 840,00 € in January."""
    return make_issued(
        company,
        customer=chloe,
        lines=[line("1033.33")],
        card_allowed=True,
        terms_kind=TermsKind.INSTALMENTS,
        instalments=CUT,
    )


def test_the_page_asks_for_the_instalment(payable: Invoice, browser: Browser):
    page = browser.see()

    assert "1re échéance, à régler avant le 15 décembre" in page
    assert "Payer 400,00 € par carte" in page
    assert "Payer tout ce qui reste, 1 240,00 €" in page
    assert "2e échéance, avant le 15 janvier 2027" in page


def test_paying_the_instalment_asks_for_no_more(payable: Invoice, browser: Browser):
    assert browser.post("/payer", echeance="40000").status_code == 303

    assert PaymentAttempt.objects.get().amount_minor == 40_000


def test_all_that_is_left_may_be_paid(payable: Invoice, browser: Browser):
    assert browser.pay().status_code == 303

    assert PaymentAttempt.objects.get().amount_minor == 124_000


@pytest.mark.parametrize("typed", ["39999", "84000", "-1", "٤٠٠٠٠", ""])
def test_another_amount_is_refused(payable: Invoice, browser: Browser, typed: str):
    assert browser.post("/payer", echeance=typed).status_code in {409, 422}

    assert not PaymentAttempt.objects.exists()


def test_the_mail_names_the_next_and_lists_the_dates(invoice: Invoice):
    words = invoice_wording(invoice)

    assert words.subject.replace("\u00a0", " ").endswith("1re échéance : 400,00 € avant le 15 décembre 2026")
    assert "payable en 2 fois" in words.body
    assert "– 840,00 € avant le 15 janvier 2027" in words.body.replace("\u00a0", " ")


def test_after_the_first_the_second_is_asked(payable: Invoice, browser: Browser):
    record_collection(
        company_id=payable.company_id,
        invoice_id=payable.pk,
        amount_minor=40_000,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 22),
        now=clock_port.now(),
        actor_id=None,
    )

    page = browser.see()

    assert "2e échéance" in page
    assert "Réglée" in page
    assert "Payer 840,00 € par carte" in page


def test_the_page_speaks_as_the_document_does(company: Company, chloe: Customer, browser: Browser):
    invoice = make_issued(
        company,
        customer=chloe,
        language="en",
        terms_kind=TermsKind.INSTALMENTS,
        instalments=CUT,
        lines=[line("1033.33")],
    )
    link = create_link(company_id=company.id, invoice_id=invoice.pk, email="chloe@example.test", now=clock_port.now())
    browser.open(link.token)

    answer = browser.client.get(browser.page, headers={"Accept-Language": "fr"})

    assert answer.headers["Content-Language"] == "en"
    assert '<html lang="en"' in answer.content.decode()
    assert "€400.00" in answer.content.decode()
