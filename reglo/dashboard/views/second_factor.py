"""Before working in a real company: a second factor. Offered, not asked, in a practice company."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from reglo.dashboard.access import PersonRequest, person
from reglo.dashboard.accounts import has_second_factor
from reglo.dashboard.views.companies import local_address

NEXT_IN_SESSION = "reglo_after_second_factor"


@person
def set_up(request: PersonRequest) -> HttpResponse:
    """The choice of a second factor; once there is one, back to where the person was going."""
    if has_second_factor(request.user):
        return HttpResponseRedirect(local_address(request.session.pop(NEXT_IN_SESSION, "")))
    if "next" in request.GET:
        request.session[NEXT_IN_SESSION] = local_address(request.GET["next"])
    return render(request, "dashboard/second_factor.html")
