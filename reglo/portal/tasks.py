"""What is done by the clock. Safe to run twice."""

from datetime import datetime

from reglo.portal.models import TryCount


def forget_tries(*, now: datetime) -> None:
    """Every hour: the windows that ended."""
    TryCount.objects.filter(ends_at__lte=now).delete()
