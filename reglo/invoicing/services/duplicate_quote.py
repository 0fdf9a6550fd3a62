"""*Dupliquer*: another quote that says the same, to be changed."""

from datetime import datetime

from django.db import transaction

from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote
from reglo.invoicing.services.revise_quote import copied_version


def duplicate_quote(*, company_id: int, quote_id: int, now: datetime) -> Quote:
    """A draft like the latest version, for the same customer."""
    with transaction.atomic():
        source = lock_quote(company_id=company_id, quote_id=quote_id)
        assert source.latest is not None, "a quote has a version from the start"
        copy = Quote(company_id=company_id, customer=source.customer, created_at=now, edited_at=now)
        copy.save(force_insert=True)
        copy.latest = copied_version(source.latest, quote=copy, number=1, now=now)
        copy.save(update_fields=["latest"])
    return copy
