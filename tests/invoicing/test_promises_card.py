from datetime import UTC, datetime

import pytest

from reglo.companies.models import Company
from tests.factories import make_draft

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("allowed", "own_limit", "company_limit", "promised"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, 12000, None, True),
        (True, 11999, None, False),
        (True, None, 11999, False),
        (True, 12000, 100, True),
    ],
)
def test_the_paper_promises_what_the_portal_offers(
    company: Company, allowed: bool, own_limit: int | None, company_limit: int | None, promised: bool
):
    company.card_limit_minor = company_limit

    invoice = make_draft(company, card_allowed=allowed, card_limit_minor=own_limit, now=NOW)  # 120,00 €

    invoice.company = company
    assert invoice.promises_card is promised
