"""Encaissements: the list, money entered by hand, and its undoing."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.collected import payment_row, payments_shown
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.collections import CollectionForm, UndoForm
from reglo.dashboard.paging import page_of
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment
from reglo.payments.services import record_collection, undo_collection
from reglo.payments.states import Method
from reglo.ports import clock, ids
from reglo.ui.notices import notify

SURPLUS = "trop-percu"  # ?etat=: only the payments that brought more than was owed


@staff(Right.READ)
def collections(request: StaffRequest) -> HttpResponse:
    def fetch(after: str, before: str, limit: int) -> list[Payment]:
        return _payments(request, after, before, limit)

    page = page_of(request.GET, fetch, lambda payment: str(payment.pk))
    context = {
        "page": page,
        "rows": [payment_row(payment) for payment in page.rows],
        "only_surplus": request.GET.get("etat") == SURPLUS,
    }
    return render(request, "dashboard/collections/list.html", context)


@staff(Right.COLLECT)
def new(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """*Ajouter un encaissement*, on an invoice."""
    invoice = invoice_seen(request, invoice_id)
    if invoice.is_draft or invoice.is_credit_note:
        return HttpResponseRedirect(reverse("dashboard:invoice_check", args=[invoice.pk]))
    form = CollectionForm(request.POST or None, initial=_proposed(invoice), currency=invoice.currency)
    if not form.is_valid():
        return _new_page(request, invoice, form, status=422 if form.is_bound else 200)
    typed = form.cleaned_data
    try:
        record_collection(
            company_id=request.company.id,
            invoice_id=invoice.pk,
            amount_minor=typed["amount"].minor,
            method=Method(typed["method"]),
            collected_on=typed["collected_on"],
            note=typed["note"],
            payment_id=typed["payment_id"],
            actor_id=request.user.pk,
            now=clock.now(),
        )
    except RegloError as refused:
        form.add_error(refused.field, str(refused))
        return _new_page(request, invoice, form, status=refused.status)
    notify(request, _("Encaissement enregistré."))
    return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))


@staff(Right.COLLECT)
def undo(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """*Annuler l'encaissement*, after a confirmation: a reversing entry, nothing is erased."""
    payment = get_object_or_404(Payment, company=request.company, id=payment_id)
    form = UndoForm(request.POST or None)
    if form.is_valid():
        undo_collection(
            company_id=request.company.id,
            payment_id=payment.pk,
            reason=form.cleaned_data["reason"],
            actor_id=request.user.pk,
            now=clock.now(),
        )
        notify(request, _("Encaissement annulé par une écriture inverse."))
        return HttpResponseRedirect(reverse("dashboard:collections"))
    context = {"form": form, "row": payment_row(payment)}
    return render(request, "dashboard/collections/undo.html", context, status=422 if form.is_bound else 200)


def _proposed(invoice: Invoice) -> dict[str, object]:
    """All that remains, today, by transfer."""
    return {
        "payment_id": ids.new_uuid(),
        "amount": invoice.remaining,
        "method": Method.TRANSFER.value,
        "collected_on": today_of(invoice.company, clock.now()),
    }


def _new_page(request: StaffRequest, invoice: Invoice, form: CollectionForm, *, status: int) -> HttpResponse:
    return render(request, "dashboard/collections/new.html", {"invoice": invoice, "form": form}, status=status)


def _payments(request: StaffRequest, after: str, before: str, limit: int) -> list[Payment]:
    """The payments just before or just after one of them, latest first."""
    every = payments_shown(request.company)
    if request.GET.get("etat") == SURPLUS:
        every = every.exclude(surplus_minor=0)
    token = _uuid(after or before)
    edge = every.filter(id=token).first() if token else None
    if edge and before:
        near = every.filter(Q(paid_at__gt=edge.paid_at) | Q(paid_at=edge.paid_at, id__gt=edge.pk))
        return list(near.order_by("paid_at", "id")[:limit])[::-1]
    if edge:
        every = every.filter(Q(paid_at__lt=edge.paid_at) | Q(paid_at=edge.paid_at, id__lt=edge.pk))
    return list(every.order_by("-paid_at", "-id")[:limit])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
