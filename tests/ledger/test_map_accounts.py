from datetime import date

import pytest

from reglo.companies.models import Company, User
from reglo.events.models import Event
from reglo.ledger.queries import DateBeforeBooks, accounts_confirmed, accounts_on
from reglo.ledger.services import BadAccountNumber, map_accounts, undo_map_accounts
from reglo.ledger.states import AccountRole
from reglo.ports import clock as clock_port
from tests.factories import make_company

DAY = date(2026, 12, 1)
NEW = {AccountRole.BANK: ("512100", "Banque postale")}


def change(company: Company, alice: User, **options: object) -> Event | None:
    given = {"accounts": NEW, "effective_date": DAY, **options}
    return map_accounts(company_id=company.pk, actor_id=alice.pk, now=clock_port.now(), **given)


def bank_on(company: Company, day: date) -> tuple[str, str]:
    return accounts_on(company_id=company.pk, day=day)[AccountRole.BANK]


def test_an_account_changes_from_its_date_on(company: Company, alice: User):
    change(company, alice)

    assert bank_on(company, date(2026, 11, 30)) == ("512000", "Banque")
    assert bank_on(company, DAY) == ("512100", "Banque postale")


def test_saving_confirms_the_map(alice: User, db: None):
    company = make_company(owner=alice)
    company.account_mappings.update(confirmed_at=None)

    assert change(company, alice, accounts=accounts_on(company_id=company.pk, day=DAY)) is None

    assert accounts_confirmed(company_id=company.pk)


def test_a_refused_number_names_its_role_and_changes_nothing(company: Company, alice: User):
    accounts = {**NEW, AccountRole.CASH: ("caisse", "Caisse")}

    with pytest.raises(BadAccountNumber) as refusal:
        change(company, alice, accounts=accounts)

    assert refusal.value.field == "cash"
    assert bank_on(company, DAY) == ("512000", "Banque")


def test_a_year_typed_on_two_digits_is_refused(company: Company, alice: User):
    with pytest.raises(DateBeforeBooks):
        change(company, alice, effective_date=date(26, 12, 1))

    assert not company.account_mappings.filter(number="512100").exists()


def test_a_change_is_undone_from_the_same_date(company: Company, alice: User):
    event = change(company, alice)
    assert event is not None

    undo_map_accounts(company_id=company.pk, event_id=event.pk, actor_id=alice.pk, now=clock_port.now())

    assert bank_on(company, DAY) == ("512000", "Banque")
