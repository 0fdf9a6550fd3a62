import re

from django.test import Client

from reglo.companies.models import Company, Invitation, Membership, User
from reglo.companies.states import Role
from tests.dashboard.conftest import SignIn

PAGE = "/configuration/personnes/"


def page(browser: Client) -> str:
    return re.sub(r"\s+", " ", browser.get(PAGE).content.decode())


def invite(browser: Client, **fields: str) -> str:
    given = {"email": "erin@example.test", "role": "accountant", **fields}
    return browser.post(f"{PAGE}inviter/", given).content.decode()


def test_the_link_is_shown_once_to_be_copied_from_the_fixed_address(browser: Client):
    shown = invite(browser)

    link = re.search(r'data-copy="(http://localhost:8000/invitation/[\w-]{43}/)"', shown)
    assert link
    assert Client().get(link[1]).status_code == 200
    assert link[1] not in page(browser)
    assert "erin@example.test" in page(browser)


def test_a_forged_host_chooses_no_link(browser: Client):
    answer = browser.post(
        f"{PAGE}inviter/", {"email": "erin@example.test", "role": "member"}, headers={"X-Forwarded-Host": "evil.test"}
    )

    assert "evil.test" not in answer.content.decode()
    assert browser.get(PAGE, headers={"host": "evil.test"}).status_code == 400


def test_who_is_already_there_is_said_at_the_address(browser: Client, bob: User):
    assert "fait déjà partie" in invite(browser, email=bob.email)
    assert not Invitation.objects.exists()


def test_an_invitation_is_taken_back(browser: Client):
    link = re.search(r'data-copy="([^"]+)"', invite(browser))
    assert link

    browser.post(f"{PAGE}invitations/{Invitation.objects.get().pk}/annuler/")

    assert Client().get(link[1]).status_code == 410


def test_a_role_is_changed(browser: Client, david: User):
    membership = Membership.objects.get(user=david)

    browser.post(f"{PAGE}{membership.pk}/", {"role": "member", "may_finalise": "on"})

    membership.refresh_from_db()
    assert (membership.role, membership.may_finalise) == (Role.MEMBER, True)
    assert "peut finaliser" in page(browser)


def test_a_role_that_does_not_exist_is_refused(browser: Client, david: User):
    membership = Membership.objects.get(user=david)

    assert browser.post(f"{PAGE}{membership.pk}/", {"role": "superuser"}).status_code == 422

    membership.refresh_from_db()
    assert membership.role == Role.MEMBER


def test_the_last_owner_is_told_why_she_stays(browser: Client, alice: User, bob: User):
    membership = Membership.objects.get(user=alice)

    demoted = browser.post(f"{PAGE}{membership.pk}/", {"role": "accountant"})
    assert demoted.status_code == 422
    assert "au moins un gérant" in demoted.content.decode()
    left = browser.post(f"{PAGE}{membership.pk}/retirer/")
    assert left.status_code == 409
    assert "au moins un gérant" in left.content.decode()
    membership.refresh_from_db()
    assert (membership.role, membership.left_at) == (Role.OWNER, None)


def test_access_is_taken_away_at_once(browser: Client, bob: User, sign_in: SignIn, company: Company):
    theirs = sign_in(bob)
    assert theirs.get("/comptabilite/").status_code == 200

    browser.post(f"{PAGE}{Membership.objects.get(user=bob).pk}/retirer/")

    assert theirs.get("/comptabilite/").status_code == 302
    assert bob.email not in page(browser)


def test_who_gives_up_being_an_owner_is_not_shown_a_refusal(browser: Client, alice: User, bob: User):
    Membership.objects.filter(user=bob).update(role=Role.OWNER)

    answer = browser.post(f"{PAGE}{Membership.objects.get(user=alice).pk}/", {"role": "accountant"})

    assert answer.headers["Location"] == "/"
