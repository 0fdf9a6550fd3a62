"""Forget the portal sessions that have ended."""

from datetime import datetime

from reglo.delivery.models import PortalSession


def prune_sessions(*, now: datetime) -> int:
    """Delete the ended sessions and their grants; how many rows went. Safe at any time."""
    deleted, _by_table = PortalSession.objects.filter(expires_at__lte=now).delete()
    return deleted
