"""The page of one invoice: its pages, its balance, what can be done now, and its story."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from reglo.companies.permissions import Right, may
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.collected import collected_for
from reglo.dashboard.contested import contested_payments
from reglo.dashboard.drafting import today_of
from reglo.dashboard.sentences import story_of
from reglo.dashboard.terms_shown import schedule_shown
from reglo.dashboard.views.invoice_pages import invoice_seen, pages_of
from reglo.dashboard.views.opening_paper import opening_context
from reglo.delivery.queries import links_of, messages_of
from reglo.delivery.states import MessageState
from reglo.invoicing.queries import credit_notes_of
from reglo.invoicing.states import InvoiceState, InvoiceStatus
from reglo.money import Money
from reglo.payments.card_offers import card_offer
from reglo.payments.queries import is_acquitted
from reglo.ports import clock

NOTHING_OWED = {InvoiceState.PAID, InvoiceState.CREDITED}


@staff(Right.READ)
def invoice(request: StaffRequest, invoice_id: int) -> HttpResponse:
    shown, today = invoice_seen(request, invoice_id), today_of(request.company, clock.now())
    if shown.is_credit_note:
        return HttpResponseRedirect(reverse("dashboard:credit_note", args=[shown.pk]))
    if shown.is_draft:
        route = "invoice_edit" if may(request.membership, Right.WRITE) else "invoice_preview"
        return HttpResponseRedirect(reverse(f"dashboard:{route}", args=[shown.pk]))
    state = shown.state_on(today)
    invoice_deductions = shown.deductions.select_related("deposit") if shown.has_deductions else ()
    context = {
        "invoice": shown,
        "state": state,
        "owed": state not in NOTHING_OWED and bool(shown.remaining),
        "schedule": schedule_shown(shown),
        "acquitted": is_acquitted(shown) and not shown.is_opening,
        "contested": contested_payments(shown, today=today),
        "deductions": invoice_deductions,
        "deducted": Money(shown.settlement.deducted_minor, shown.currency),
        "deducted_by": shown.deducted_by.exclude(invoice__status=InvoiceStatus.DRAFT).select_related("invoice"),
        "paid": Money(shown.settlement.settled_minor, shown.currency),
        "credited": Money(shown.settlement.credited_minor, shown.currency),
        "credit_notes": credit_notes_of(shown),
<<<<<<< ours
        "creditable": shown.status == InvoiceStatus.ISSUED and shown.settlement.credited_minor < shown.gross_minor,
||||||| base
        "creditable": shown.status == InvoiceStatus.ISSUED and shown.settlement.owed_minor > 0,
=======
        "creditable": (
            shown.status == InvoiceStatus.ISSUED and not shown.is_opening and shown.settlement.owed_minor > 0
        ),
        **opening_context(shown),
>>>>>>> theirs
        "page_numbers": range(1, len(pages_of(shown)) + 1),
        "collected": collected_for(shown),
        "story": story_of(shown),
        "links": links_of(shown, now=clock.now()) if may(request.membership, Right.SEND) else (),
        "mail": messages_of(shown).exclude(state=MessageState.PREPARED).first(),
        "card": card_offer(shown, company=request.company, today=today),
    }
    return render(request, "dashboard/invoices/invoice.html", context)
