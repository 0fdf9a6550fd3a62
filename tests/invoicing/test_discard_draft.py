from datetime import UTC, datetime

import pytest

from reglo.companies.models import Company
from reglo.invoicing.queries import invoices_of
from reglo.invoicing.services import NotADraft, discard_draft, restore_draft
from tests.factories import make_draft, make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_discarded_draft_leaves_the_list_and_comes_back(company: Company):
    draft = make_draft(company, now=NOW)

    discard_draft(company_id=company.id, invoice_id=draft.id, now=NOW)
    assert not invoices_of(company).exists()

    restore_draft(company_id=company.id, invoice_id=draft.id)
    assert invoices_of(company).get() == draft
    assert draft.lines.count() == 1


def test_an_issued_invoice_is_never_discarded(company: Company):
    invoice = make_issued(company, now=NOW)

    with pytest.raises(NotADraft):
        discard_draft(company_id=company.id, invoice_id=invoice.id, now=NOW)

    assert invoices_of(company).get().discarded_at is None
