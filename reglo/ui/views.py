"""The living style page: every component in every state, and one specimen of each kind of page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reglo.ui import specimens


def styleguide(request: HttpRequest, page: str = "components") -> HttpResponse:
    """One page of the style guide, mounted at `<slug:page>`; 404 for a page that it does not have."""
    if page not in specimens.PAGES:
        raise Http404
    return render(request, f"ui/specimens/{page}.html", specimens.context(page))
