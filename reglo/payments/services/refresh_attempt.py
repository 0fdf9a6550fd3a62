"""Ask the provider how an attempt stands, and apply the answer: return page, sweep, second tab."""

from datetime import datetime
from uuid import UUID

from reglo.payments.gateway import account_value, attempt_value, provider_of
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers.contract import AccountBroken
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.states import AttemptState


def refresh_attempt(*, attempt_id: UUID, now: datetime) -> PaymentAttempt:
    """The attempt after applying the provider's truth; an ended one is not asked about. Outside any transaction.

    Raises AccountBroken (the account is then marked so), Retryable.
    """
    attempt = PaymentAttempt.objects.select_related("account").get(id=attempt_id)
    if not attempt.is_pending or not attempt.external_id:
        return attempt
    provider = provider_of(attempt.account)
    try:
        if attempt.state == AttemptState.OPEN:
            invoice = attempt.lines.select_related("invoice").order_by("invoice_id")[0].invoice
            provider.complete(attempt_value(attempt, invoice))
        snapshot = provider.fetch(account_value(attempt.account), provider.attempt_ref(attempt.external_id))
    except AccountBroken:
        break_account(company_id=attempt.company_id, account_id=attempt.account_id, now=now)
        raise
    apply_snapshot(account=attempt.account, snapshot=snapshot, now=now)
    attempt.refresh_from_db()
    return attempt
