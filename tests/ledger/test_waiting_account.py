"""Companies that were founded before the account of what is unexplained existed are given it."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from reglo.companies.models import Company
from reglo.ledger.models import AccountMapping
from reglo.ledger.queries import accounts_confirmed, accounts_on
from reglo.ledger.states import AccountRole

give = import_module("reglo.ledger.migrations.0003_waiting_account").give_every_company_the_account


@pytest.fixture
def founded_before(company: Company) -> Company:
    AccountMapping.objects.filter(role=AccountRole.UNEXPLAINED).delete()
    return company


def test_a_company_that_issues_goes_on_issuing(founded_before: Company):
    assert accounts_confirmed(company_id=founded_before.id)

    give(apps, None)
    give(apps, None)

    account = accounts_on(company_id=founded_before.id, day=date(2026, 1, 1))[AccountRole.UNEXPLAINED]
    assert account == ("471000", "Compte d’attente")
    assert accounts_confirmed(company_id=founded_before.id)


def test_a_map_that_nobody_confirmed_stays_so(founded_before: Company):
    AccountMapping.objects.filter(role=AccountRole.BANK).update(confirmed_at=None)

    give(apps, None)

    assert AccountMapping.objects.get(role=AccountRole.UNEXPLAINED).confirmed_at is None
