"""The editor: a draft is typed on its own page, and saves itself."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, replace_url

from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import begin_or_save, sums_shown, today_of, totals_of_draft
from reglo.dashboard.forms.draft import EditorForm
from reglo.dashboard.terms_shown import terms_shown
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import (
    DraftChangedElsewhere,
    DraftDiscarded,
    DraftRefused,
    NotADraft,
    NotAnInvoice,
    blank_draft,
    discard_draft,
    restore_draft,
)
from reglo.money import Money
from reglo.payments.fee_estimates import expected_fee
from reglo.payments.queries import connected_account
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def begin(request: StaffRequest) -> HttpResponse:
    """A page ready to be typed on. Nothing is written before something is; the page then knows its draft."""
    known = request.POST.get("invoice", "")
    if known.isdecimal() and len(known) < 19:
        return _editor(request, _draft(request, int(known)))
    customer = _customer_asked(request)
    return _editor(request, blank_draft(company=request.company, customer=customer, now=clock.now()))


@staff(Right.WRITE)
def edit(request: StaffRequest, invoice_id: int) -> HttpResponse:
    invoice = _draft(request, invoice_id)
    if request.method != "POST":
        if not invoice.is_draft or invoice.is_credit_note:
            return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
        if invoice.discarded_at:
            return render(request, "dashboard/invoices/discarded.html", {"invoice": invoice})
        invoice.customer = _customer_asked(request) or invoice.customer
    return _editor(request, invoice)


@staff(Right.WRITE)
def discard(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """*Supprimer*, from the draft's page; a toast has the way back."""
    invoice = _draft(request, invoice_id)
    if request.method == "POST":
        discard_draft(company_id=request.company.id, invoice_id=invoice.pk, now=clock.now())
        notify(request, _("Brouillon supprimé."), undo_url=reverse("dashboard:invoice_restore", args=[invoice.pk]))
        return HttpResponseRedirect(reverse("dashboard:invoices"))
    if not invoice.is_draft:
        return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    return render(request, "dashboard/invoices/discard.html", {"invoice": invoice})


@staff(Right.WRITE)
def restore(request: StaffRequest, invoice_id: int) -> HttpResponse:
    draft = _draft(request, invoice_id)
    if request.method == "POST":
        restore_draft(company_id=request.company.id, invoice_id=draft.pk)
        notify(request, _("Brouillon rétabli."))
    return HttpResponseRedirect(reverse("dashboard:invoice_edit", args=[draft.pk]))


def _editor(request: StaffRequest, invoice: Invoice) -> HttpResponse:
    """Show the draft, or save what was typed."""
    company, now = request.company, clock.now()
    today = today_of(company, now)
    if request.method != "POST":
        return _page(request, EditorForm(company=company, invoice=invoice, today=today))
    form = EditorForm(company=company, invoice=invoice, today=today, data=request.POST)
    if not form.is_valid():
        return _refused(request, form)
    try:
        if invoice.discarded_at:
            raise DraftDiscarded
        saved = begin_or_save(company=company, invoice=invoice, draft=form.draft(), now=now)
    except DraftRefused as refused:
        form.refuse(refused)
        return _refused(request, form)
    except (DraftChangedElsewhere, DraftDiscarded, NotADraft, NotAnInvoice) as conflict:
        return _refused(request, form, conflict=conflict)
    return _saved(request, form, saved)


def _saved(request: StaffRequest, form: EditorForm, saved: Invoice) -> HttpResponse:
    """Where the button that was pressed leads; without a button, the parts of the page that changed."""
    for button, route in (
        ("finalise", "dashboard:invoice_check"),
        ("preview", "dashboard:invoice_preview"),
        ("pick_customer", "dashboard:invoice_customer"),
    ):
        if button in request.POST:
            return _go(request, reverse(route, args=[saved.pk]))
    edit_url = reverse("dashboard:invoice_edit", args=[saved.pk])
    if not _by_htmx(request):
        return HttpResponseRedirect(edit_url + ("?ligne=1#lines" if "add-line" in request.POST else ""))
    if saved.prices_include_vat != form.invoice.prices_include_vat or form.vat_followed:
        return HttpResponseClientRefresh() if form.invoice.pk else HttpResponseClientRedirect(edit_url)
    amounts = [Money(minor, saved.currency) for minor in totals_of_draft(saved).line_minors]
    by_form = dict(zip((line.prefix for line in form.kept), amounts, strict=True))
    context = {
        **_shown(request, form, saved),
        "lines": [(line, by_form.get(line.prefix)) for line in form.lines.forms],
        "close_dialog": "close_dialog" in request.POST,
        "terms_turned": _terms_of_page(saved) != _terms_of_page(form.invoice),
        "customer_turned": saved.customer_id != form.invoice.customer_id,
        "stored": EditorForm(company=request.company, invoice=saved, today=today_of(request.company, clock.now())),
        "card_turned": saved.card_allowed != form.invoice.card_allowed,
        "language_turned": saved.language != form.invoice.language,
        "refreshed_line": request.POST.get("refreshed_line", ""),
    }
    return replace_url(render(request, "dashboard/invoices/editor_saved.html", context), edit_url)


def _terms_of_page(invoice: Invoice) -> tuple[str, int, int | None]:
    """What the fields of the terms depend on: where it changes, they are written anew."""
    return invoice.terms_kind, len(invoice.instalments), invoice.customer_id


def _refused(request: StaffRequest, form: EditorForm, *, conflict: RegloError | None = None) -> HttpResponse:
    """Nothing was written: each error at its field, everything typed kept."""
    status = conflict.status if conflict else DraftRefused.status
    if _by_htmx(request):
        context = {"form": form, "lines": [(line, None) for line in form.lines.forms], "conflict": conflict}
        return render(request, "dashboard/invoices/editor_refused.html", context, status=status)
    return _page(request, form, conflict=conflict, status=status)


def _page(
    request: StaffRequest, form: EditorForm, *, conflict: RegloError | None = None, status: int = 200
) -> HttpResponse:
    invoice = form.invoice
    if "ligne" in request.GET:
        form.lines.extra = 1
    stored = [] if form.lines.is_bound else totals_of_draft(invoice).line_minors
    amounts: list[Money | None] = [Money(minor, invoice.currency) for minor in stored]
    amounts += [None] * (len(form.lines.forms) - len(amounts))
    context = {
        **_shown(request, form, invoice),
        "action": reverse("dashboard:invoice_edit", args=[invoice.pk]) if invoice.pk else request.path,
        "lines": list(zip(form.lines.forms, amounts, strict=True)),
        "conflict": conflict,
    }
    return render(request, "dashboard/invoices/editor.html", context, status=status)


def _shown(request: StaffRequest, form: EditorForm, invoice: Invoice) -> dict[str, Any]:
    """What follows from the draft as it is stored."""
    company = request.company
    today = today_of(company, clock.now())
    return {
        "form": form,
        "invoice": invoice,
        "company": company,
        "today": today,
        "terms": terms_shown(invoice, today=today),
        "sums": sums_shown(totals_of_draft(invoice), company=company),
        **_card_terms(invoice, today),
    }


def _card_terms(invoice: Invoice, today: date) -> dict[str, Any]:
    """What is said of the card beside its switch: who would collect, whether it is offered, what it would cost."""
    account = connected_account(company_id=invoice.company_id)
    fee = expected_fee(amount=invoice.gross, country=account.country, day=today) if account else None
    limit = invoice.company.card_limit_minor
    return {
        "account": account,
        "above_limit": invoice.card_allowed and not invoice.promises_card,
        "company_limit": None if limit is None else Money(limit, invoice.currency),
        "fee": fee if invoice.card_allowed and invoice.gross_minor else None,
    }


def _draft(request: StaffRequest, invoice_id: int) -> Invoice:
    invoices = Invoice.objects.filter(company=request.company).select_related("company", "customer")
    return get_object_or_404(invoices, id=invoice_id)


def _customer_asked(request: StaffRequest) -> Customer | None:
    """`?client=57`: the customer just chosen, or just created, on another page."""
    asked = request.GET.get("client", "")
    if not (asked.isdecimal() and len(asked) < 19):
        return None
    return Customer.objects.filter(company=request.company, id=int(asked)).first()


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if _by_htmx(request) else HttpResponseRedirect(url)
