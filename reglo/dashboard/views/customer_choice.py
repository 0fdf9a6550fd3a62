"""Whose invoice is it? Search a customer, or make one, from the editor."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.editing import NEW_URLS, new_url_of
from reglo.dashboard.forms.customers import CustomerForm
from reglo.dashboard.views.customers import customers_found
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.ports import clock

SHOWN = 8
MORE = {"address_more", "country", "vat_number", "contact_name", "phone", "notes"}  # what the dialog folds away


@staff(Right.WRITE)
def choices(request: StaffRequest) -> HttpResponse:
    """The customers found, in the editor's dialog."""
    context = {"in_dialog": True, **_found(request)}
    return render(request, "dashboard/customers/choices.html", context)


@staff(Right.WRITE)
def for_invoice(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The same on a page of its own, without JavaScript."""
    invoice = invoice_seen(request, invoice_id)
    if invoice.is_credit_note:
        return HttpResponseRedirect(reverse("dashboard:credit_note", args=[invoice.pk]))
    context = {
        "editor_url": reverse("dashboard:invoice_edit", args=[invoice.pk]),
        "back": _("Revenir à la facture"),
        "for_document": f"facture={invoice.pk}",
        **_found(request),
    }
    return render(request, "dashboard/customers/for_invoice.html", context)


@staff(Right.WRITE)
def for_quote(request: StaffRequest, quote_id: int) -> HttpResponse:
    """The same of a quote."""
    quote = quote_seen(request, quote_id)
    context = {
        "editor_url": reverse("dashboard:quote_edit", args=[quote.pk]),
        "back": _("Revenir au devis"),
        "for_document": f"devis={quote.pk}",
        **_found(request),
    }
    return render(request, "dashboard/customers/for_invoice.html", context)


@staff(Right.WRITE)
def in_dialog(request: StaffRequest) -> HttpResponse:
    """Create a customer in the editor's dialog; the page then saves the document of this `kind` with them on it."""
    kind = request.GET.get("kind", "")
    around = {"pages": {"kind": kind if kind in NEW_URLS else "invoice", "new_url": new_url_of(kind)}}
    form = CustomerForm(request.POST or None, instance=Customer(company=request.company, created_at=clock.now()))
    if form.is_valid():
        made = render(request, "dashboard/customers/made_in_dialog.html", {"customer": form.save(), **around})
        return trigger_client_event(made, "chosen", after="settle")
    wrong = [name for name in form.fields if name in form.errors]
    form.fields[wrong[0] if wrong else "name"].widget.attrs["autofocus"] = True
    context = {"form": form, "more_has_errors": bool(set(wrong) & MORE), **around}
    return render(request, "dashboard/customers/in_dialog.html", context, status=422 if form.is_bound else 200)


def _found(request: StaffRequest) -> dict[str, Any]:
    search = request.GET.get("q", "").strip()[:100]
    near = list(customers_found(request, search).filter(archived_at=None).order_by("name", "id")[: SHOWN + 1])
    return {"search": search, "found": near[:SHOWN], "more": len(near) > SHOWN}
