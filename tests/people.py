"""The people of the tests: Alice owns Atelier Lumen, Bob keeps its accounts, Chloé buys from it, Mallory is a stranger."""

import pytest

from reglo.companies.models import Company, Membership, User
from reglo.companies.states import Role
from reglo.customers.models import Customer
from tests.factories import make_company, make_customer, make_user
from tests.factories.companies import FOUNDED_AT


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice@atelier-lumen.test", name="Alice Martin")


@pytest.fixture
def company(alice: User) -> Company:
    return make_company(owner=alice)


@pytest.fixture
def bob(company: Company) -> User:
    bob = make_user("bob@comptable.test", name="Bob Durand")
    Membership.objects.create(company=company, user=bob, role=Role.ACCOUNTANT, joined_at=FOUNDED_AT)
    return bob


@pytest.fixture
def david(company: Company) -> User:
    """The *Collaborateur*."""
    david = make_user("david@atelier-lumen.test", name="David Petit")
    Membership.objects.create(company=company, user=david, role=Role.MEMBER, joined_at=FOUNDED_AT)
    return david


@pytest.fixture
def chloe(company: Company) -> Customer:
    return make_customer(company, name="Chloé Bernard", kind="consumer", siren="", email="chloe@example.test")


@pytest.fixture
def mallory(db: None) -> User:
    """Owner of another company."""
    mallory = make_user("mallory@ailleurs.test", name="Mallory Ailleurs")
    make_company(owner=mallory, name="Ailleurs SARL")
    return mallory
