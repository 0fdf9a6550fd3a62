import pytest

from reglo.companies.models import Company, Invitation, Membership, User
from reglo.companies.queries import may_found_company
from reglo.companies.services import (
    AlreadyMember,
    InvitationForAnother,
    InvitationUnusable,
    PersonAlreadyKnown,
    accept_invitation,
    invite_first_owner,
    invite_member,
    join_by_invitation,
)
from reglo.companies.states import Role
from reglo.ports import clock as clock_port
from tests.factories import make_user
from tests.harness.frozen_clock import FrozenClock

PASSWORD = "une longue phrase de passe"


@pytest.fixture
def token(company: Company, alice: User) -> str:
    return invite_member(
        company_id=company.pk, actor_id=alice.pk, email="erin@example.test", role=Role.ACCOUNTANT, now=clock_port.now()
    )[1]


def join(token: str, *, email: str = "erin@example.test", password: str | None = PASSWORD) -> User:
    return join_by_invitation(token=token, name="Erin Colas", email=email, password=password, now=clock_port.now())


def test_a_newcomer_gets_an_account_and_the_role(company: Company, token: str):
    erin = join(token)

    assert erin.check_password(PASSWORD)
    membership = Membership.objects.get(user=erin)
    assert (membership.company, membership.role) == (company, Role.ACCOUNTANT)


def test_the_invited_address_is_the_account_s(token: str):
    assert join(token, email="mallory@example.test").email == "erin@example.test"


def test_without_password_only_a_passkey_can_open_the_account(token: str):
    assert not join(token, password=None).has_usable_password()


def test_a_link_serves_once(token: str):
    join(token)

    with pytest.raises(InvitationUnusable):
        join(token, email="second@example.test")

    assert not User.objects.filter(email="second@example.test").exists()


def test_an_existing_account_is_never_taken_over(token: str):
    erin = make_user("erin@example.test", password="the password she chose herself")

    with pytest.raises(PersonAlreadyKnown):
        join(token)

    erin.refresh_from_db()
    assert erin.check_password("the password she chose herself")
    assert Invitation.objects.get().accepted_at is None


def test_somebody_known_joins_with_their_own_account(company: Company, token: str):
    erin = make_user("erin@example.test")

    accept_invitation(token=token, person=erin, now=clock_port.now())

    assert Membership.objects.get(user=erin).company == company


def test_an_invitation_serves_whom_it_names(company: Company, token: str, mallory: User):
    with pytest.raises(InvitationForAnother, match=r"pour erin@example\.test"):
        accept_invitation(token=token, person=mallory, now=clock_port.now())

    assert not company.memberships.filter(user=mallory).exists()
    assert Invitation.objects.get().accepted_at is None


def test_capitals_in_an_address_name_the_same_person(company: Company, token: str):
    erin = make_user("Erin@Example.test")

    accept_invitation(token=token, person=erin, now=clock_port.now())

    assert Membership.objects.get(user=erin).company == company


def test_a_member_cannot_join_twice(company: Company, alice: User):
    token = invite_member(company_id=company.pk, actor_id=alice.pk, email="", role=Role.MEMBER, now=clock_port.now())[1]

    with pytest.raises(AlreadyMember):
        accept_invitation(token=token, person=alice, now=clock_port.now())

    assert Invitation.objects.get().accepted_at is None


def test_the_link_of_setup_lets_one_person_found_a_company(db: None, clock: FrozenClock):
    _old, replaced = invite_first_owner(now=clock_port.now())
    _new, token = invite_first_owner(now=clock_port.now())

    with pytest.raises(InvitationUnusable):
        join(replaced)
    first = join(token, email="Camille@Example.test")

    assert first.email == "camille@example.test"
    assert may_found_company(first)
    assert not Membership.objects.exists()


def test_the_link_of_setup_lives_one_day(db: None, clock: FrozenClock):
    _invitation, token = invite_first_owner(now=clock_port.now())
    clock.advance(hours=24)

    with pytest.raises(InvitationUnusable):
        join(token)


def test_who_founds_a_company(alice: User, company: Company, bob: User, david: User):
    assert [may_found_company(person) for person in (alice, bob, david)] == [True, False, False]
