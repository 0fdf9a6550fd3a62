"""Does a provider do what our code counts on? The steps of a payment, tried one after the other with a test key.

Nothing is written in our tables, and what is opened is closed. Of the latest test payment, a cent is given back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from reglo.errors import RegloError
from reglo.money import Money
from reglo.payments.providers.contract import (
    Account,
    AccountInfo,
    Attempt,
    BadSignature,
    Feeds,
    History,
    HookEndpoint,
    Mode,
    Provider,
    RawRequest,
    Redirect,
    RefundOrder,
    RefundReason,
    RefundRefused,
    Refunds,
    Secrets,
    Urls,
)
from reglo.payments.providers.facts import PaymentFact, Ref, State
from reglo.ports import ids
from reglo.ports.terminal import gettext as _
from reglo.ports.terminal import gettext_noop, language
from reglo.ui.formats import amount

LIFE = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
WORST_SKEW = 60  # seconds


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line. `detail` is what was seen, or what is wrong."""

    sentence: str
    result: Result
    detail: str


class NotAsPromised(Exception):
    """The provider answered, and not what our code counts on."""


class NothingToTry(Exception):
    """The step needs what an earlier one did not get, or what the account does not have."""


@dataclass
class Trial:
    """What the steps hand to each other."""

    provider: Provider
    secrets: Secrets = field(repr=False)
    base_url: str
    now: datetime
    info: AccountInfo | None = None
    page: Redirect | None = None
    paid: PaymentFact | None = None

    @property
    def account(self) -> Account:
        if self.info is None:
            raise NothingToTry
        return Account(self.info.external_id, self.info.mode, self.secrets)

    @property
    def opened(self) -> Redirect:
        if self.page is None:
            raise NothingToTry
        return self.page

    def attempt(self, *, external_id: str = "") -> Attempt:
        return Attempt(
            key=self.key,
            account=self.account,
            amount=Money(1_00, "EUR"),
            reference="ESSAI",
            description="Réglo : essai",
            payer_email="",
            language="fr",
            expires_at=(self.now + LIFE).replace(microsecond=0),
            external_id=external_id,
        )

    def __post_init__(self) -> None:
        self.key = str(ids.new_uuid())
        self.urls = Urls(f"{self.base_url}/", f"{self.base_url}/")
        self.hook = f"{self.base_url}/hooks/{self.provider.key}/essai"


def selftest(*, provider: Provider, secrets: Secrets, base_url: str, now: datetime) -> Iterator[Outcome]:
    """Each step as it ends. One that fails does not keep the next from being tried, unless they need its result."""
    trial = Trial(provider, secrets, base_url, now)
    for sentence, step in STEPS:
        try:
            yield Outcome(sentence, Result.PASSED, step(trial))
        except NothingToTry as reason:
            yield Outcome(sentence, Result.SKIPPED, str(reason))
        except (NotAsPromised, RegloError) as problem:
            yield Outcome(sentence, Result.FAILED, str(problem))
        except Exception as error:  # noqa: BLE001 (a refusal nobody foresaw is what a self-test is for)
            yield Outcome(sentence, Result.FAILED, f"{type(error).__name__}: {error}")


def _opens_an_account(trial: Trial) -> str:
    info = trial.provider.inspect(trial.secrets)
    _expect(info.mode != Mode.LIVE, _("la clé est réelle"))
    trial.info = info
    return f"{info.name}, {info.external_id}, {info.mode.value}"


def _has_its_rights(trial: Trial) -> str:
    if trial.info is None:
        raise NothingToTry
    missing = ", ".join(permission.name for permission in trial.info.missing)
    _expect(not missing, missing)
    return str(len(trial.info.permissions))


def _agrees_on_the_time(trial: Trial) -> str:
    skew = trial.provider.check(trial.account, trial.hook, trial.now).clock_skew_seconds
    if skew is None:
        raise NothingToTry(_("le prestataire ne dit pas l’heure"))
    _expect(abs(skew) <= WORST_SKEW, f"{skew:+d} s")
    return f"{skew:+d} s"


def _opens_a_page(trial: Trial) -> str:
    trial.page = trial.provider.start(trial.attempt(), trial.urls)
    _expect(trial.page.url.startswith("http"), trial.page.url)
    _expect(trial.page.expires_at == trial.attempt().expires_at, str(trial.page.expires_at))
    return trial.page.ref.id


def _opens_it_once(trial: Trial) -> str:
    first, second = trial.opened, trial.provider.start(trial.attempt(), trial.urls)
    _expect(second.ref == first.ref, second.ref.id)
    return second.ref.id


def _an_open_page_is_no_money(trial: Trial) -> str:
    seen = trial.provider.fetch(trial.account, trial.provider.attempt_ref(trial.opened.ref.id))
    _expect((seen.state, seen.attempt_key) == (State.OPEN, trial.key), f"{seen.state}, {seen.attempt_key}")
    _expect(not seen.payments, str(seen.payments))
    return seen.state.value


def _closes_it_twice(trial: Trial) -> str:
    known = trial.attempt(external_id=trial.opened.ref.id)
    trial.provider.cancel(known)
    trial.provider.cancel(known)
    state = trial.provider.fetch(trial.account, trial.opened.ref).state
    _expect(state in {State.EXPIRED, State.CANCELED}, state.value)
    return state.value


def _nobody_says_nothing(trial: Trial) -> str:
    seen = trial.provider.fetch(trial.account, trial.provider.attempt_ref("nobody"))
    _expect((seen.state, seen.attempt_key) == (State.UNKNOWN, ""), seen.state.value)
    return seen.state.value


def _refuses_a_stranger(trial: Trial) -> str:
    endpoint = HookEndpoint(("whsec_nobody",), trial.account.external_id, live=False)
    try:
        trial.provider.read_hook(endpoint, RawRequest({"stripe-signature": "t=1,v1=00"}, b"{}"), trial.now)
    except BadSignature as refused:
        return str(refused)
    raise NotAsPromised(_("elle est acceptée"))


def _lists_what_was_missed(trial: Trial) -> str:
    if not isinstance(trial.provider, Feeds):
        raise NothingToTry
    nudges, cursor = trial.provider.changes(trial.account, "", trial.now)
    _expect(bool(cursor), _("sans repère pour la suite"))
    return str(len(nudges))


def _tells_a_payment_twice_the_same(trial: Trial) -> str:
    """The latest one of the account: made by the official CLI, say, or by a card on a page of another try."""
    if not isinstance(trial.provider, History):
        raise NothingToTry
    told = trial.provider.history(trial.account, trial.now - REMEMBERED)
    charge = next((nudge.ref for nudge in reversed(told) if nudge.kind == "charge.succeeded"), None)
    if charge is None:
        raise NothingToTry(_("aucun paiement d’essai sur ce compte depuis 30 jours"))
    first, second = (trial.provider.fetch(trial.account, Ref(charge.kind, charge.id)) for _each in range(2))
    _expect(first.payments == second.payments and bool(first.payments), str(second.payments))
    paid = first.payments[0]
    _expect(paid.id == charge.id and paid.money.minor > 0, str(paid))
    trial.paid = paid
    return f"{paid.id}, {amount(paid.money, language=language())}"


def _gives_back_once(trial: Trial) -> str:
    if trial.paid is None or not isinstance(trial.provider, Refunds):
        raise NothingToTry
    cent = Money(1, trial.paid.money.currency)
    order = RefundOrder(str(ids.new_uuid()), trial.account, trial.paid.id, cent, RefundReason.OTHER)
    try:
        first, second = (trial.provider.refund(order) for _each in range(2))
    except RefundRefused as refused:
        raise NothingToTry(_("le dernier paiement d’essai ne se rembourse plus")) from refused
    _expect(first == second, second.id)
    seen = trial.provider.fetch(trial.account, trial.provider.payment_ref(trial.paid.id))
    given = [refund for refund in seen.refunds if refund.order_key == order.key]
    _expect([refund.money for refund in given] == [cent], str(given))
    return f"{given[0].id}, {amount(cent, language=language())}"


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotAsPromised(otherwise)


STEPS: tuple[tuple[str, Callable[[Trial], str]], ...] = (
    (gettext_noop("La clé ouvre un compte de test"), _opens_an_account),
    (gettext_noop("Elle a tous les droits nécessaires"), _has_its_rights),
    (gettext_noop("Les deux horloges sont d’accord"), _agrees_on_the_time),
    (gettext_noop("Une page de paiement s’ouvre"), _opens_a_page),
    (gettext_noop("La même demande retrouve la même page"), _opens_it_once),
    (gettext_noop("Une page ouverte n’est pas de l’argent"), _an_open_page_is_no_money),
    (gettext_noop("La page se ferme, et se refermer ne fait rien"), _closes_it_twice),
    (gettext_noop("Ce qui n’existe pas ne dit rien"), _nobody_says_nothing),
    (gettext_noop("Une fausse signature est refusée"), _refuses_a_stranger),
    (gettext_noop("Les notifications manquées se demandent"), _lists_what_was_missed),
    (gettext_noop("Un paiement dit deux fois la même chose"), _tells_a_payment_twice_the_same),
    (gettext_noop("Un remboursement demandé deux fois n’est fait qu’une fois"), _gives_back_once),
)
