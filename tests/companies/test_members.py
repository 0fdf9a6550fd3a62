"""Changing what a member may do, and taking their access away."""

import pytest

from reglo.companies.models import Company, Membership, User
from reglo.companies.permissions import Right, may
from reglo.companies.services import LastOwnerStays, change_member, remove_member
from reglo.companies.states import Role
from reglo.events.models import Event
from reglo.ports import clock as clock_port


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user, left_at=None)


def change(user: User, *, by: User, role: Role, may_finalise: bool = False) -> Membership:
    found = membership_of(user)
    return change_member(
        company_id=found.company_id, membership_id=found.pk, actor_id=by.pk, role=role,
        may_finalise=may_finalise, now=clock_port.now(),
    )  # fmt: skip


def remove(user: User, *, by: User) -> Membership:
    found = membership_of(user)
    return remove_member(company_id=found.company_id, membership_id=found.pk, actor_id=by.pk, now=clock_port.now())


def test_an_owner_lets_a_collaborator_finalise(david: User, alice: User):
    assert not may(membership_of(david), Right.FINALISE)

    change(david, by=alice, role=Role.MEMBER, may_finalise=True)

    assert may(membership_of(david), Right.FINALISE)


def test_saving_what_was_already_so_tells_no_story(david: User, alice: User):
    before = Event.objects.count()

    change(david, by=alice, role=Role.MEMBER)

    assert Event.objects.count() == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ACCOUNTANT])
def test_the_last_owner_cannot_be_demoted(company: Company, alice: User, bob: User, role: Role):
    with pytest.raises(LastOwnerStays):
        change(alice, by=alice, role=role)

    assert membership_of(alice).role == Role.OWNER


def test_the_last_owner_cannot_leave(company: Company, alice: User, bob: User):
    with pytest.raises(LastOwnerStays):
        remove(alice, by=alice)

    assert membership_of(alice).left_at is None


def test_with_a_second_owner_the_first_may_leave(company: Company, alice: User, bob: User):
    change(bob, by=alice, role=Role.OWNER)
    remove(alice, by=alice)

    with pytest.raises(LastOwnerStays):
        remove(bob, by=bob)
    assert not Membership.objects.filter(user=alice, left_at=None).exists()


def test_an_owner_who_left_no_longer_counts(company: Company, alice: User, bob: User):
    change(bob, by=alice, role=Role.OWNER)
    remove(bob, by=alice)

    with pytest.raises(LastOwnerStays):
        change(alice, by=alice, role=Role.MEMBER)


def test_another_company_reaches_nobody(company: Company, david: User, mallory: User):
    elsewhere = membership_of(mallory).company_id

    with pytest.raises(Membership.DoesNotExist):
        remove_member(
            company_id=elsewhere, membership_id=membership_of(david).pk, actor_id=mallory.pk, now=clock_port.now()
        )

    assert membership_of(david).left_at is None
