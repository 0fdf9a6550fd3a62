from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from reglo.companies.models import Company
from reglo.ledger.models import Entry, EntryChain, EntryLine
from reglo.ledger.queries import balance_of
from reglo.ledger.services import Posting, map_account, post_entry
from reglo.ledger.states import AccountRole, Journal

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def post(company: Company, *postings: Posting, source: str = "test:1", day: date = date(2026, 11, 22)) -> Entry | None:
    with transaction.atomic():
        return post_entry(
            company_id=company.id,
            journal=Journal.SALES,
            entry_date=day,
            piece="F2026-0001",
            piece_date=day,
            label="Facture F2026-0001",
            source=source,
            postings=postings,
            now=NOW,
        )


SALE = (
    Posting(AccountRole.RECEIVABLE, 12000, auxiliary="C1"),
    Posting(AccountRole.SALES_SERVICES, -10000),
    Posting(AccountRole.VAT_COLLECTED, -2000),
)


def test_lines_go_to_the_accounts_of_their_roles(company: Company):
    entry = post(company, *SALE)

    assert entry is not None
    assert [(line.account, line.debit_minor, line.credit_minor) for line in entry.lines.order_by("rank")] == [
        ("411000", 12000, 0),
        ("706000", 0, 10000),
        ("445710", 0, 2000),
    ]
    assert balance_of(company_id=company.id, account="411000") == 12000


def test_entries_are_chained_without_hole(company: Company):
    first = post(company, *SALE)
    second = post(company, *SALE, source="test:2")

    assert first is not None
    assert second is not None
    assert (first.position, first.previous_hash) == (1, "")
    assert (second.position, second.previous_hash) == (2, first.hash)
    chain = EntryChain.objects.get(company=company)
    assert (chain.position, chain.head) == (2, second.hash)


def test_a_zero_posting_is_left_out(company: Company):
    entry = post(company, *SALE, Posting(AccountRole.VAT_AWAITING, 0))

    assert entry is not None
    assert entry.lines.count() == 3


def test_nothing_to_post_is_no_entry(company: Company):
    assert post(company, Posting(AccountRole.RECEIVABLE, 0)) is None
    assert not Entry.objects.exists()


def test_an_unbalanced_entry_is_refused(company: Company):
    with pytest.raises(AssertionError, match="unbalanced"):
        post(company, Posting(AccountRole.RECEIVABLE, 12000), Posting(AccountRole.SALES_SERVICES, -11999))

    assert not EntryLine.objects.exists()


def test_the_same_source_is_posted_once(company: Company):
    post(company, *SALE)

    with pytest.raises(DatabaseError):
        post(company, *SALE)

    assert Entry.objects.count() == 1
    assert EntryChain.objects.get(company=company).position == 1


def test_a_new_account_serves_from_its_date_on(company: Company):
    map_account(
        company_id=company.id,
        role=AccountRole.SALES_SERVICES,
        number="706100",
        label="Pose",
        effective_date=date(2026, 12, 1),
        now=NOW,
    )

    before = post(company, *SALE)
    after = post(company, *SALE, source="test:2", day=date(2026, 12, 1))

    assert before is not None
    assert after is not None
    assert before.lines.get(rank=2).account == "706000"
    assert after.lines.get(rank=2).account == "706100"
