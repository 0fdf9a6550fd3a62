"""Before working in a real company: a second factor. Offered, not asked, in a practice company."""

from django.http import HttpResponse
from django.shortcuts import render

from reglo.dashboard.access import PersonRequest, person


@person
def set_up(request: PersonRequest) -> HttpResponse:
    return render(request, "dashboard/second_factor.html", {"next": request.GET.get("next", "/")})
