"""Stripe's notifications: verified with its SDK, aged by our own clock, read for their ids alone."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import stripe

from reglo.payments.providers.contract import BadSignature, HookEndpoint, Nudge, RawRequest
from reglo.payments.providers.facts import Ref

# What we ask Stripe to tell us: what means money, or the end of a try to pay.
EVENT_TYPES: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.succeeded",
    "charge.failed",
    "charge.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "payout.paid",
    "payout.failed",
    "payout.reconciliation_completed",
)
TOLERANCE_SECONDS = 300


def read_hook(endpoint: HookEndpoint, raw: RawRequest, now: datetime) -> list[Nudge]:
    """The one nudge of a request that Stripe signed for this endpoint, within five minutes. Raises BadSignature."""
    header = raw.headers.get("stripe-signature", "")
    _verify(raw.body, header, endpoint.secrets)
    _verify_age(header, now)
    event = _parse(raw.body)
    nudge = nudge_of(event)
    if event.get("livemode") is not endpoint.live:
        raise BadSignature(reason="an event of the other mode")
    if endpoint.account_id and nudge.account_id not in {"", endpoint.account_id}:
        raise BadSignature(reason="an event of another account")
    if not endpoint.account_id and not nudge.account_id:
        raise BadSignature(reason="an event of no account at a platform's endpoint")
    return [nudge]


def nudge_of(event: dict[str, Any]) -> Nudge:
    """The ids of an event: a snapshot event, or a thin one. Raises BadSignature for anything else."""
    try:
        if event["object"] == "v2.core.event":
            related = event["related_object"]
            ref = Ref(str(related["type"]), str(related["id"]))
            at = datetime.fromisoformat(event["created"])
            account = str(event.get("context") or "")
        else:
            related = event["data"]["object"]
            ref = Ref(str(related["object"]), str(related["id"]))
            at = datetime.fromtimestamp(event["created"], tz=UTC)
            account = str(event.get("account") or "")
        return Nudge(str(event["id"]), str(event["type"]).removeprefix("v1."), ref, at, account)
    except (KeyError, TypeError, ValueError) as error:
        raise BadSignature(reason="not an event") from error


def _verify(body: bytes, header: str, secrets: tuple[str, ...]) -> None:
    """One of the secrets signed this body. The SDK compares in constant time."""
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, header, secret)
        except UnicodeDecodeError as error:
            raise BadSignature(reason="not UTF-8") from error
        except stripe.SignatureVerificationError:
            continue
        return
    raise BadSignature(reason="no known secret signed it" if header else "no signature")


def _verify_age(header: str, now: datetime) -> None:
    """The SDK refuses old signatures by the machine's clock, and future ones not at all: both are ours to judge."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    age = now.timestamp() - int(parts["t"])
    if age > TOLERANCE_SECONDS:
        raise BadSignature(reason="stale")
    if age < -TOLERANCE_SECONDS:
        raise BadSignature(reason="from the future")


def _parse(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadSignature(reason="not JSON") from error
    if not isinstance(event, dict):
        raise BadSignature(reason="not an event")
    return event
