"""No request is larger than the largest file we take: before anybody is known, the rest would fill the disk.

Django limits fields, not files, and writes a file to the disk while it looks for the form's proof.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reglo.config import errors

LARGEST = 8_000_000  # bytes: a logo or an invoice of 5 MB, refused in its page's own words when larger, and its form


class BodyLimitMiddleware:
    """413 by what the request announces, without reading it. One that announces nothing has no body for Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            announced = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            announced = 0  # as Django reads it
        if announced > LARGEST and not request.path.startswith("/hooks/"):  # the hook answers in JSON, from 1 MB on
            return errors.too_large(request)
        return self.get_response(request)
