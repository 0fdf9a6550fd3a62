"""The one cookie of the portal: it names a session on our side, and says nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def cookie_name() -> str:
    """`__Host-reglo_portal`: no other host can set it; without the prefix under http://localhost."""
    return f"{settings.COOKIE_PREFIX}reglo_portal"


def session_key(request: HttpRequest) -> str | None:
    return request.COOKIES.get(cookie_name())


def give_session(response: HttpResponse, key: str | None) -> None:
    """Put the key of a new session in the browser, for as long as the browser runs; None: nothing to do."""
    if key is not None:
        response.set_cookie(
            cookie_name(), key, path="/", httponly=True, secure=bool(settings.COOKIE_PREFIX), samesite="Lax"
        )
