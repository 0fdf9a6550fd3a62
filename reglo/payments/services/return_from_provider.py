"""The payer is back: a nudge like another. The address proves nothing; the provider is asked."""

import logging
from datetime import datetime
from uuid import UUID

from reglo.payments.installation import AccountElsewhere
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.services.refresh_attempt import refresh_attempt

logger = logging.getLogger("reglo.payments")


def return_from_provider(*, attempt_id: UUID, now: datetime) -> PaymentAttempt:
    """The attempt as the provider says, or as we last knew it while the provider does not answer."""
    try:
        return refresh_attempt(attempt_id=attempt_id, now=now)
    except (AccountBroken, AccountElsewhere, Retryable) as error:
        logger.warning("the provider did not answer on return", extra={"code": error.code, "attempt": str(attempt_id)})
        return PaymentAttempt.objects.select_related("account").get(id=attempt_id)
