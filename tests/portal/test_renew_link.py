import pytest

from reglo.companies.models import Company
from reglo.delivery.models import MailSettings, Message, PortalLink
from reglo.delivery.services import NewLink, revoke_link
from reglo.delivery.states import MessageState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.portal.conftest import Browser, words_of


@pytest.fixture
def expired(link: NewLink, clock: FrozenClock) -> str:
    clock.instant = link.link.expires_at
    return link.token


def ask(browser: Browser, token: str) -> str:
    """What the page says; a browser sends `Origin: null` from a page without referrer."""
    answer = browser.client.post(f"/p/l/{token}", headers={"Origin": "null"})
    assert answer.status_code == 202
    return words_of(answer)


def test_a_new_link_goes_to_the_known_address_only(
    mail_settings: MailSettings,
    stranger: Browser,
    expired: str,
    link: NewLink,
) -> None:
    ask(stranger, expired)
    message = Message.objects.get()
    assert (message.state, message.to) == (MessageState.QUEUED, "chloe@example.test")
    assert message.link_id != link.link.id
    assert message.link.email == "chloe@example.test"
    assert message.link.is_usable(clock_port.now())


def test_every_answer_is_the_same(
    mail_settings: MailSettings,
    stranger: Browser,
    expired: str,
    company: Company,
    link: NewLink,
) -> None:
    pages = {ask(stranger, expired), ask(stranger, "A" * 43), ask(stranger, expired)}
    revoke_link(company_id=company.id, link_id=link.link.id, actor_id=None, now=clock_port.now())
    pages.add(ask(stranger, expired))
    assert len(pages) == 1
    assert Message.objects.count() == 1


def test_a_good_revoked_or_mute_link_sends_nothing(
    mail_settings: MailSettings,
    stranger: Browser,
    company: Company,
    link: NewLink,
    clock: FrozenClock,
) -> None:
    ask(stranger, link.token)
    revoke_link(company_id=company.id, link_id=link.link.id, actor_id=None, now=clock_port.now())
    clock.instant = link.link.expires_at
    ask(stranger, link.token)
    PortalLink.objects.update(revoked_at=None, email="")
    ask(stranger, link.token)
    assert not Message.objects.exists()


def test_without_mail_server_nothing_is_prepared(stranger: Browser, expired: str) -> None:
    ask(stranger, expired)
    assert not Message.objects.exists()


def test_one_mail_an_hour(
    mail_settings: MailSettings,
    stranger: Browser,
    expired: str,
    clock: FrozenClock,
) -> None:
    ask(stranger, expired)
    Message.objects.update(state=MessageState.SENT)
    clock.advance(minutes=59)
    ask(stranger, expired)
    assert Message.objects.count() == 1
    clock.advance(minutes=2)
    ask(stranger, expired)
    assert Message.objects.count() == 2


def test_asking_is_limited(stranger: Browser, expired: str) -> None:
    for _asking in range(5):
        ask(stranger, expired)
    assert stranger.client.post(f"/p/l/{expired}").status_code == 429
