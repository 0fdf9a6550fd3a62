import pytest
from django.http import Http404

from reglo.companies.models import Company, User
from reglo.delivery.models import PortalLink
from reglo.delivery.queries import grant_of, links_of
from reglo.delivery.services import create_link, open_link, revoke_link
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.ports import clock
from tests.factories import make_issued


def test_revoking_takes_the_document_back_from_open_browsers(company: Company, alice: User) -> None:
    invoice = make_issued(company)
    made = create_link(company_id=company.id, invoice_id=invoice.id, now=clock.now())
    opening = open_link(token=made.token, session_key=None, now=clock.now())
    revoke_link(company_id=company.id, link_id=made.link.id, actor_id=alice.id, now=clock.now())
    assert grant_of(session_key=opening.new_key, public_id=opening.public_id, now=clock.now()) is None
    assert list(links_of(invoice, now=clock.now())) == []
    event = Event.objects.get(kind=Kind.LINK_REVOKED)
    assert (event.subject_id, event.actor) == (str(invoice.id), alice)


def test_revoking_twice_keeps_the_first_hour(company: Company) -> None:
    made = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock.now())
    for _click in range(2):
        revoke_link(company_id=company.id, link_id=made.link.id, actor_id=None, now=clock.now())
    assert Event.objects.filter(kind=Kind.LINK_REVOKED).count() == 1


def test_another_company_cannot_revoke(company: Company, mallory: User) -> None:
    made = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock.now())
    with pytest.raises(Http404):
        revoke_link(
            company_id=mallory.memberships.get().company_id, link_id=made.link.id, actor_id=mallory.id, now=clock.now()
        )
    assert PortalLink.objects.get().revoked_at is None
