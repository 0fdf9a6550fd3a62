"""Where providers call. Verify, store, answer: nothing else happens while they wait."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reglo.payments.models import Endpoint
from reglo.payments.providers.contract import BadSignature, RawRequest
from reglo.payments.services import receive_event
from reglo.ports import clock

logger = logging.getLogger("reglo.hooks")

LARGEST_BODY = 1_000_000  # bytes; Stripe's notifications are under 100 kB


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """200 stored or known already; 400 not signed for this address, or not now; 404 no such address; 413 too large."""
    endpoint = (
        Endpoint.objects.select_related("account").filter(provider=provider, token=token, removed_at=None).first()
    )
    if endpoint is None:
        return JsonResponse({"code": "unknown_endpoint"}, status=404)
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        logger.warning("notification refused", extra={"reason": "too large", "endpoint": str(endpoint.id)})
        return JsonResponse({"code": "body_too_large"}, status=413)
    raw = RawRequest({name.lower(): value for name, value in request.headers.items()}, body)
    try:
        stored = receive_event(endpoint=endpoint, raw=raw, now=clock.now())
    except BadSignature as error:
        # The body is a stranger's words: it is not logged.
        reason = error.params.get("reason", "")
        logger.warning("notification refused", extra={"reason": reason, "endpoint": str(endpoint.id)})
        return JsonResponse({"code": error.code}, status=error.status)
    return JsonResponse({"stored": stored})
