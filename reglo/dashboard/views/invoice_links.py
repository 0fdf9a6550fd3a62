"""The secure links of an invoice that still open it, and *Révoquer*."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.delivery.models import PortalLink
from reglo.delivery.services import revoke_link
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.SEND)
def revoke(request: StaffRequest, invoice_id: int, link_id: UUID) -> HttpResponse:
    """Asked once more, since it is for good: nobody knows the token any more."""
    invoice = invoice_seen(request, invoice_id)
    link = get_object_or_404(PortalLink, company=request.company, invoice=invoice, id=link_id)
    page = reverse("dashboard:invoice", args=[invoice.pk])
    if request.method == "POST":
        revoke_link(company_id=request.company.pk, link_id=link.pk, actor_id=request.user.pk, now=clock.now())
        notify(request, _("Lien révoqué : il n’ouvre plus la facture."))
        return HttpResponseRedirect(page)
    if not link.is_usable(clock.now()):
        return HttpResponseRedirect(page)
    return render(request, "dashboard/invoices/link_revoke.html", {"invoice": invoice, "link": link})
