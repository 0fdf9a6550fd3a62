"""*Facturer*: an accepted quote becomes an invoice, or several."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.quote import PartsForm
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_billing import QuoteBilling, billing_of
from reglo.invoicing.services import invoice_quote
from reglo.invoicing.states import QuoteStatus
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def new(request: StaffRequest, quote_id: int) -> HttpResponse:
    """Of each line, how many percent; all that remains unless something else is typed."""
    quote = quote_seen(request, quote_id)
    billing = billing_of(quote)
    if billing is None or quote.status != QuoteStatus.ACCEPTED or not any(line.is_left for line in billing.lines):
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    form = PartsForm(request.POST or None, lines=billing.lines)
    if not form.is_valid():
        return _page(request, quote, billing, form, status=422 if form.is_bound else 200)
    try:
        invoice = invoice_quote(
            company=request.company, quote_id=quote.pk, parts=form.parts, now=clock.now(), actor_id=request.user.pk
        )
    except RegloError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, quote, billing, form, status=refused.status)
    notify(request, _("Voici le brouillon de la facture."))
    return HttpResponseRedirect(reverse("dashboard:invoice_edit", args=[invoice.pk]))


def _page(request: StaffRequest, quote: Quote, billing: QuoteBilling, form: PartsForm, *, status: int) -> HttpResponse:
    context = {"quote": quote, "billing": billing, "form": form}
    return render(request, "dashboard/quotes/invoice.html", context, status=status)
