"""*Carte seule* or *Carte et prélèvement SEPA*: what payers may choose from on the account's payment pages."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.locks import lock_account
from reglo.payments.models import ProviderAccount
from reglo.payments.states import OfferedMethods


@retry_on_conflict
def choose_methods(
    *, company_id: int, account_id: UUID, offers: OfferedMethods, now: datetime, actor_id: int | None = None
) -> ProviderAccount:
    """The account as it now offers. A page opened before is closed at the next *Payer*, not under its payer's hands."""
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        before = account.offers
        if before == offers:
            return account
        account.offers = offers
        account.save(update_fields=["offers"])
        record(
            kind=Kind.ACCOUNT_OFFERS_CHANGED,
            company_id=company_id,
            subject=account,
            now=now,
            actor_id=actor_id,
            content={"before": before, "after": offers.value},
        )
    return account
