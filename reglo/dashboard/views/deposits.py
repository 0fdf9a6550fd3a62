"""*Demander un acompte*, on a quote or plainly of a customer; *Facture de situation*; what an invoice deducts."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.deposits import DeductionsForm, FreeDepositForm, QuoteDepositForm, SituationForm
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import deposits_to_deduct
from reglo.invoicing.quote_billing import billing_of
from reglo.invoicing.services import (
    DraftRefused,
    choose_deductions,
    draft_deposit,
    draft_quote_deposit,
    invoice_situation,
)
from reglo.invoicing.states import DocumentKind, QuoteStatus
from reglo.money import Money
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def of_quote(request: StaffRequest, quote_id: int) -> HttpResponse:
    """A part of what was accepted; what the quote asked for is proposed."""
    quote = quote_seen(request, quote_id)
    billing = billing_of(quote)
    if billing is None or quote.status != QuoteStatus.ACCEPTED:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    asked = billing.decision.version
    initial: dict[str, Any] = {"rate": asked.deposit_rate}
    if asked.deposit_minor is not None:
        initial = {"how": "montant", "amount": Money(asked.deposit_minor, asked.currency)}
    form = QuoteDepositForm(request.POST or None, company=request.company, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = draft_quote_deposit(
                company=request.company, quote_id=quote.pk, deposit=form.deposit(), now=clock.now()
            )
            return _to_draft(request, made)
        except RegloError as refused:
            status = _refuse(form, refused)
    context = {"quote": quote, "accepted": billing.decision.gross, "form": form}
    return render(request, "dashboard/deposits/of_quote.html", context, status=status)


@staff(Right.WRITE)
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    customer = get_object_or_404(Customer, company=request.company, id=customer_id)
    today = today_of(request.company, clock.now())
    form = FreeDepositForm(request.POST or None, company=request.company, today=today)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = draft_deposit(company=request.company, deposit=form.deposit(customer), now=clock.now())
            return _to_draft(request, made)
        except RegloError as refused:
            status = _refuse(form, refused)
    context = {"customer": customer, "form": form}
    return render(request, "dashboard/deposits/of_customer.html", context, status=status)


@staff(Right.WRITE)
def situation(request: StaffRequest, quote_id: int) -> HttpResponse:
    """Of each line, how far the works have come."""
    quote = quote_seen(request, quote_id)
    billing = billing_of(quote)
    if billing is None or quote.status != QuoteStatus.ACCEPTED or not any(line.is_left for line in billing.lines):
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    form = SituationForm(request.POST or None, lines=billing.lines)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = invoice_situation(
                company=request.company,
                quote_id=quote.pk,
                progress=form.progress,
                now=clock.now(),
                actor_id=request.user.pk,
            )
            return _to_draft(request, made)
        except RegloError as refused:
            status = _refuse(form, refused)
    context = {"quote": quote, "billing": billing, "form": form}
    return render(request, "dashboard/deposits/situation.html", context, status=status)


@staff(Right.WRITE)
def deductions(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Which deposits the draft deducts."""
    invoice = invoice_seen(request, invoice_id)
    if not invoice.is_draft or invoice.kind != DocumentKind.INVOICE:
        return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    chosen = list(invoice.deductions.all())
    form = DeductionsForm(
        request.POST if request.method == "POST" else None,
        deposits=deposits_to_deduct(invoice),
        chosen=chosen,
        currency=invoice.currency,
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            choose_deductions(company_id=request.company.pk, invoice_id=invoice.pk, chosen=form.chosen, now=clock.now())
            return HttpResponseRedirect(reverse("dashboard:invoice_check", args=[invoice.pk]))
        except RegloError as refused:
            status = _refuse(form, refused)
    context = {"invoice": invoice, "form": form}
    return render(request, "dashboard/deposits/deductions.html", context, status=status)


def _to_draft(request: StaffRequest, made: Invoice) -> HttpResponse:
    notify(request, _("Voici le brouillon de la facture."))
    return HttpResponseRedirect(reverse("dashboard:invoice_edit", args=[made.pk]))


def _refuse(form: QuoteDepositForm | FreeDepositForm | SituationForm | DeductionsForm, refused: RegloError) -> int:
    """Each sentence beside its field; the status of the answer."""
    if isinstance(refused, DraftRefused):
        for refusal in refused.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return 422
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return refused.status
