"""The inbox: verify a provider's call, store it once, and let a reaction do the rest."""

import json
from base64 import b64encode
from datetime import datetime

from django.db import IntegrityError, transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.models import Endpoint, ProviderAccount, ProviderEvent
from reglo.payments.providers import registry
from reglo.payments.providers.contract import HookEndpoint, Nudge, RawRequest
from reglo.ports import ids

# Headers that help support; the rest is never kept.
KEPT_HEADERS = ("content-type", "user-agent", "stripe-signature")


def receive_event(*, endpoint: Endpoint, raw: RawRequest, now: datetime) -> int:
    """How many of its nudges were new. A nudge for an account that is not connected here is let go.

    Raises BadSignature; nothing is then stored.
    """
    nudges = registry.provider(endpoint.provider).read_hook(
        HookEndpoint(
            secrets=endpoint.accepted_secrets(now),
            account_id=endpoint.account.external_id if endpoint.account else "",
            live=endpoint.live,
        ),
        raw,
        now,
    )
    request = json.dumps(
        {
            "headers": {name: raw.headers[name] for name in KEPT_HEADERS if name in raw.headers},
            "body": b64encode(raw.body).decode("ascii"),
        }
    )
    stored = 0
    for nudge in nudges:
        account = endpoint.account or _platform_account(endpoint, nudge)
        if account is not None:
            stored += store_nudge(endpoint=endpoint, account=account, nudge=nudge, request=request, now=now)
    return stored


def store_nudge(
    *, endpoint: Endpoint, account: ProviderAccount, nudge: Nudge, request: str = "", now: datetime
) -> bool:
    """Whether it was new. `request` is the call as JSON, kept encrypted; empty for a nudge that was asked for."""
    if ProviderEvent.objects.filter(endpoint=endpoint, event_id=nudge.event_id).exists():
        return False
    event = ProviderEvent(
        id=ids.new_uuid(),
        endpoint=endpoint,
        account=account,
        company_id=account.company_id,
        event_id=nudge.event_id,
        kind=nudge.kind[:100],
        object_kind=nudge.ref.kind[:60],
        object_id=nudge.ref.id[:100],
        happened_at=nudge.at,
        received_at=now,
    )
    if request:
        event.seal_request(request)
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            record(kind=Kind.PROVIDER_EVENT_RECEIVED, company_id=account.company_id, subject=event, now=now)
    except IntegrityError:
        if ProviderEvent.objects.filter(endpoint=endpoint, event_id=nudge.event_id).exists():
            return False  # the same delivery, at the same instant, in another process
        raise
    return True


def _platform_account(endpoint: Endpoint, nudge: Nudge) -> ProviderAccount | None:
    return ProviderAccount.objects.filter(
        provider=endpoint.provider, external_id=nudge.account_id, company__practice=not endpoint.live
    ).first()
