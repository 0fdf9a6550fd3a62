"""*Rembourser* a payment, and what to do with a *trop-perçu*: give it back, or let it pay another invoice."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.collected import Row, payment_row, payments_shown
from reglo.dashboard.forms.refunds import WHOLE, RefundForm, SurplusForm
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import Payment, Refund
from reglo.payments.queries import invoices_for_surplus
from reglo.payments.refund_failures import failure_words
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services import allocate_surplus, refund_payment
from reglo.payments.states import RefundReason, RefundState
from reglo.ports import clock, ids
from reglo.ui import formats
from reglo.ui.notices import notify, notify_failure


@staff(Right.COLLECT)
def refund(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """The form; posted, the order, and what is known of it at once."""
    payment = _payment(request, payment_id)
    initial = {"what": WHOLE, "reason": RefundReason.CUSTOMER.value}
    form = RefundForm(request.POST or None, initial=initial, left=refund_offer(payment).left)
    if not form.is_valid():
        return _refund_page(request, payment, form, status=422 if form.is_bound else 200)
    try:
        made = refund_payment(
            company_id=request.company.pk,
            payment_id=payment_id,
            refund_id=form.cleaned_data["refund_id"],
            amount_minor=form.amount_minor,
            left_minor=form.cleaned_data["left"],
            surplus_minor=form.cleaned_data["surplus"],
            reason=RefundReason(form.cleaned_data["reason"]),
            actor_id=request.user.pk,
            now=clock.now(),
        )
    except RegloError as refused:
        form.add_error(refused.field, str(refused))
        return _refund_page(request, _payment(request, payment_id), form, status=refused.status)
    _tell(request, made)
    return HttpResponseRedirect(_page_of(payment_row(payment)))


@staff(Right.COLLECT)
def surplus(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """The *trop-perçu* of a payment: one button gives it back, another lets it pay the invoice that is chosen."""
    row = payment_row(_payment(request, payment_id))
    choices = [(invoice, _owed(invoice)) for invoice in invoices_for_surplus(row.payment)[:20]]
    form = SurplusForm(request.POST or None, invoices=choices)
    if not form.is_valid():
        context = {"row": row, "form": form, "choices": choices, "refund_id": ids.new_uuid()}
        return render(request, "dashboard/refunds/surplus.html", context, status=422 if form.is_bound else 200)
    invoice_id = form.cleaned_data["invoice"]
    allocate_surplus(
        company_id=request.company.pk,
        payment_id=payment_id,
        invoice_id=invoice_id,
        actor_id=request.user.pk,
        now=clock.now(),
    )
    notify(request, _("Le trop-perçu règle cette facture."))
    return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice_id]))


def _payment(request: StaffRequest, payment_id: UUID) -> Payment:
    return get_object_or_404(payments_shown(request.company), id=payment_id)


def _refund_page(request: StaffRequest, payment: Payment, form: RefundForm, *, status: int) -> HttpResponse:
    row = payment_row(payment)
    context = {"form": form, "row": row, "refund_id": ids.new_uuid(), "back": _page_of(row)}
    return render(request, "dashboard/refunds/refund.html", context, status=status)


def _page_of(row: Row) -> str:
    """Where one comes from: the page of the invoice, else the list."""
    if row.invoices:
        return reverse("dashboard:invoice", args=[row.invoices[0].pk])
    return reverse("dashboard:collections")


def _tell(request: StaffRequest, refund: Refund) -> None:
    amount = _shown(refund.amount)
    if refund.state == RefundState.FAILED:
        notify_failure(request, _("Rien n’a été remboursé. %s") % failure_words(refund.failure))
    elif refund.state == RefundState.REQUESTED:
        notify(
            request,
            _("Stripe n’a pas encore répondu : le remboursement de %s est en cours. Inutile de recommencer.") % amount,
        )
    elif refund.state == RefundState.PENDING:
        notify(request, _("Remboursement de %s en cours : la banque prend quelques jours.") % amount)
    else:
        notify(request, _("%s remboursés. Votre client les reçoit sous quelques jours.") % amount)


def _owed(invoice: Invoice) -> str:
    words = {
        "number": invoice.number,
        "remaining": _shown(invoice.remaining),
        "day": formats.day(invoice.due_date, language=get_language() or "fr") if invoice.due_date else "",
    }
    return _("%(number)s, reste %(remaining)s, échéance le %(day)s") % words


def _shown(money: Money) -> str:
    return formats.amount(money, language=get_language() or "fr")
