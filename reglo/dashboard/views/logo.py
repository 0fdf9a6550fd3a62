"""The company's logo: files are served by views, never by path."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import condition, require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.files import store


@staff(Right.READ)
@require_safe
@condition(etag_func=lambda request: f'"{request.company.logo_id}"')
def logo(request: StaffRequest) -> HttpResponse:
    if request.company.logo_id is None:
        raise Http404
    response = HttpResponse(store.read(request.company.logo_id), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response
