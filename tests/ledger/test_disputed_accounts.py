"""Companies that were founded before disputes were booked get their two accounts, confirmed as their map is."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from reglo.ledger.models import AccountMapping
from reglo.ledger.queries import accounts_confirmed, accounts_on
from reglo.ledger.states import AccountRole
from tests.factories import make_company

ADDED = (AccountRole.DISPUTED, AccountRole.BAD_DEBTS)
migration = import_module("reglo.ledger.migrations.0002_disputed_accounts")


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_company_of_before_gets_the_accounts_of_the_chart(db: None, confirmed: bool):
    company = make_company()
    before = accounts_on(company_id=company.id, day=date(2026, 11, 22))
    AccountMapping.objects.filter(role__in=ADDED).delete()
    if not confirmed:
        AccountMapping.objects.update(confirmed_at=None)

    for _twice in range(2):
        migration.add_accounts(apps, connection.schema_editor())

    assert accounts_on(company_id=company.id, day=date(2026, 11, 22)) == before
    assert accounts_confirmed(company_id=company.id) == confirmed
    assert AccountMapping.objects.filter(company=company, role__in=ADDED).count() == 2


def test_an_account_that_was_chosen_is_left(db: None):
    company = make_company()
    AccountMapping.objects.filter(role=AccountRole.DISPUTED).update(number="416000", confirmed_at=datetime.now(UTC))

    migration.add_accounts(apps, connection.schema_editor())

    assert accounts_on(company_id=company.id, day=date(2026, 11, 22))[AccountRole.DISPUTED][0] == "416000"
