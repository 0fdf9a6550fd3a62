from datetime import date

import pytest
from django.db import DatabaseError, transaction

from reglo.companies.models import Company
from reglo.ledger.models import Entry
from reglo.ledger.queries import balance_of
from reglo.ledger.services import reverse_entry
from tests.ledger.test_post_entry import NOW, SALE, post


def reverse(entry: Entry) -> Entry:
    with transaction.atomic():
        return reverse_entry(entry=entry, entry_date=date(2026, 11, 23), label="Annulation", now=NOW)


def test_a_reversal_brings_every_account_back(company: Company):
    entry = post(company, *SALE)
    assert entry is not None

    reversal = reverse(entry)

    assert reversal.reverses == entry
    assert reversal.position == 2
    assert {balance_of(company_id=company.id, account=number) for number in ("411000", "706000", "445710")} == {0}


def test_an_entry_is_reversed_once(company: Company):
    entry = post(company, *SALE)
    assert entry is not None
    reverse(entry)

    with pytest.raises(DatabaseError):
        reverse(entry)

    assert Entry.objects.count() == 2
