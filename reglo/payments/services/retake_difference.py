"""*Reprendre*: ask for one object again, apply it, and hold both sides together once more."""

from datetime import datetime, timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.payments.comparison import by_source, differences
from reglo.payments.gateway import account_value, provider_of
from reglo.payments.locks import lock_account
from reglo.payments.models import Difference
from reglo.payments.our_side import our_side, without_comparison
from reglo.payments.providers.contract import Listings
from reglo.payments.providers.facts import Ref
from reglo.payments.services.compare_balances import record_difference
from reglo.payments.services.take_object import take_object

BEFORE = timedelta(days=7)  # its movement may come days after what caused it, never before


class NoBalance(RegloError):
    code = "provider_tells_no_balance"
    status = 409
    message = _("Ce prestataire ne donne pas le détail de son solde : comparez avec son propre relevé.")


def retake_difference(*, company_id: int, difference_id: int, now: datetime) -> Difference:
    """The difference, resolved where both sides agree now. Safe twice; outside any transaction.

    Raises Http404 outside the company, NoBalance, AccountBroken, Retryable.
    """
    row = get_object_or_404(Difference.objects.select_related("account"), id=difference_id, company_id=company_id)
    account = row.account
    provider = provider_of(account)
    if row.resolved_at is not None:
        return row
    if not isinstance(provider, Listings):
        raise NoBalance
    since = row.moved_at - BEFORE
    take_object(account=account, ref=Ref(row.source_kind, row.source_id), now=now)
    theirs = by_source(provider.balance(account_value(account), since, row.source_id))
    with transaction.atomic():
        lock_account(company_id=company_id, account_id=account.id)
        ours = our_side(account, sources=[row.source_id], since=since, until=since)
        left_out = without_comparison(account, sources=[row.source_id], since=since)
        found = [one for one in differences(theirs, ours) if one.source_id == row.source_id]
        if not found or row.source_id in left_out:
            Difference.objects.filter(id=row.id, resolved_at=None).update(resolved_at=now)
        else:
            record_difference(account=account, found=found[0], now=now)
    row.refresh_from_db()
    return row
