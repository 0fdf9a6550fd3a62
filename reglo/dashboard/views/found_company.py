"""Create a company: the second page of a first run."""

from django.http import HttpResponse
from django.shortcuts import render

from reglo.dashboard.access import PersonRequest, person


@person
def found(request: PersonRequest) -> HttpResponse:
    return render(request, "dashboard/found_company.html")
