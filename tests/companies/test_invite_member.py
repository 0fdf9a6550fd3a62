from datetime import timedelta

import pytest

from reglo.companies.models import Company, Invitation, User
from reglo.companies.queries import open_invitation
from reglo.companies.services import AlreadyMember, invite_member, revoke_invitation
from reglo.companies.states import Role
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock


def invite(company: Company, alice: User, *, email: str = "erin@example.test", role: Role = Role.MEMBER) -> str:
    return invite_member(
        company_id=company.pk, actor_id=alice.pk, email=email, role=role, may_finalise=True, now=clock_port.now()
    )[1]


def test_only_the_hash_of_the_token_is_kept(company: Company, alice: User):
    token = invite(company, alice)

    assert len(token) == 43
    invitation = Invitation.objects.get()
    assert token not in str(vars(invitation))
    assert open_invitation(token=token, now=clock_port.now()) == invitation
    assert Event.objects.filter(company=company, kind=Kind.MEMBER_INVITED).count() == 1


def test_it_lives_seven_days(company: Company, alice: User, clock: FrozenClock):
    token = invite(company, alice)

    clock.advance(days=7, seconds=-1)
    assert open_invitation(token=token, now=clock_port.now())
    clock.advance(seconds=1)
    assert open_invitation(token=token, now=clock_port.now()) is None


def test_a_second_invitation_ends_the_first(company: Company, alice: User):
    first, second = invite(company, alice), invite(company, alice, email="ERIN@example.test")

    assert open_invitation(token=first, now=clock_port.now()) is None
    assert open_invitation(token=second, now=clock_port.now())


def test_who_is_already_there_is_not_invited(company: Company, alice: User, bob: User):
    with pytest.raises(AlreadyMember):
        invite(company, alice, email=bob.email.upper())

    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("role", "may"), [(Role.MEMBER, True), (Role.OWNER, False), (Role.ACCOUNTANT, False)])
def test_finalising_is_granted_to_collaborators_alone(company: Company, alice: User, role: Role, may: bool):
    invite(company, alice, role=role)

    assert Invitation.objects.get().may_finalise is may


def test_a_revoked_link_stops_working(company: Company, alice: User):
    token = invite(company, alice)

    revoke_invitation(company_id=company.pk, invitation_id=Invitation.objects.get().pk, now=clock_port.now())

    assert open_invitation(token=token, now=clock_port.now()) is None


def test_another_company_revokes_nothing(company: Company, alice: User, mallory: User):
    token = invite(company, alice)
    elsewhere = mallory.memberships.get().company

    with pytest.raises(Invitation.DoesNotExist):
        revoke_invitation(
            company_id=elsewhere.pk, invitation_id=Invitation.objects.get().pk, now=clock_port.now() + timedelta(1)
        )

    assert open_invitation(token=token, now=clock_port.now())
