"""*Paiements sans facture*: attached to an invoice, or ignored with a reason; nothing is booked before."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.unmatched import AttachForm, IgnoreForm
from reglo.dashboard.paging import page_of
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import Filter, invoice_list, owing
from reglo.payments.models import UnmatchedPayment
from reglo.payments.queries import unmatched_payments
from reglo.payments.services import attach_payment, ignore_payment, unignore_payment
from reglo.payments.states import UnmatchedState
from reglo.ports import clock
from reglo.ui.notices import notify

FILTERS = {"a-rattacher": UnmatchedState.OPEN, "rattaches": UnmatchedState.ATTACHED, "ignores": UnmatchedState.IGNORED}
WORDS = {
    UnmatchedState.OPEN: gettext_lazy("À rattacher"),
    UnmatchedState.ATTACHED: gettext_lazy("Rattachés"),
    UnmatchedState.IGNORED: gettext_lazy("Ignorés"),
}
MOST_PROPOSED = 20


@staff(Right.READ_MONEY)
@require_safe
def unmatched(request: StaffRequest) -> HttpResponse:
    """Those to decide; `?etat=ignores`, `?etat=rattaches`: those decided."""
    asked = request.GET.get("etat", "")
    shown = FILTERS.get(asked, UnmatchedState.OPEN)

    def fetch(after: str, before: str, limit: int) -> list[UnmatchedPayment]:
        return _nearest(request, shown, after, before, limit)

    context = {
        "page": page_of(request.GET, fetch, lambda payment: str(payment.pk)),
        "shown": shown,
        "filters": [(word, WORDS[state], state == shown) for word, state in FILTERS.items()],
    }
    return render(request, "dashboard/unmatched/list.html", context)


@staff(Right.COLLECT)
def attach(request: StaffRequest, unmatched_id: UUID) -> HttpResponse:
    """*Rattacher à une facture*: the invoices that owe the very amount come first."""
    payment = _one(request, unmatched_id)
    search = request.GET.get("q", "")[:100]
    invoices = _proposed(request, payment, search)
    form = AttachForm(request.POST or None, invoices=invoices)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            attach_payment(
                company_id=request.company.pk,
                unmatched_id=payment.pk,
                invoice_id=form.cleaned_data["invoice"],
                actor_id=request.user.pk,
                now=clock.now(),
            )
        except RegloError as refused:
            form.add_error(refused.field, str(refused))
            status = refused.status
        else:
            notify(request, _("Paiement rattaché à la facture."))
            return HttpResponseRedirect(reverse("dashboard:invoice", args=[form.cleaned_data["invoice"]]))
    elif form.errors:
        status = 422
    context = {"payment": payment, "form": form, "invoices": invoices, "search": search}
    return render(request, "dashboard/unmatched/attach.html", context, status=status)


@staff(Right.COLLECT)
def ignore(request: StaffRequest, unmatched_id: UUID) -> HttpResponse:
    payment = _one(request, unmatched_id)
    form = IgnoreForm(request.POST or None)
    if form.is_valid():
        ignore_payment(
            company_id=request.company.pk,
            unmatched_id=payment.pk,
            reason=form.cleaned_data["reason"],
            actor_id=request.user.pk,
            now=clock.now(),
        )
        notify(request, _("Paiement ignoré."), undo_url=reverse("dashboard:unmatched_unignore", args=[payment.pk]))
        return HttpResponseRedirect(reverse("dashboard:unmatched"))
    context = {"payment": payment, "form": form}
    return render(request, "dashboard/unmatched/ignore.html", context, status=422 if form.is_bound else 200)


@staff(Right.COLLECT)
@require_POST
def unignore(request: StaffRequest, unmatched_id: UUID) -> HttpResponse:
    """*Annuler*: it waits for its invoice again."""
    unignore_payment(
        company_id=request.company.pk, unmatched_id=unmatched_id, actor_id=request.user.pk, now=clock.now()
    )
    notify(request, _("Ce paiement est de nouveau à rattacher."))
    return HttpResponseRedirect(reverse("dashboard:unmatched"))


def _one(request: StaffRequest, unmatched_id: UUID) -> UnmatchedPayment:
    found = UnmatchedPayment.objects.filter(company=request.company, pk=unmatched_id).first()
    if found is None:
        raise Http404
    return found


def _proposed(request: StaffRequest, payment: UnmatchedPayment, search: str) -> list[Invoice]:
    """What is owed in the currency of the payment, the very amount first, then the latest."""
    today = today_of(request.company, clock.now())
    owed = invoice_list(request.company, shown=Filter.DUE, search=search, today=today, limit=MOST_PROPOSED)
    exact = [] if search else owing(request.company, amount=payment.amount, limit=MOST_PROPOSED)
    latest = [invoice for invoice in owed if invoice.currency == payment.currency]
    found = {invoice.pk: invoice for invoice in (*exact, *latest)}
    return sorted(found.values(), key=lambda invoice: invoice.remaining.minor != payment.amount_minor)


def _nearest(
    request: StaffRequest, state: UnmatchedState, after: str, before: str, limit: int
) -> list[UnmatchedPayment]:
    every = unmatched_payments(company_id=request.company.pk, state=state)
    token = _uuid(after or before)
    edge = every.filter(pk=token).first() if token else None
    if edge and before:
        near = every.filter(Q(paid_at__gt=edge.paid_at) | Q(paid_at=edge.paid_at, id__gt=edge.pk))
        return list(near.order_by("paid_at", "id")[:limit])[::-1]
    if edge:
        every = every.filter(Q(paid_at__lt=edge.paid_at) | Q(paid_at=edge.paid_at, id__lt=edge.pk))
    return list(every[:limit])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
