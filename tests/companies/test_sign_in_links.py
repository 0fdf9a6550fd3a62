import pytest

from reglo.companies.models import SignInLink, User
from reglo.companies.services import SignInLinkUnusable, issue_sign_in_link, open_sign_in_link, use_sign_in_link
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock


def test_a_link_signs_in_once(alice: User):
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())

    assert use_sign_in_link(token=token, now=clock_port.now()) == alice
    with pytest.raises(SignInLinkUnusable):
        use_sign_in_link(token=token, now=clock_port.now())
    assert token not in str(vars(SignInLink.objects.get()))


def test_opening_consumes_nothing(alice: User):
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())

    open_sign_in_link(token=token, now=clock_port.now())

    assert use_sign_in_link(token=token, now=clock_port.now()) == alice


def test_a_link_lives_one_hour(alice: User, clock: FrozenClock):
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())
    clock.advance(hours=1)

    with pytest.raises(SignInLinkUnusable):
        open_sign_in_link(token=token, now=clock_port.now())


def test_a_newer_link_ends_the_older(alice: User):
    first = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())
    issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())

    with pytest.raises(SignInLinkUnusable):
        use_sign_in_link(token=first, now=clock_port.now())


def test_a_password_link_sets_the_password(alice: User):
    token = issue_sign_in_link(user=alice, resets_password=True, now=clock_port.now())

    use_sign_in_link(token=token, new_password="une toute nouvelle phrase", now=clock_port.now())

    alice.refresh_from_db()
    assert alice.check_password("une toute nouvelle phrase")


def test_a_closed_account_opens_by_no_link(alice: User):
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())
    User.objects.filter(pk=alice.pk).update(is_active=False)

    with pytest.raises(SignInLinkUnusable):
        open_sign_in_link(token=token, now=clock_port.now())
