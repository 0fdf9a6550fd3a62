import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from reglo.companies.models import Company, User
from reglo.delivery.models import PortalLink
from reglo.delivery.services import InvoiceNotIssued, create_link
from reglo.delivery.states import LinkRight
from tests.factories import make_draft, make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_only_the_hash_of_the_token_is_kept(company: Company) -> None:
    invoice = make_issued(company, now=NOW)
    made = create_link(company_id=company.id, invoice_id=invoice.id, email="claire@fontaine.test", now=NOW)
    stored = PortalLink.objects.get()
    assert stored.token_hash == hashlib.sha256(made.token.encode()).hexdigest()
    assert made.token not in str(PortalLink.objects.values())
    assert len(made.token) == 43
    assert made.address == f"http://localhost:8000/p/l/{made.token}"
    assert (stored.invoice, stored.email, stored.right) == (invoice, "claire@fontaine.test", LinkRight.VIEW_AND_PAY)


def test_a_link_outlives_the_due_date_by_90_days(company: Company) -> None:
    invoice = make_issued(company, now=NOW, due_days=30)
    made = create_link(company_id=company.id, invoice_id=invoice.id, now=NOW)
    assert made.link.expires_at == datetime(2026, 12, 22, 22, 59, 59, tzinfo=UTC) + timedelta(days=90)


def test_a_link_to_an_old_invoice_lasts_90_days_from_today(company: Company) -> None:
    invoice = make_issued(company, now=NOW, due_days=0)
    later = NOW + timedelta(days=300)
    made = create_link(company_id=company.id, invoice_id=invoice.id, now=later)
    assert made.link.expires_at == later + timedelta(days=90)


def test_a_draft_has_no_link(company: Company) -> None:
    draft = make_draft(company, now=NOW)
    with pytest.raises(InvoiceNotIssued):
        create_link(company_id=company.id, invoice_id=draft.id, now=NOW)
    assert not PortalLink.objects.exists()


def test_another_company_cannot_link_to_our_invoice(company: Company, mallory: User) -> None:
    invoice = make_issued(company, now=NOW)
    other = mallory.memberships.get().company
    with pytest.raises(Http404):
        create_link(company_id=other.id, invoice_id=invoice.id, now=NOW)
    assert not PortalLink.objects.exists()
