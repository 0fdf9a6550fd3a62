"""The one cookie of the portal: it names a session on our side, and says nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}reglo_portal"


def session_key(request: HttpRequest) -> str | None:
    return request.COOKIES.get(COOKIE)


def give_session(response: HttpResponse, key: str | None) -> None:
    """Put the key of a new session in the browser, for as long as the browser runs; None: nothing to do."""
    if key is not None:
        response.set_cookie(COOKIE, key, path="/", httponly=True, secure=bool(settings.COOKIE_PREFIX), samesite="Lax")
