"""The spanner: a card per subject."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff


@dataclass(frozen=True, slots=True)
class Subject:
    """A card of the index: what the page is about, in a word and a sentence (lazy translations)."""

    title: Any
    about: Any
    route: str
    icon: str


SUBJECTS: tuple[Subject, ...] = ()


@staff(Right.SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "dashboard/settings/index.html", {"subjects": SUBJECTS})
