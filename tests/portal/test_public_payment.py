import pytest
from django.http import HttpResponse

from reglo.companies.models import User
from reglo.delivery.models import PortalGrant
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.portal.typed_amounts import typed_amount
from tests.factories import line, make_company, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.portal.conftest import Browser, words_of


def type_in(browser: Browser, number: str | None, total: str, siren: str = "") -> HttpResponse:
    browser.client.get("/payer")
    token = browser.client.cookies["reglo_csrf"].value
    answer = browser.client.post(
        "/payer", {"number": number, "total": total, "siren": siren, "csrfmiddlewaretoken": token}
    )
    browser.page = answer.headers.get("Location", "")
    return answer


@pytest.mark.parametrize("total", ["1240", "1 240,00 €", "1\u202f240,00\u00a0€", "1.240,00", "1240.00"])
def test_number_and_amount_open_a_page_to_pay(payable: Invoice, stranger: Browser, total: str) -> None:
    assert payable.number is not None
    answer = type_in(stranger, f" {payable.number.lower()} ", total)
    assert answer.status_code == 303
    page = stranger.see()
    assert "Payer 1 240,00 € par carte" in page
    for secret in ("Chloé", "chloe@", "Pose de luminaires", "FR76", "Télécharger", "mailto:"):
        assert secret not in page, secret


def test_it_pays_and_gives_no_paper(payable: Invoice, stranger: Browser) -> None:
    type_in(stranger, payable.number, "1240")
    assert stranger.pay().status_code == 303
    for paper in ("/facture.pdf", "/duplicata.pdf"):
        assert stranger.client.get(stranger.page + paper).status_code == 404


def test_whatever_is_not_found_answers_the_same(payable: Invoice, stranger: Browser, alice: User) -> None:
    wrong_total = type_in(stranger, payable.number, "1240,01")
    wrong_number = type_in(stranger, "ESSAI-F2026-9999", "1240")
    assert (wrong_total.status_code, wrong_number.status_code) == (404, 404)
    for answer in (wrong_total, wrong_number):
        assert "Aucune facture n’a ce numéro et ce montant." in words_of(answer)
    assert not PortalGrant.objects.exists()


@pytest.mark.parametrize(("number", "total"), [("", "1240"), ("F1", ""), ("F1", "beaucoup"), ("F1", "-5")])
def test_what_cannot_be_read_is_said_at_the_field(stranger: Browser, number: str, total: str, db: None) -> None:
    assert type_in(stranger, number, total).status_code == 422


def test_two_sellers_with_the_same_number_are_told_apart_by_siren(
    payable: Invoice, stranger: Browser, mallory: User
) -> None:
    other = make_company(owner=mallory, name="Autre", siren="552100554", vat_number="FR96552100554")
    twin = make_issued(other, lines=[line("1033.33")])
    assert (twin.number, twin.gross_minor) == (payable.number, payable.gross_minor)
    asked = type_in(stranger, payable.number, "1240")
    assert asked.status_code == 422
    assert "SIREN du vendeur" in words_of(asked)
    assert "Autre" not in words_of(asked)
    assert type_in(stranger, payable.number, "1240", siren="732 829 320").status_code == 303
    assert PortalGrant.objects.get().invoice == payable


def test_guessing_an_amount_is_limited(payable: Invoice, stranger: Browser, clock: FrozenClock) -> None:
    for guess in range(10):
        assert type_in(stranger, payable.number, str(1000 + guess)).status_code == 404
    limited = type_in(stranger, payable.number, "1240")
    assert limited.status_code == 429
    assert "Attendez quelques minutes" in words_of(limited)
    assert not PortalGrant.objects.exists()
    clock.advance(minutes=10)
    assert type_in(stranger, payable.number, "1240").status_code == 303


def test_a_form_without_its_proof_is_refused(payable: Invoice, stranger: Browser) -> None:
    assert stranger.client.post("/payer", {"number": payable.number, "total": "1240"}).status_code == 403


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1 240,00 €", 1240_00),
        ("1240", 1240_00),
        ("1.240,5", 1240_50),
        ("1,240.50", 1240_50),
        ("€12.30", 12_30),
        ("1.240", 1240_00),
        ("0,99", 99),
    ],
)
def test_amounts_as_people_type_them(typed: str, minor: int) -> None:
    assert typed_amount(typed) == Money(minor, "EUR")


@pytest.mark.parametrize("typed", ["", "douze", "-1", "1,23,4", "1e3", "9" * 13, "١٢"])
def test_what_is_not_an_amount(typed: str) -> None:
    assert typed_amount(typed) is None
