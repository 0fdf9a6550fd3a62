from datetime import timedelta

import pytest

from reglo.companies.models import Company
from reglo.delivery.models import PortalGrant, PortalLink, PortalSession
from reglo.delivery.queries import grant_of
from reglo.delivery.services import LinkUnusable, create_link, open_link, revoke_link
from reglo.ports import clock
from tests.factories import make_issued


@pytest.fixture
def token(company: Company) -> str:
    invoice = make_issued(company)
    return create_link(company_id=company.id, invoice_id=invoice.id, now=clock.now()).token


def test_opening_gives_the_browser_a_session_and_the_right(token: str) -> None:
    opening = open_link(token=token, session_key=None, now=clock.now())
    assert opening.new_key is not None
    link = PortalLink.objects.get()
    assert opening.public_id == link.id
    grant = grant_of(session_key=opening.new_key, public_id=link.id, now=clock.now())
    assert grant is not None
    assert (grant.invoice_id, grant.may_view, grant.may_pay) == (link.invoice_id, True, True)
    assert opening.new_key not in str(PortalSession.objects.values())


def test_opening_again_in_the_same_browser_adds_nothing(token: str) -> None:
    first = open_link(token=token, session_key=None, now=clock.now())
    again = open_link(token=token, session_key=first.new_key, now=clock.now())
    assert again.new_key is None
    assert again.public_id == first.public_id
    assert (PortalSession.objects.count(), PortalGrant.objects.count()) == (1, 1)
    assert PortalLink.objects.get().opened_count == 2


def test_opening_consumes_nothing_and_says_nothing_of_a_person(token: str) -> None:
    for _scan in range(5):
        open_link(token=token, session_key=None, now=clock.now())
    link = PortalLink.objects.get()
    assert link.seen_at is None
    assert link.is_usable(clock.now())


def test_one_session_holds_the_documents_of_several_links(company: Company, token: str) -> None:
    other = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock.now())
    first = open_link(token=token, session_key=None, now=clock.now())
    second = open_link(token=other.token, session_key=first.new_key, now=clock.now())
    assert second.new_key is None
    assert PortalSession.objects.get().grants.count() == 2


def test_unknown_altered_expired_and_revoked_links_answer_the_same(company: Company, token: str) -> None:
    expired_on = PortalLink.objects.get().expires_at
    revoked = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock.now())
    revoke_link(company_id=company.id, link_id=revoked.link.id, actor_id=None, now=clock.now())
    refusals = []
    for tried, now in (
        ("", clock.now()),
        ("A" * 43, clock.now()),
        (token[:-1] + ("A" if token[-1] != "A" else "B"), clock.now()),
        (token, expired_on),
        (revoked.token, clock.now()),
    ):
        with pytest.raises(LinkUnusable) as refusal:
            open_link(token=tried, session_key=None, now=now)
        refusals.append((refusal.value.status, str(refusal.value)))
    assert set(refusals) == {(404, "Ce lien ne fonctionne pas ou plus. Demandez-en un nouveau.")}
    assert not PortalSession.objects.exists()


def test_a_session_ends_after_a_day(token: str) -> None:
    opening = open_link(token=token, session_key=None, now=clock.now())
    tomorrow = clock.now() + timedelta(days=1)
    assert grant_of(session_key=opening.new_key, public_id=opening.public_id, now=tomorrow) is None
    renewed = open_link(token=token, session_key=opening.new_key, now=tomorrow)
    assert renewed.new_key not in {None, opening.new_key}


def test_another_browser_sees_nothing(company: Company, token: str) -> None:
    mine = open_link(token=token, session_key=None, now=clock.now())
    other = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock.now())
    theirs = open_link(token=other.token, session_key=None, now=clock.now())
    assert grant_of(session_key=theirs.new_key, public_id=mine.public_id, now=clock.now()) is None
    assert grant_of(session_key=None, public_id=mine.public_id, now=clock.now()) is None
