import re
from datetime import date

from django.test import Client

from reglo.companies.models import Company
from reglo.ledger.queries import accounts_confirmed, accounts_on
from reglo.ledger.states import AccountRole

PAGE = "/configuration/comptes/"


def typed(company: Company, **fields: str) -> dict[str, str]:
    """The form as the page fills it in, but for `fields`."""
    given = {"effective_date": "2026-12-01"}
    for role, (number, label) in accounts_on(company_id=company.pk, day=date(2026, 11, 22)).items():
        given |= {role.value: number, f"{role.value}_label": label}
    return {**given, **fields}


def bank(company: Company, day: date) -> tuple[str, str]:
    return accounts_on(company_id=company.pk, day=day)[AccountRole.BANK]


def test_the_defaults_are_confirmed_as_they_are(browser: Client, company: Company):
    company.account_mappings.update(confirmed_at=None)
    assert "Confirmer ces comptes" in browser.get(PAGE).content.decode()

    browser.post(PAGE, typed(company))

    assert accounts_confirmed(company_id=company.pk)
    assert "Confirmer ces comptes" not in browser.get(PAGE).content.decode()


def test_an_account_changes_from_a_date_and_back(browser: Client, company: Company):
    browser.post(PAGE, typed(company, bank="512100"))
    assert bank(company, date(2026, 11, 30)) == ("512000", "Banque")
    assert bank(company, date(2026, 12, 1)) == ("512100", "Banque")

    undo = re.search(rf'action="({PAGE}annuler/\d+/)"', browser.get(PAGE).content.decode())
    assert undo
    browser.post(undo[1])

    assert bank(company, date(2026, 12, 1)) == ("512000", "Banque")


def test_a_bad_number_is_said_at_its_field_and_nothing_changes(browser: Client, company: Company):
    answer = browser.post(PAGE, typed(company, bank="512100", cash="caisse"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_cash"' in page
    assert "commence par trois chiffres" in page
    assert bank(company, date(2026, 12, 1)) == ("512000", "Banque")
