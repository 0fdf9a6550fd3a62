"""*Créer un avoir*, on an invoice; the page of a credit note: prepared, then issued."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right, may
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import credit_sums_shown, today_of
from reglo.dashboard.forms.credits import AMOUNT, WHOLE, CreditForm
from reglo.dashboard.sentences import story_of
from reglo.dashboard.views.invoice_issue import to_mend
from reglo.dashboard.views.invoice_pages import invoice_seen, pages_of
from reglo.delivery.queries import links_of, messages_of
from reglo.delivery.states import MessageState
from reglo.errors import RegloError
from reglo.invoicing.crediting import CreditedElsewhere, NothingToCredit, credit_room, credit_totals
from reglo.invoicing.issue_check import Problem
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import problems_before_issue
from reglo.invoicing.services import DraftRefused, InvoiceIncomplete, draft_credit_note
from reglo.invoicing.services.draft_credit_note import credited_lines
from reglo.payments.services import finalise_credit_note
from reglo.ports import clock, ids
from reglo.ui.notices import notify, notify_failure


@staff(Right.WRITE)
def new(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Choose what to credit: all, lines, an amount."""
    return _form_page(request, invoice_seen(request, invoice_id), None)


@staff(Right.WRITE)
def edit(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """Choose again."""
    credit_note = _seen(request, credit_note_id)
    if not credit_note.is_draft or credit_note.discarded_at:
        return HttpResponseRedirect(reverse("dashboard:credit_note", args=[credit_note.pk]))
    return _form_page(request, _corrected(credit_note), credit_note)


@staff(Right.WRITE)
@require_POST
def sums(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The totals of what is chosen, while it is; nothing is written."""
    invoice = invoice_seen(request, invoice_id)
    shown, refused = [], ""
    try:
        room = credit_room(invoice)
        form = CreditForm(_with_reason(request), room=room)
        if form.is_valid():
            lines, prices_include_vat, discounted = credited_lines(invoice, form.credit(), room)
            credit = credit_totals(lines, room, prices_include_vat=prices_include_vat, discounted=discounted)
            shown = credit_sums_shown(credit.totals, room, prices_include_vat=prices_include_vat)
    except DraftRefused as refusal:
        refused = refusal.refusals[0].message
    except RegloError as refusal:
        refused = str(refusal)
    return render(request, "dashboard/credit_notes/sums.html", {"sums": shown, "refused": refused})


@staff(Right.READ)
def credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """*Contrôle* of what is prepared; the document of what is issued."""
    shown = _seen(request, credit_note_id)
    if shown.discarded_at:
        return render(request, "dashboard/invoices/discarded.html", {"invoice": shown})
    if shown.is_draft:
        return _check_page(request, shown, problems_before_issue(shown, company=request.company, today=_today(request)))
    context = {
        "credit_note": shown,
        "invoice": shown,  # for the parts that any document's page has
        "corrected": _corrected(shown),
        "state": shown.state_on(_today(request)),
        "page_numbers": range(1, len(pages_of(shown)) + 1),
        "story": story_of(shown),
        "links": links_of(shown, now=clock.now()) if may(request.membership, Right.SEND) else (),
        "mail": messages_of(shown).exclude(state=MessageState.PREPARED).first(),
    }
    return render(request, "dashboard/credit_notes/credit_note.html", context)


@staff(Right.FINALISE)
@require_POST
def issue(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """*Émettre l'avoir*; pressed twice, it is issued once."""
    draft = _seen(request, credit_note_id)
    page = reverse("dashboard:credit_note", args=[draft.pk])
    try:
        issued = finalise_credit_note(
            company_id=request.company.id, credit_note_id=draft.pk, now=clock.now(), actor_id=request.user.pk
        )
    except InvoiceIncomplete as incomplete:
        return _check_page(request, draft, incomplete.problems, status=incomplete.status)
    if draft.is_draft:
        notify(request, _("Avoir %s émis.") % issued.number)
    return HttpResponseRedirect(page)


def _form_page(request: StaffRequest, invoice: Invoice, draft: Invoice | None) -> HttpResponse:
    try:
        room = credit_room(invoice)
    except (NothingToCredit, CreditedElsewhere) as refused:
        notify_failure(request, str(refused))
        return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    form = CreditForm(request.POST or None, room=room, initial=_proposed(draft))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            saved = _saved(request, form, invoice, draft)
        except DraftRefused as refused:
            form.refuse(refused)
        except RegloError as refused:
            form.add_error("how", str(refused))
            status = refused.status
        else:
            return HttpResponseRedirect(reverse("dashboard:credit_note", args=[saved.pk]))
    context = {"invoice": invoice, "draft": draft, "form": form}
    return render(request, "dashboard/credit_notes/form.html", context, status=status)


def _saved(request: StaffRequest, form: CreditForm, invoice: Invoice, draft: Invoice | None) -> Invoice:
    return draft_credit_note(
        company_id=request.company.id,
        invoice_id=invoice.pk,
        credit=form.credit(),
        asked_as=f"form:{form.cleaned_data['asked_as']}",
        credit_note_id=draft.pk if draft else None,
        now=clock.now(),
    )


def _check_page(
    request: StaffRequest, draft: Invoice, problems: list[Problem] | tuple[Problem, ...], *, status: int = 200
) -> HttpResponse:
    """What is missing, or what will be issued; a draft that no longer fits its invoice says so."""
    context: dict[str, Any] = {"credit_note": draft, "corrected": _corrected(draft), "today": _today(request)}
    try:
        room = credit_room(_corrected(draft))
        lines = list(draft.lines.order_by("rank"))
        credit = credit_totals(lines, room, prices_include_vat=draft.prices_include_vat, discounted=draft.has_discount)
        context |= {
            "sums": credit_sums_shown(credit.totals, room, prices_include_vat=draft.prices_include_vat),
            "page_numbers": range(1, len(pages_of(draft)) + 1),
            "problems": to_mend(request, problems, draft),
        }
    except RegloError as refused:
        context["refused"] = str(refused)
    return render(request, "dashboard/credit_notes/check.html", context, status=status)


def _proposed(draft: Invoice | None) -> dict[str, Any]:
    """All of it; of a draft that is chosen again, its amount and its reason."""
    if draft is None:
        return {"asked_as": ids.new_uuid(), "how": WHOLE}
    return {"asked_as": ids.new_uuid(), "how": AMOUNT, "amount": draft.gross, "reason": draft.reason}


def _with_reason(request: StaffRequest) -> Any:
    """The totals are shown before the reason is typed."""
    typed = request.POST.copy()
    typed["reason"] = typed.get("reason", "").strip() or "—"
    return typed


def _seen(request: StaffRequest, credit_note_id: int) -> Invoice:
    seen = invoice_seen(request, credit_note_id)
    if not seen.is_credit_note:
        raise Http404
    return seen


def _corrected(credit_note: Invoice) -> Invoice:
    assert credit_note.corrects is not None, "a credit note corrects an invoice"
    return credit_note.corrects


def _today(request: StaffRequest) -> date:
    return today_of(request.company, clock.now())
