"""Somebody looked at the account map and agreed."""

from datetime import datetime

from django.db import transaction

from reglo.ledger.models import AccountMapping


def confirm_accounts(*, company_id: int, now: datetime) -> None:
    """Mark every mapping still unconfirmed; nothing can be issued before. Safe to repeat."""
    with transaction.atomic():
        AccountMapping.objects.filter(company_id=company_id, confirmed_at=None).update(confirmed_at=now)
