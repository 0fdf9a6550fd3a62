"""Make an invitation's link stop working."""

from datetime import datetime

from django.db import transaction

from reglo.companies.models import Invitation
from reglo.companies.queries import open_invitations


def revoke_invitation(*, company_id: int, invitation_id: int, now: datetime) -> Invitation:
    """Revoke an open invitation of the company. Raises Invitation.DoesNotExist where there is none such."""
    with transaction.atomic():
        invitation = open_invitations(company_id=company_id, now=now).select_for_update().get(pk=invitation_id)
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
    return invitation
