"""The one place that turns a refusal raised by a view into an answer, whatever the door."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from reglo.config import errors
from reglo.errors import RegloError

# The one status above 400 that our htmx shows (`ui/htmx.html`); its page stays as it was.
SWAPPED = 422

logger = logging.getLogger("reglo.refusals")


class RefusalMiddleware:
    """A `RegloError` becomes its sentence, with its status; a silent database becomes a 503. The rest are bugs.

    Django's own 405 has an empty body: a person gets a page instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)  # no address of ours has one, and PostgreSQL keeps none
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not _is_machine(request):
            return errors.method_not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RegloError):
            logger.info("refused", extra={"code": exception.code, "status": exception.status})
            return refusal(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.exception("the database did not answer")
            return errors.unavailable(request)
        return None


def refusal(request: HttpRequest, error: RegloError) -> HttpResponse:
    """The refusal as JSON for a machine, a fragment for htmx, a page for a person."""
    if _is_machine(request):
        return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "refused_fragment.html", {"error": error}, status=SWAPPED)
        # Not where the fragment would have gone: what stands there is still true.
        answer["HX-Retarget"], answer["HX-Reswap"] = "#toasts", "beforeend"
        return answer
    return render(request, "refused.html", {"error": error}, status=error.status)


def _is_machine(request: HttpRequest) -> bool:
    return request.path.startswith("/hooks/")
