"""Accueil: what to do, what is coming, what arrived."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.outlook import outlook
from reglo.dashboard.receivables import collected_since, latest_payments
from reglo.dashboard.todo import tasks_for
from reglo.events.queue import retry_parked
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.READ)
def home(request: StaffRequest) -> HttpResponse:
    company = request.company
    now = clock.now()
    today = today_of(company, now)
    ahead = outlook(company, today=today)
    context = {
        "today": today,
        "first_name": (request.user.name or "").split(" ")[0],
        "is_new": not Invoice.objects.filter(company=company, discarded_at=None).exists(),
        "tasks": tasks_for(request.membership, ahead=ahead, today=today, now=now),
        "ahead": ahead,
        "collected": collected_since(company, today.replace(day=1)),
        "payments": latest_payments(company),
    }
    return render(request, "dashboard/home.html", context)


@staff(Right.SETTINGS)
@require_POST
def retry(request: StaffRequest, reaction_id: int) -> HttpResponse:
    """*Réessayer* what was parked; back to the page whose button it was."""
    retry_parked(reaction_id=reaction_id, company_id=request.company.pk, now=clock.now())
    notify(request, _("Nouvel essai dans un instant."))
    page = "payment_health" if request.POST.get("page") == "health" else "home"
    return HttpResponseRedirect(reverse(f"dashboard:{page}"))
