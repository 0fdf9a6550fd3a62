import pytest
from django.db import DatabaseError, connection, transaction

from reglo.companies.models import Company


@pytest.mark.parametrize("amount", ["'abc'", "'12.5'", "9223372036854775808"])
def test_an_amount_is_a_whole_number(company: Company, amount: str):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE companies_company SET card_limit_minor = {amount}")

    company.refresh_from_db()
    assert company.card_limit_minor is None


def test_a_whole_amount_is_kept(company: Company):
    Company.objects.filter(id=company.id).update(card_limit_minor=1_000_000_000_000_000)

    company.refresh_from_db()
    assert company.card_limit_minor == 1_000_000_000_000_000
