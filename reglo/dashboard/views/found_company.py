"""Create a company: the second page of a first run."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from reglo.companies.queries import may_found_company
from reglo.companies.services import RealCompanyInSimulation
from reglo.dashboard.access import COMPANY_IN_SESSION, PersonRequest, memberships_of, person
from reglo.dashboard.forms.company import FoundingForm
from reglo.invoicing.services import found_company
from reglo.ports import clock


@person
def found(request: PersonRequest) -> HttpResponse:
    """Its books open with it, and the person is its first *Gérant*."""
    if not may_found_company(request.user):
        return render(request, "dashboard/no_company.html", {"memberships": memberships_of(request.user)}, status=403)
    form = FoundingForm(request.POST or None, initial={"email": request.user.email})
    if request.method == "POST" and form.is_valid():
        try:
            company = found_company(owner=request.user, practice=form.practice, now=clock.now(), **form.changes)
        except RealCompanyInSimulation as error:
            form.add_error("practice_choice", str(error))
        else:
            request.session[COMPANY_IN_SESSION] = company.pk
            return HttpResponseRedirect(reverse("dashboard:first_step", args=["banque"]))
    return render(
        request,
        "dashboard/found_company.html",
        {"form": form, "simulation": settings.SIMULATION},
        status=422 if form.errors else 200,
    )
