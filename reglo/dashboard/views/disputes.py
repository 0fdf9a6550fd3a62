"""After a dispute that was lost: what becomes of the debt."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.invoicing.models import Invoice
from reglo.payments.models import Dispute
from reglo.payments.services import settle_lost_dispute
from reglo.payments.states import DisputeOutcome
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.COLLECT)
def reclaim(request: StaffRequest, dispute_id: UUID) -> HttpResponse:
    """*Réclamer à nouveau*, after a confirmation."""
    return _settle(request, dispute_id, DisputeOutcome.RECLAIMED, _("La facture est à nouveau à payer."))


@staff(Right.COLLECT)
def write_off(request: StaffRequest, dispute_id: UUID) -> HttpResponse:
    """*Passer en perte*, after a confirmation."""
    return _settle(request, dispute_id, DisputeOutcome.WRITTEN_OFF, _("L’argent est passé en perte."))


def _settle(request: StaffRequest, dispute_id: UUID, outcome: DisputeOutcome, said: str) -> HttpResponse:
    dispute = get_object_or_404(Dispute.objects.select_related("payment"), company=request.company, id=dispute_id)
    invoice = Invoice.objects.filter(company=request.company, attempt_lines__attempt=dispute.payment.attempt_id)[0]
    if request.method != "POST":
        return render(
            request,
            "dashboard/invoices/settle_dispute.html",
            {"dispute": dispute, "invoice": invoice, "reclaims": outcome == DisputeOutcome.RECLAIMED},
        )
    settle_lost_dispute(
        company_id=request.company.id,
        dispute_id=dispute.pk,
        outcome=outcome,
        actor_id=request.user.pk,
        now=clock.now(),
    )
    notify(request, said)
    return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
