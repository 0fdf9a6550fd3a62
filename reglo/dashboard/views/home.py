"""Accueil."""

from django.http import HttpResponse
from django.shortcuts import render

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff


@staff(Right.READ)
def home(request: StaffRequest) -> HttpResponse:
    return render(request, "dashboard/home.html")
