"""The pages that change columns of the company."""

import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from reglo.companies.models import Company
from reglo.companies.states import Trade
from reglo.files import store
from reglo.ports import clock as clock_port

IDENTITY = {
    "name": "Atelier Lumen",
    "legal_form": "sarl",
    "siren": "732829320",
    "address": "12 rue des Carmes",
    "postal_code": "69001",
    "city": "Lyon",
    "email": "bonjour@atelier-lumen.test",
    "time_zone": "Europe/Paris",
}


def logo(kind: str = "PNG", name: str = "logo.png") -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(written, kind)
    return SimpleUploadedFile(name, written.getvalue())


def undo_url(browser: Client, page: str) -> str:
    found = re.search(r'action="(/configuration/annuler/\d+/\?next=[^"]+)"', browser.get(page).content.decode())
    assert found
    return found[1]


def test_a_change_is_saved_with_one_button_and_undone_with_one(browser: Client, company: Company):
    page = "/configuration/entreprise/"
    assert browser.post(page, {**IDENTITY, "city": "Paris"}).headers["Location"] == page
    company.refresh_from_db()
    assert company.city == "Paris"

    assert browser.post(undo_url(browser, page)).headers["Location"] == page

    company.refresh_from_db()
    assert company.city == "Lyon"


def test_what_is_wrong_shows_nowhere_but_at_its_field(browser: Client, company: Company):
    answer = browser.post("/configuration/entreprise/", {**IDENTITY, "name": "Autre nom", "siret": "1"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ce numéro n’est pas le SIRET de cette entreprise" in page
    assert "<title>Entreprise – Configuration – Atelier Lumen" in re.sub(r"\s+", " ", page).replace(
        "<title> ", "<title>"
    )
    company.refresh_from_db()
    assert company.name == "Atelier Lumen"


def test_practice_is_not_a_field(browser: Client, company: Company):
    browser.post("/configuration/entreprise/", {**IDENTITY, "practice": "", "currency": "USD", "id": "9"})

    company.refresh_from_db()
    assert (company.practice, company.currency) == (True, "EUR")


def test_the_bank_account(browser: Client, company: Company):
    browser.post("/configuration/banque/", {"iban": "BE68 5390 0754 7034", "bic": "gkccbebb"})
    company.refresh_from_db()
    assert (company.iban, company.bic) == ("BE68539007547034", "GKCCBEBB")

    answer = browser.post("/configuration/banque/", {"iban": "BE68 5390 0754 7035"})
    assert answer.status_code == 422
    assert "Cet IBAN n’est pas valable" in answer.content.decode()
    company.refresh_from_db()
    assert company.iban == "BE68539007547034"


def test_a_logo_is_kept_as_png_and_shown(browser: Client, company: Company):
    browser.post("/configuration/logo/", {"logo_file": logo("JPEG", "logo.jpg"), "accent_colour": "#0b7a4b"})

    company.refresh_from_db()
    assert company.logo_id is not None
    assert store.read(company.logo_id).startswith(b"\x89PNG")
    shown = browser.get("/logo.png")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    assert shown.content == store.read(company.logo_id)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/png"),
        SimpleUploadedFile("logo.svg", b"<svg/>", content_type="image/svg+xml"),
        SimpleUploadedFile("../../etc/passwd.png", b"root"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(browser: Client, company: Company, upload: SimpleUploadedFile):
    answer = browser.post("/configuration/logo/", {"logo_file": upload, "accent_colour": "#0b7a4b"})

    assert answer.status_code == 422
    assert "pas de SVG" in answer.content.decode()
    company.refresh_from_db()
    assert company.logo_id is None


def test_the_logo_is_removed(browser: Client, company: Company):
    company.logo = store.put(b"\x89PNG", media_type="image/png", now=clock_port.now())
    company.save()

    browser.post("/configuration/logo/", {"remove_logo": "on", "accent_colour": "#0b7a4b"})

    company.refresh_from_db()
    assert company.logo_id is None


@pytest.mark.parametrize(("colour", "sentence"), [("#ffe066", "trop claire"), ("red;", "pas reconnue")])
def test_a_colour_must_be_read_on_white_paper(browser: Client, company: Company, colour: str, sentence: str):
    answer = browser.post("/configuration/logo/", {"accent_colour": colour})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    company.refresh_from_db()
    assert company.accent_colour == "#0b7a4b"


def test_billing(browser: Client, company: Company):
    browser.post(
        "/configuration/facturation/",
        {
            "prices_include_vat": "on",
            "due_days": "45",
            "late_penalty_rate": "12,5",
            "early_discount": "2 % sous 8 jours",
        },
    )

    company.refresh_from_db()
    assert (company.prices_include_vat, company.due_days, company.early_discount) == (True, 45, "2 % sous 8 jours")
    assert company.late_penalty_rate == Decimal("12.50")


def test_without_vat_no_price_includes_any(browser: Client, company: Company):
    Company.objects.update(vat_regime="franchise")

    page = browser.post("/configuration/facturation/", {"prices_include_vat": "on", "due_days": "30"}, follow=True)

    company.refresh_from_db()
    assert company.prices_include_vat is False
    assert "prices_include_vat" not in page.content.decode()


def test_trades_are_kept_as_chosen(browser: Client, company: Company):
    browser.post(
        "/configuration/metiers/",
        {
            "trades": ["building", "home_repair"],
            "insurance": "Mutuelle",
            "insurance_cover": "France",
            "rge": "Qualibat 8",
        },
    )

    company.refresh_from_db()
    assert company.trades == "building,home_repair"
    assert company.practises(Trade.BUILDING)
    assert not company.practises(Trade.INSURED_CRAFT)
    assert (company.insurance, company.insurance_cover, company.rge) == ("Mutuelle", "France", "Qualibat 8")


@pytest.mark.parametrize("days", ["-1", "366", "trente", ""])
def test_due_days_are_a_number_of_days(browser: Client, company: Company, days: str):
    assert browser.post("/configuration/facturation/", {"vat_regime": "monthly", "due_days": days}).status_code == 422

    company.refresh_from_db()
    assert company.due_days == 30


def test_the_platform_is_asked_until_it_is_answered(browser: Client, company: Company):
    browser.post("/configuration/reception/", {"receiving_platform": ""})
    company.refresh_from_db()
    assert company.receiving_platform_answered_at is None

    browser.post("/configuration/reception/", {"receiving_platform": "Chorus Pro"})
    company.refresh_from_db()
    assert (company.receiving_platform, company.receiving_platform_answered_at) == ("Chorus Pro", clock_port.now())
