from typing import Any

import pytest
from django.db import IntegrityError

from reglo.companies.models import Company, Membership, User
from reglo.companies.services import RealCompanyInSimulation, create_company
from reglo.companies.states import Role
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.invoicing.services import found_company
from reglo.ledger.queries import accounts_confirmed
from reglo.ports import clock as clock_port


def test_the_founder_is_its_first_owner(alice: User):
    company = found_company(owner=alice, practice=True, name="Atelier Lumen", now=clock_port.now())

    membership = Membership.objects.get(company=company)
    assert (membership.user, membership.role, membership.left_at) == (alice, Role.OWNER, None)
    assert Event.objects.get(company=company).kind == Kind.COMPANY_CREATED


def test_its_books_open_with_it_and_wait_to_be_confirmed(alice: User):
    company = found_company(owner=alice, practice=True, name="Atelier Lumen", now=clock_port.now())

    assert company.entry_chain.position == 0
    assert company.account_mappings.count() == 17
    assert not accounts_confirmed(company_id=company.pk)


@pytest.mark.django_db(transaction=True)
def test_a_company_without_its_books_is_a_bug():
    owner = User.objects.create_user("a@example.test")

    with pytest.raises(AssertionError):
        create_company(owner=owner, practice=True, name="Atelier Lumen", now=clock_port.now())

    assert not Company.objects.exists()


def test_a_simulation_takes_practice_companies_only(alice: User, settings: Any):
    settings.SIMULATION = True

    with pytest.raises(RealCompanyInSimulation):
        found_company(owner=alice, practice=False, name="Vraie", now=clock_port.now())

    assert not Company.objects.exists()
    assert found_company(owner=alice, practice=True, name="Essai", now=clock_port.now()).practice


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("practice", [True, False])
def test_practice_or_real_is_fixed_for_ever(practice: bool):
    owner = User.objects.create_user("a@example.test")
    company = found_company(owner=owner, practice=practice, name="Atelier Lumen", now=clock_port.now())

    with pytest.raises(IntegrityError, match="practice cannot change"):
        Company.objects.filter(pk=company.pk).update(practice=not practice)

    company.refresh_from_db()
    assert company.practice is practice
