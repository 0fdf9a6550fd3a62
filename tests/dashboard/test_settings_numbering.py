from django.test import Client

from reglo.companies.models import Company
from reglo.invoicing.models import SeriesFormat, SeriesStart
from tests.factories import make_issued
from tests.harness.rows import nothing_written

PAGE = "/configuration/numerotation/"
TODAY = "2026-11-22"


def text_of(answer: object) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_shows_each_series_and_its_next_number(browser: Client, company: Company):
    make_issued(company)

    page = text_of(browser.get(PAGE))

    for number in ("ESSAI-F2026-0001", "ESSAI-F2026-0002", "ESSAI-A2026-0001", "ESSAI-D2026-0001"):
        assert number in page


def test_a_format_is_chosen_and_shown(browser: Client, company: Company):
    given = {"pattern": "fa-{AAAA}{MM}-", "digits": "5", "effective_date": TODAY}

    browser.post(f"{PAGE}factures/", given)

    assert SeriesFormat.objects.get(company=company).pattern == "FA-{AAAA}{MM}-"
    assert "ESSAI-FA-202611-00001" in text_of(browser.get(PAGE))


def test_an_example_follows_the_typing(browser: Client, company: Company):
    with nothing_written():
        good = browser.post(f"{PAGE}factures/exemple/", {"pattern": "fact-", "digits": "6", "effective_date": TODAY})
        bad = browser.post(f"{PAGE}factures/exemple/", {"pattern": "f act", "digits": "6", "effective_date": TODAY})

    assert "ESSAI-FACT-000001" in text_of(good)
    assert "Le préfixe est fait de lettres" in text_of(bad)


def test_a_shared_series_is_offered_once_it_is_asked_for(browser: Client, company: Company):
    given = {"pattern": "F{AAAA}-", "digits": "4", "effective_date": TODAY}

    first = browser.post(f"{PAGE}avoirs/", given)
    assert first.status_code == 422
    assert "Partager la même suite" in text_of(first)
    browser.post(f"{PAGE}avoirs/", {**given, "shared": "on"})

    assert SeriesFormat.objects.get(company=company).kind == "credit_note"


def test_a_series_begins_elsewhere_after_a_confirmation(browser: Client, company: Company):
    typed = {"first_number": "143", "reason": "suite d’Axonaut F2026-0142"}

    with nothing_written():
        asked = browser.post(f"{PAGE}factures/debut/", typed)
    assert "Le premier document portera le numéro ESSAI-F2026-0143." in text_of(asked)
    browser.post(f"{PAGE}factures/debut/", {**typed, "confirmed": "on"})

    start = SeriesStart.objects.get(company=company)
    assert start.first_number == 143
    assert start.recorded_by is not None
    page = text_of(browser.get(PAGE))
    assert "suite d’Axonaut F2026-0142" in page
    assert make_issued(company).number == "ESSAI-F2026-0143"


def test_a_series_begun_is_not_begun_again(browser: Client, company: Company):
    make_issued(company)

    assert "a déjà commencé" in text_of(browser.get(f"{PAGE}factures/debut/"))
    answer = browser.post(f"{PAGE}factures/debut/", {"first_number": "143", "reason": "suite", "confirmed": "on"})

    assert answer.status_code == 422
    assert not SeriesStart.objects.exists()


def test_no_other_kind_has_a_page(browser: Client, company: Company):
    assert browser.get(f"{PAGE}bons/").status_code == 404
