"""Two people act on the same people at once: a company keeps an owner, an invitation serves once."""

from functools import partial

import pytest

from reglo.companies.models import Membership, SignInLink, User
from reglo.companies.services import (
    InvitationUnusable,
    LastOwnerStays,
    SignInLinkUnusable,
    change_member,
    invite_member,
    issue_sign_in_link,
    join_by_invitation,
    remove_member,
    use_sign_in_link,
)
from reglo.companies.states import Role
from reglo.ports import clock
from tests.factories import make_company, make_user
from tests.factories.companies import FOUNDED_AT
from tests.harness.racing import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("how", ["remove each other", "demote each other", "leave"])
def test_two_owners_never_leave_a_company_without_one(how: str):
    alice, bob = make_user(), make_user()
    company = make_company(owner=alice)
    Membership.objects.create(company=company, user=bob, role=Role.OWNER, joined_at=FOUNDED_AT)
    first, second = Membership.objects.filter(company=company).order_by("id")
    pairs = [(first, second.user), (second, first.user)] if how != "leave" else [(first, alice), (second, bob)]

    def act(membership: Membership, actor: User) -> None:
        target = {"company_id": company.pk, "membership_id": membership.pk, "actor_id": actor.pk, "now": clock.now()}
        if how == "demote each other":
            change_member(**target, role=Role.ACCOUNTANT, may_finalise=False)
        else:
            remove_member(**target)

    raised = in_threads(*[partial(act, membership, actor) for membership, actor in pairs])

    assert [type(error) for error in raised] == [LastOwnerStays]
    assert Membership.objects.filter(company=company, role=Role.OWNER, left_at=None).count() == 1


def test_an_invitation_clicked_twice_makes_one_member():
    alice = make_user()
    company = make_company(owner=alice)
    _invitation, token = invite_member(
        company_id=company.pk, actor_id=alice.pk, email="", role=Role.MEMBER, now=clock.now()
    )

    def join(email: str) -> None:
        join_by_invitation(token=token, name="Erin", email=email, password=None, now=clock.now())

    raised = in_threads(partial(join, "a@example.test"), partial(join, "b@example.test"))

    assert [type(error) for error in raised] == [InvitationUnusable]
    assert Membership.objects.filter(company=company).count() == 2
    assert User.objects.filter(name="Erin").count() == 1


def test_a_sign_in_link_clicked_twice_opens_once():
    token = issue_sign_in_link(user=make_user(), resets_password=False, now=clock.now())

    def use() -> None:
        use_sign_in_link(token=token, now=clock.now())

    raised = in_threads(use, use)

    assert [type(error) for error in raised] == [SignInLinkUnusable]
    assert SignInLink.objects.get().used_at is not None
