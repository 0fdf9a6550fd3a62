"""One line of JSON per request and per message, with the request's id, and without any secret."""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from reglo.ports import clock, ids
from reglo.secrets.masking import mask

logger = logging.getLogger("reglo.requests")
_request_id: ContextVar[str] = ContextVar("request_id", default="")

# The address itself is a secret there, whatever its length.
_SECRET_PATHS = re.compile(r"^(/(?:p/l|p/retour|hooks/[a-z]+|invitation|connexion)/)[^/]+")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


def mask_path(path: str) -> str:
    """A path fit for a log: « /p/l/*** »."""
    return mask(_SECRET_PATHS.sub(r"\1***", path))


class RequestLogMiddleware:
    """Gives each request an id (taken from no one), answers it in `X-Request-ID`, and logs the request once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request_id.set(ids.new_uuid().hex)
        started = clock.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = _request_id.get()
            logger.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                extra=_facts(request, response, milliseconds=round((clock.monotonic() - started) * 1000)),
            )
            return response
        finally:
            _request_id.reset(token)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON, masked."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if _request_id.get():
            line["request_id"] = _request_id.get()
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD and _plain(value)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return mask(json.dumps(line, ensure_ascii=False))


def _facts(request: HttpRequest, response: HttpResponse, *, milliseconds: int) -> dict[str, object]:
    """Who asked for what, and the answer. The query string is left out: people search for names."""
    match = request.resolver_match
    membership = getattr(request, "membership", None)
    return {
        "method": request.method,
        "path": mask_path(request.path),
        "route": match.view_name if match else "",
        "status": response.status_code,
        "milliseconds": milliseconds,
        "user_id": membership.user_id if membership else None,
        "company_id": membership.company_id if membership else None,
    }


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
