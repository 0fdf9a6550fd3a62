"""The health of an account as the page shows it: sentences, and the one next action."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from reglo.dashboard.account_problems import clock_problem, problem_of, silence_of
from reglo.dashboard.durations import duration
from reglo.payments.health import AccountHealth, health_of
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState


@dataclass(frozen=True, slots=True)
class HealthCard:
    """`action` is the one next thing to do: reconnect, decide, recreate, check, or nothing. Durations are in words."""

    health: AccountHealth
    problem: str
    action: str
    silence: str
    clock: str
    median: str
    worst: str
    oldest_waiting: str
    accepted_for: str  # how long the former secret is still accepted

    @property
    def account(self) -> ProviderAccount:
        return self.health.account


def card_of(account: ProviderAccount, *, now: datetime) -> HealthCard:
    health = health_of(account, now=now)
    delay, oldest, endpoint = health.delay, health.oldest_waiting, health.endpoint
    silence = silence_of(account, now=now)
    until = endpoint.previous_until if endpoint else None
    return HealthCard(
        health=health,
        problem=problem_of(account),
        action=_action(health, silence=silence),
        silence=silence,
        clock=clock_problem(account) or _clock_words(account),
        median=duration(delay.median) if delay else "",
        worst=duration(delay.worst) if delay else "",
        oldest_waiting=duration(now - oldest) if oldest else "",
        accepted_for=duration(until - now) if until and now < until else "",
    )


def _action(health: AccountHealth, *, silence: str) -> str:
    account = health.account
    if health.elsewhere:
        return "decide"
    if not health.readable or account.state != AccountState.ACTIVE:
        return "reconnect"
    if account.endpoint_ok is False:
        return "recreate"
    return "check" if silence or problem_of(account) else ""


def _clock_words(account: ProviderAccount) -> str:
    return _("À l’heure") if account.clock_skew_seconds is not None else ""
