"""The page of one quote: what the customer sees, what can be done now, what was invoiced, and its story."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right, may
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.quote_sentences import quote_story
from reglo.dashboard.views.quote_pages import pages_of, quote_seen
from reglo.delivery.queries import links_of, messages_of
from reglo.delivery.states import MessageState
from reglo.errors import RegloError
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_billing import billing_of, invoices_of_quote
from reglo.invoicing.services import cancel_quote, duplicate_quote
from reglo.invoicing.states import QuoteState
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure

_REVISABLE = {QuoteState.SENT, QuoteState.EXPIRED, QuoteState.REFUSED}


@staff(Right.READ)
def quote(request: StaffRequest, quote_id: int) -> HttpResponse:
    shown = quote_seen(request, quote_id)
    if shown.is_draft:
        route = "quote_edit" if may(request.membership, Right.WRITE) else "quote_preview"
        return HttpResponseRedirect(reverse(f"dashboard:{route}", args=[shown.pk]))
    state = shown.state_on(today_of(request.company, clock.now()))
    invoices = list(invoices_of_quote(shown))
    context = {
        "quote": shown,
        "offered": shown.offered,
        "state": state,
        "answerable": state in _REVISABLE,
        "revisable": state in _REVISABLE,
        "cancellable": state != QuoteState.CANCELLED and not invoices,
        "sendable": state in {QuoteState.SENT, QuoteState.ACCEPTED},
        "page_numbers": range(1, len(pages_of(shown)) + 1),
        "invoices": invoices,
        "story": quote_story(shown),
        "links": links_of(shown, now=clock.now()) if may(request.membership, Right.SEND) else (),
        "mail": messages_of(shown).exclude(state=MessageState.PREPARED).first(),
        **_accepted(shown),
    }
    return render(request, "dashboard/quotes/quote.html", context)


@staff(Right.WRITE)
def cancel(request: StaffRequest, quote_id: int) -> HttpResponse:
    """*Annuler le devis*: asked once more, since it is for good."""
    shown = quote_seen(request, quote_id)
    if request.method == "POST":
        try:
            cancel_quote(company_id=request.company.pk, quote_id=shown.pk, now=clock.now(), actor_id=request.user.pk)
            notify(request, _("Devis annulé : votre client ne peut plus l’accepter."))
        except RegloError as refusal:
            notify_failure(request, str(refusal))
    if request.method == "POST" or shown.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[shown.pk]))
    return render(request, "dashboard/quotes/cancel.html", {"quote": shown})


@staff(Right.WRITE)
@require_POST
def duplicate(request: StaffRequest, quote_id: int) -> HttpResponse:
    copy = duplicate_quote(company_id=request.company.pk, quote_id=quote_seen(request, quote_id).pk, now=clock.now())
    notify(request, _("Devis dupliqué : voici le nouveau brouillon."))
    return HttpResponseRedirect(reverse("dashboard:quote_edit", args=[copy.pk]))


def _accepted(shown: Quote) -> dict[str, Any]:
    """What was accepted, and what became of it."""
    billing = billing_of(shown)
    total = billing.decision.gross if billing else shown.offered.gross if shown.offered else None
    return {
        "billing": billing,
        "decision": billing.decision if billing else shown.decisions.select_related("recorded_by").last(),
        "total": total,
    }
