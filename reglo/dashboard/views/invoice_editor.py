"""The editor: a draft is typed on its own page, and saves itself."""

<<<<<<< ours
from collections.abc import Sequence
from datetime import date, timedelta
||||||| base
from datetime import date, timedelta
=======
from datetime import date
>>>>>>> theirs
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, replace_url

from reglo.catalog.vat_rates import rates_on
from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import begin_or_save, sums_shown, today_of, totals_of_draft
from reglo.dashboard.editing import amounts_beside, invoice_pages
from reglo.dashboard.editor_answers import (
    led_away,
    page_of_lines,
    refused_in_place,
    status_of,
    table_refused_in_place,
    typed_form,
)
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
    customer = customer_asked(request)
    return _editor(request, blank_draft(company=request.company, customer=customer, now=clock.now()))


@staff(Right.WRITE)
def edit(request: StaffRequest, invoice_id: int) -> HttpResponse:
    invoice = _draft(request, invoice_id)
    if request.method != "POST":
        if not invoice.is_draft or invoice.is_credit_note:
            return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
        if invoice.discarded_at:
            return render(request, "dashboard/invoices/discarded.html", {"invoice": invoice})
        invoice.customer = customer_asked(request) or invoice.customer
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
    form, table_errors = typed_form(
        request,
        lambda data: EditorForm(company=company, invoice=invoice, today=today, data=data),
        rates=rates_on(today),
    )
    if table_errors:
        return table_refused_in_place(request, table_errors) or _page(
            request, form, table_errors=table_errors, status=DraftRefused.status
        )
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
    edit_url = reverse("dashboard:invoice_edit", args=[saved.pk])
<<<<<<< ours
    elsewhere = led_away(
        request,
        form,
        buttons={
            "finalise": reverse("dashboard:invoice_check", args=[saved.pk]),
            "preview": reverse("dashboard:invoice_preview", args=[saved.pk]),
            "pick_customer": reverse("dashboard:invoice_customer", args=[saved.pk]),
        },
        edit_url=edit_url,
        revision=saved.revision,
        with_vat=saved.prices_include_vat,
    )
    if elsewhere:
        return elsewhere
    if saved.prices_include_vat != form.invoice.prices_include_vat:
||||||| base
    if not _by_htmx(request):
        return HttpResponseRedirect(edit_url + ("?ligne=1#lines" if "add-line" in request.POST else ""))
    if saved.prices_include_vat != form.invoice.prices_include_vat:
=======
    if not _by_htmx(request):
        return HttpResponseRedirect(edit_url + ("?ligne=1#lines" if "add-line" in request.POST else ""))
    if saved.prices_include_vat != form.invoice.prices_include_vat or form.vat_followed:
>>>>>>> theirs
        return HttpResponseClientRefresh() if form.invoice.pk else HttpResponseClientRedirect(edit_url)
    context = {
        **_shown(request, form, saved),
        "lines": amounts_beside(form, totals_of_draft(saved).line_minors, saved.currency),
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
    around = {"pages": invoice_pages(form.invoice), "draft": form.invoice, "edited_at": form.invoice.edited_at}
    in_place = refused_in_place(request, form, around, conflict=conflict)
    return in_place or _page(request, form, conflict=conflict, status=status_of(conflict))


def _page(
    request: StaffRequest,
    form: EditorForm,
    *,
    conflict: RegloError | None = None,
    table_errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    invoice = form.invoice
    context = {
        **_shown(request, form, invoice),
        **page_of_lines(request, form, lambda: totals_of_draft(invoice).line_minors, table_errors=table_errors),
        "action": reverse("dashboard:invoice_edit", args=[invoice.pk]) if invoice.pk else request.path,
        "conflict": conflict,
    }
    return render(request, "dashboard/invoices/editor.html", context, status=status)


def _shown(request: StaffRequest, form: EditorForm, invoice: Invoice) -> dict[str, Any]:
    """What follows from the draft as it is stored."""
    company = request.company
    today = today_of(company, clock.now())
    return {
        "form": form,
        "pages": invoice_pages(invoice),
        "invoice": invoice,
        "draft": invoice,
        "customer": invoice.customer,
        "edited_at": invoice.edited_at,
        "company": company,
        "today": today,
<<<<<<< ours
        "due_date": today + timedelta(days=invoice.due_days),
        "sums": sums_shown(invoice, totals_of_draft(invoice), company=company),
||||||| base
        "due_date": today + timedelta(days=invoice.due_days),
        "sums": sums_shown(totals_of_draft(invoice), company=company),
=======
        "terms": terms_shown(invoice, today=today),
        "sums": sums_shown(totals_of_draft(invoice), company=company),
>>>>>>> theirs
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


def customer_asked(request: StaffRequest) -> Customer | None:
    """`?client=57`: the customer just chosen, or just created, on another page."""
    asked = request.GET.get("client", "")
    if not (asked.isdecimal() and len(asked) < 19):
        return None
    return Customer.objects.filter(company=request.company, id=int(asked)).first()
