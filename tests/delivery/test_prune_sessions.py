from datetime import timedelta

from reglo.delivery.models import PortalGrant, PortalLink, PortalSession
from reglo.delivery.services import create_link, open_link, prune_sessions
from reglo.invoicing.models import Invoice
from reglo.ports import clock


def test_only_ended_sessions_go_with_their_rights(invoice: Invoice) -> None:
    made = create_link(company_id=invoice.company_id, invoice_id=invoice.id, now=clock.now())
    open_link(token=made.token, session_key=None, now=clock.now())
    later = clock.now() + timedelta(hours=12)
    open_link(token=made.token, session_key=None, now=later)
    prune_sessions(now=clock.now() + timedelta(hours=24))
    assert PortalSession.objects.get().created_at == later
    assert PortalGrant.objects.count() == 1
    assert PortalLink.objects.count() == 1
