"""Close an attempt that must not be paid any more: its amount changed, or its account goes away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.payments.gateway import attempt_value, provider_of
from reglo.payments.locks import lock_attempt
from reglo.payments.models import AttemptLine, PaymentAttempt
from reglo.payments.providers.contract import AccountBroken, TooLate
from reglo.payments.services.account_states import break_account
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AttemptState


def close_attempt(*, attempt_id: UUID, now: datetime) -> PaymentAttempt:
    """The attempt, canceled; or as it stands where somebody paid first. Call outside any transaction.

    Raises AccountBroken (the account is then marked so), Retryable, Unknown.
    """
    attempt = PaymentAttempt.objects.select_related("account").get(id=attempt_id)
    while attempt.state in {AttemptState.UNKNOWN, AttemptState.OPEN}:
        line = attempt.lines.select_related("invoice").order_by("invoice_id")[0]
        try:
            provider_of(attempt.account).cancel(attempt_value(attempt, line.invoice))
        except TooLate:
            return refresh_attempt(attempt_id=attempt_id, now=now)
        except AccountBroken:
            break_account(company_id=attempt.company_id, account_id=attempt.account_id, now=now)
            raise
        attempt = _cancel(attempt, now)
    return attempt


@retry_on_conflict
def _cancel(asked: PaymentAttempt, now: datetime) -> PaymentAttempt:
    """The attempt, canceled if it still stands as the provider was `asked`: a page may have been opened meanwhile."""
    with transaction.atomic():
        attempt = lock_attempt(attempt_id=asked.id)
        if attempt.state == asked.state:
            attempt.move_to(AttemptState.CANCELED)
            attempt.ended_at, attempt.redirect_url = now, ""
            attempt.save(update_fields=["state", "ended_at", "redirect_url"])
            AttemptLine.objects.filter(attempt=attempt, open=True).update(open=False)
    return attempt
