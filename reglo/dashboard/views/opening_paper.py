"""The paper of an invoice taken over: the PDF that its former tool made."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.openings import PaperForm
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import opening_paper_of
from reglo.invoicing.services import NotAnOpening, attach_opening_paper
from reglo.money import Money
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def attach(request: StaffRequest, invoice_id: int) -> HttpResponse:
    invoice = invoice_seen(request, invoice_id)
    if not invoice.is_opening:
        raise NotAnOpening
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            attach_opening_paper(
                company_id=request.company.pk,
                invoice_id=invoice.pk,
                data=form.cleaned_data["paper"].read(),
                now=clock.now(),
                actor_id=request.user.pk,
            )
        except RegloError as refused:
            form.add_error(refused.field, str(refused))
        else:
            notify(request, _("PDF joint : votre client le trouve sur sa page, et dans l’e-mail."))
            return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    status = 422 if form.errors else 200
    return render(request, "dashboard/openings/paper.html", {"invoice": invoice, "form": form}, status=status)


def opening_context(invoice: Invoice) -> dict[str, Any]:
    """What the page of an invoice says of its former tool; nothing of ours."""
    if not invoice.is_opening:
        return {"has_paper": True}
    content = DocumentContent.from_json(invoice.frozen)
    assert content.opening is not None, "what was taken over says its total"
    return {
        "has_paper": opening_paper_of(invoice) is not None,
        "former_total": Money(content.opening.total_minor, content.currency),
    }
