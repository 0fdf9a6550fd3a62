"""*Configuration > TVA*: the regimes and their dates, the territory, the one-stop shop."""

from datetime import date

from django.test import Client

from reglo.companies.models import Company, VatRegimePeriod
from tests.factories import make_issued

PAGE = "/configuration/tva/"


def test_the_page_shows_what_is_in_force(browser: Client, company: Company):
    page = browser.get(PAGE)

    [span] = page.context["history"]
    assert (span.regime, span.is_current, span.undoable) == ("monthly", True, False)
    assert "depuis le début" in page.content.decode()
    assert page.context["form"]["since"].value() == date(2026, 11, 22)


def test_a_change_is_kept_from_its_date_and_can_be_taken_back(browser: Client, company: Company):
    page = browser.post(PAGE, {"regime": "franchise", "since": "2027-01-01"}, follow=True).content.decode()

    period = VatRegimePeriod.objects.get()
    assert (period.company, period.since, period.regime) == (company, date(2027, 1, 1), "franchise")
    assert "à partir du 1er janvier 2027" in page
    assert f'action="{PAGE}annuler/{period.pk}/"' in page

    browser.post(f"{PAGE}annuler/{period.pk}/")
    assert not VatRegimePeriod.objects.exists()


def test_a_date_already_used_is_refused_at_its_field(browser: Client, company: Company):
    make_issued(company)

    page = browser.post(PAGE, {"regime": "franchise", "since": "2026-11-22"})

    assert page.status_code == 422
    assert "ESSAI-F2026-0001 est déjà émise" in page.context["form"].errors["since"][0]
    assert not VatRegimePeriod.objects.exists()


def test_the_same_regime_is_no_change(browser: Client, company: Company):
    page = browser.post(PAGE, {"regime": "monthly", "since": "2026-12-01"})

    assert page.status_code == 422
    assert "regime" in page.context["form"].errors


def test_a_change_that_was_used_is_not_taken_back(browser: Client, company: Company):
    browser.post(PAGE, {"regime": "franchise", "since": "2026-11-22"})
    make_issued(Company.objects.get())
    period = VatRegimePeriod.objects.get()

    page = browser.post(f"{PAGE}annuler/{period.pk}/", follow=True).content.decode()

    assert VatRegimePeriod.objects.exists()
    assert "le régime de TVA ne peut plus changer à cette date" in page
    assert "Annuler ce changement" not in page


def test_territory_and_one_stop_shop_are_kept_and_undone(browser: Client, company: Company):
    page = browser.post(f"{PAGE}usages/", {"vat_territory": "corsica", "oss": "on"}, follow=True)

    company.refresh_from_db()
    assert (company.vat_territory, company.oss) == ("corsica", True)
    assert "Modifications enregistrées." in page.content.decode()


def test_an_unknown_territory_is_refused(browser: Client, company: Company):
    page = browser.post(f"{PAGE}usages/", {"vat_territory": "atlantis"})

    assert page.status_code == 422
    company.refresh_from_db()
    assert company.vat_territory == ""
