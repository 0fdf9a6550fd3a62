"""Raw notifications name people: once they are of no more use to support, only their ids stay."""

from datetime import datetime, timedelta

from reglo.payments.models import ProviderEvent

KEPT = timedelta(days=90)


def prune_inbox(*, now: datetime) -> int:
    """How many old notifications lost their body."""
    old = ProviderEvent.objects.filter(received_at__lt=now - KEPT).exclude(sealed_request="")
    return old.update(sealed_request="")
