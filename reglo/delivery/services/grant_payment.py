"""Let a browser pay a document that it may not see: its number and amount were typed, as printed on the paper."""

from datetime import datetime

from django.db import transaction

from reglo.delivery.models import PortalGrant
from reglo.delivery.services.open_link import Opening, session_for
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Invoice
from reglo.ports import ids


def grant_payment(*, invoice: Invoice, session_key: str | None, now: datetime) -> Opening:
    """A pay-only right on an issued `invoice` for the browser of `session_key`; asked twice, the same one."""
    with transaction.atomic():
        session, new_key = session_for(session_key, now)
        grant = session.grants.filter(invoice=invoice, link=None).first()
        if grant is None:
            grant = PortalGrant.objects.create(
                session=session,
                company_id=invoice.company_id,
                invoice=invoice,
                right=LinkRight.PAY_ONLY,
                public_id=ids.new_uuid(),
                created_at=now,
            )
    return Opening(grant.public_id, new_key)
