"""*Contrôle avant émission* of a quote, then *Finaliser le devis*."""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import quote_sums_shown, today_of, totals_of_quote
from reglo.dashboard.views.invoice_issue import ToMend, sellers_page
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.invoicing.issue_check import Problem
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_queries import problems_before_sending
from reglo.invoicing.services import QuoteIncomplete, issue_quote
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def check(request: StaffRequest, quote_id: int) -> HttpResponse:
    quote = quote_seen(request, quote_id)
    if quote.latest is None or not quote.latest.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    today = today_of(request.company, clock.now())
    return _check_page(request, quote, problems_before_sending(quote, company=request.company, today=today))


@staff(Right.WRITE)
@require_POST
def issue(request: StaffRequest, quote_id: int) -> HttpResponse:
    """Finalise; pressed twice, it is finalised once."""
    quote = quote_seen(request, quote_id)
    try:
        issued = issue_quote(
            company_id=request.company.pk, quote_id=quote.pk, now=clock.now(), actor_id=request.user.pk
        )
    except QuoteIncomplete as incomplete:
        return _check_page(request, quote, incomplete.problems, status=incomplete.status)
    if quote.latest is not None and quote.latest.is_draft:
        notify(request, _("Devis %s finalisé : il reste à l’envoyer.") % issued.number)
    return HttpResponseRedirect(reverse("dashboard:quote", args=[issued.pk]))


def _check_page(request: StaffRequest, quote: Quote, problems: Sequence[Problem], *, status: int = 200) -> HttpResponse:
    version = quote.latest
    assert version is not None, "a quote has a version from the start"
    context = {
        "quote": quote,
        "version": version,
        "problems": [ToMend(problem.message, _mending_page(request, problem, quote)) for problem in problems],
        "sums": quote_sums_shown(version, totals_of_quote(quote), company=request.company),
        "today": today_of(request.company, clock.now()),
    }
    return render(request, "dashboard/quotes/check.html", context, status=status)


def _mending_page(request: StaffRequest, problem: Problem, quote: Quote) -> str:
    if problem.place in {"company", "accounts"}:
        return sellers_page(request, problem)
    if problem.place == "customer":
        page = reverse("dashboard:customer_edit", args=[quote.customer_id])
        return f"{page}?devis={quote.pk}#id_{problem.field}"
    anchor = {"lines": "lines", "customer": "pick-customer"}.get(problem.field, f"id_{problem.field}")
    return f"{reverse('dashboard:quote_edit', args=[quote.pk])}#{anchor}"
