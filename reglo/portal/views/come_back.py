"""The payer is back from the hosted page, perhaps in another browser: what became of this payment, and nothing else."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from reglo.delivery.models import PortalGrant
from reglo.delivery.queries import grant_for_invoice
from reglo.payments.decline_words import decline_words
from reglo.payments.models import PaymentAttempt
from reglo.payments.services import return_from_provider
from reglo.payments.states import AttemptState, Method
from reglo.portal.cookies import session_key
from reglo.portal.doors import public
from reglo.portal.rate_limits import Limit, TooManyTries
from reglo.portal.return_tokens import LIFETIME, attempt_id_of
from reglo.portal.seller import seller_of
from reglo.ports import clock
from reglo.rendering.wording import WORDINGS

_VISITS = Limit("return", most=600, seconds=3600)
_ASK_EVERY = 2  # seconds between two questions to the provider about the same attempt


@require_safe
@public("the token names one attempt and shows its state alone")
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the provider, apply the answer, and say it; the page asks again while the payment is on its way.

    Where this browser holds the document, and the payment is settled, its page says the rest.
    """
    return _answer(request, token, gave_up=False)


@require_safe
@public("the token names one attempt and shows its state alone")
def gave_up(request: HttpRequest, token: str) -> HttpResponse:
    """Back without having paid: the document again, or where to find it."""
    return _answer(request, token, gave_up=True)


def _answer(request: HttpRequest, token: str, *, gave_up: bool) -> HttpResponse:
    now = clock.now()
    attempt_id = attempt_id_of(token)
    attempt = _attempt(attempt_id, now) if attempt_id else None
    if attempt is None:
        return render(request, "portal/return_unknown.html", status=HTTPStatus.NOT_FOUND)
    try:
        _VISITS.count(token)
    except TooManyTries as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)
    attempt = _asked(attempt, now, at_once=gave_up)
    grant = _grant(request, attempt, now)
    outcome = _outcome(attempt, gave_up=gave_up)
    if grant is not None and outcome != "waiting":
        return _to_document(request, grant)
    with timezone.override(attempt.company.zone), translation.override(_language(attempt)):
        return render(
            request,
            "portal/return_state.html" if request.headers.get("HX-Request") else "portal/return.html",
            {
                "seller": seller_of(attempt.company),
                "attempt": attempt,
                "outcome": outcome,
                "means": WORDINGS["en" if get_language() == "en" else "fr"].paid_by[_method(attempt)],
                "decline": decline_words(attempt.failure, method=attempt.method) if attempt.failure else "",
                "address": request.path,
            },
        )


def _language(attempt: PaymentAttempt) -> str:
    """That of the document, for whoever comes back from a payment page."""
    line = attempt.lines.select_related("invoice").order_by("invoice_id").first()
    return line.invoice.language if line is not None else get_language() or "fr"


def _attempt(attempt_id: UUID, now: datetime) -> PaymentAttempt | None:
    """The attempt, for a day after it began."""
    return (
        PaymentAttempt.objects.select_related("company", "account")
        .filter(id=attempt_id, created_at__gt=now - LIFETIME)
        .first()
    )


def _asked(attempt: PaymentAttempt, now: datetime, *, at_once: bool) -> PaymentAttempt:
    """The attempt after asking the provider, unless somebody just did; who gave up wants to know why, `at_once`."""
    if attempt.is_pending and (cache.add(f"portal:asked:{attempt.id}", 1, timeout=_ASK_EVERY) or at_once):
        return_from_provider(attempt_id=attempt.id, now=now)
        attempt.refresh_from_db()
    return attempt


def _grant(request: HttpRequest, attempt: PaymentAttempt, now: datetime) -> PortalGrant | None:
    invoice_id = attempt.lines.values_list("invoice_id", flat=True).order_by("invoice_id").first()
    return grant_for_invoice(session_key=session_key(request), invoice_id=invoice_id, now=now) if invoice_id else None


def _outcome(attempt: PaymentAttempt, *, gave_up: bool) -> str:
    """paid, debited (for days), waiting or unpaid: what the page says."""
    if attempt.state == AttemptState.PAID:
        return "paid"
    if attempt.state == AttemptState.PROCESSING and attempt.is_debit:
        return "debited"
    return "waiting" if attempt.is_pending and not gave_up else "unpaid"


def _method(attempt: PaymentAttempt) -> Method:
    return Method(attempt.method) if attempt.method else Method.CARD


def _to_document(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    address = reverse("portal:invoice", args=[grant.public_id])
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address, status=303)
