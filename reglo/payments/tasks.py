"""What follows events, and what is done by the clock. Each is safe to run twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.reactions import together
from reglo.money import Money
from reglo.payments import services
from reglo.payments.models import AttemptLine, Payment, ProviderAccount
from reglo.payments.part_amounts import may_be_charged
from reglo.payments.pause import put_off, waiting_for_the_provider
from reglo.payments.states import AccountState, AttemptState

REMEMBERED = timedelta(days=30)  # how far back a provider is asked, where the event no longer says


@together
def apply_received(*, events: Sequence[Event], now: datetime) -> dict[int, Exception]:
    """After `provider.event_received`."""
    named = {UUID(event.subject_id): event for event in events}
    failures: dict[int, Exception] = {}
    for notice, error in services.apply_events(provider_event_ids=list(named), now=now).items():
        failures[named[notice].id] = put_off(error, event=named[notice], now=now)
    return failures


def close_outgrown_attempts(*, event: Event, now: datetime) -> None:
    """After `payment.recorded`, `payment.allocated`, `payment.refunded`, `dispute.…`: a page for what is owed no more.

    It is closed, open or opening, where it asks for another amount, or for a document that is disputed.
    """
    payment = Payment.objects.get(id=event.subject_id)
    _close_outgrown(list(payment.allocations.values_list("invoice_id", flat=True)), event, now)


def close_credited_attempts(*, event: Event, now: datetime) -> None:
    """After `invoice.credited`: so is a page that asks for what was credited meanwhile."""
    _close_outgrown([int(event.subject_id)], event, now)


def credit_refunds(*, event: Event, now: datetime) -> None:
    """After `payment.refunded`: the credit note of what it reopened, by the company's policy."""
    assert event.company_id is not None, "every payment has a company"
    services.credit_refunds(company_id=event.company_id, payment_id=UUID(event.subject_id), now=now)


def _close_outgrown(invoice_ids: list[int], event: Event, now: datetime) -> None:
    open_lines = AttemptLine.objects.filter(
        invoice_id__in=invoice_ids, open=True, attempt__state__in=[AttemptState.UNKNOWN, AttemptState.OPEN]
    ).select_related("invoice__settlement")
    for line in open_lines:
        asked = Money(line.amount_minor, line.invoice.currency)
        if not may_be_charged(line.invoice, asked) or line.invoice.settlement.disputed_minor:
            with waiting_for_the_provider(event=event, now=now):
                services.close_attempt(attempt_id=line.attempt_id, now=now)


def fetch_missed(*, event: Event, now: datetime) -> None:
    """After `endpoint.recreated`, `endpoint.secret_renewed`: what happened while nobody was called."""
    account = ProviderAccount.objects.get(id=event.subject_id)
    if account.state == AccountState.DISCONNECTED:
        return
    told = content_of(event).get("since")
    since = datetime.fromisoformat(told) if told else event.occurred_at - REMEMBERED
    with waiting_for_the_provider(event=event, now=now):
        services.store_history(account=account, since=since, now=now)


def forget_old_bodies(*, now: datetime) -> None:
    """Every day."""
    services.prune_inbox(now=now)


def sweep(*, now: datetime) -> None:
    """Every ten minutes."""
    services.sweep(now=now)


def list_recent(*, now: datetime) -> None:
    """Every hour."""
    services.list_recent(now=now)


def compare_balances(*, now: datetime) -> None:
    """Every day."""
    services.compare_balances(now=now)


def check_accounts(*, now: datetime) -> None:
    """Every day."""
    services.check_accounts(now=now)
