"""The spanner: a line per subject."""

from django.http import HttpResponse
from django.shortcuts import render

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.views.settings.subjects import SUBJECTS


@staff(Right.SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "dashboard/settings/index.html", {"subjects": SUBJECTS})
