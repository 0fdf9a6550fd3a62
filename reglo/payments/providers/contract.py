"""What a payment provider must do, in our words. Amounts are `Money`, instants are aware, ids are the provider's own.

A provider keeps nothing: it is handed what it needs as the plain values below. Every call may raise `Retryable` or
`AccountBroken`; the others are said where they apply.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.money import Money
from reglo.payments.providers.balance import BalanceFact
from reglo.payments.providers.facts import Method, Ref, Snapshot

# What opens an account, as the core seals it: {"api_key": "rk_…"} or {"connected_account": "acct_…"}.
Secrets = Mapping[str, str]


class Mode(StrEnum):
    LIVE = "live"
    TEST = "test"
    SIMULATED = "simulated"


class RefundReason(StrEnum):
    """Why money is given back, as far as providers ask."""

    CUSTOMER = "customer"  # the customer asked for it
    TWICE = "twice"  # paid twice, or too much
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Account:
    """A connected account. `endpoint_id` is our endpoint's id at the provider, empty before it exists."""

    external_id: str
    mode: Mode
    secrets: Secrets = field(repr=False)
    endpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that the key needs, and whether it has it.

    `label` is the French of the provider's key page: it is stored so, and translated where it is shown.
    """

    name: str
    label: str
    granted: bool


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account as its secrets show it. `endpoint_secret` is told only when the endpoint was just created."""

    external_id: str
    name: str
    country: str
    mode: Mode
    permissions: tuple[Permission, ...]
    endpoint_id: str = ""
    endpoint_secret: str = field(default="", repr=False)

    @property
    def missing(self) -> tuple[Permission, ...]:
        return tuple(permission for permission in self.permissions if not permission.granted)


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found. `clock_skew_seconds` is our clock minus the provider's."""

    permissions: tuple[Permission, ...]
    endpoint_ok: bool
    clock_skew_seconds: int | None

    @property
    def ok(self) -> bool:
        return self.endpoint_ok and all(permission.granted for permission in self.permissions)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to collect. `key` is the attempt's uuid: the idempotency key, and what comes back in the facts.

    The same attempt must always produce the same call: a repeated key with other words is refused by providers.
    """

    key: str
    account: Account
    amount: Money
    reference: str  # the document's number, "F2026-0143"
    description: str  # what the payer reads, "Facture F2026-0143"
    payer_email: str
    language: str  # "fr" or "en"
    expires_at: datetime
    external_id: str = ""  # the provider's id, once known
    methods: tuple[Method, ...] = (Method.CARD,)  # what the payer may choose from


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the payer comes back."""

    success: str
    cancel: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """The hosted page to send the payer to."""

    url: str
    ref: Ref
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RawRequest:
    """An HTTP request as it came. Header names in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HookEndpoint:
    """Where the request arrived. `account_id` is empty for a platform's endpoint, which many accounts share."""

    secrets: tuple[str, ...] = field(repr=False)
    account_id: str
    live: bool


@dataclass(frozen=True, slots=True)
class Nudge:
    """The provider says that something happened to an object. No amount, on purpose: the object is asked for."""

    event_id: str
    kind: str
    ref: Ref
    at: datetime
    account_id: str  # empty: the endpoint's own account


@dataclass(frozen=True, slots=True)
class Listed:
    """An object of a list: just enough to see whether we lack it. The object itself is asked for.

    `complete`: all there is to tell is told, the fee of a payment, the lines of a payout.
    """

    ref: Ref
    at: datetime
    standing: str  # as the fact of its kind has it: "succeeded", "in_transit"
    complete: bool = True


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What to give back. `key` is our refund's uuid: the idempotency key, and what comes back in the facts.

    The same order must always produce the same call, as an attempt does.
    """

    key: str
    account: Account
    payment_id: str
    money: Money
    reason: RefundReason


class Provider(Protocol):
    key: ClassVar[str]

    def inspect(self, secrets: Secrets) -> AccountInfo:
        """Whose secrets these are and what they may do. Changes nothing. Raises BadSecrets."""

    def shares_endpoint(self, secrets: Secrets) -> bool:
        """Whether the account is called through the platform's endpoint instead of one of its own."""

    def connect(self, account: Account, endpoint_url: str) -> AccountInfo:
        """Create our endpoint at the provider, or repair the one of `account`, then try the whole chain.

        Safe twice. Where a right is missing nothing is created. Raises BadSecrets, EndpointRefused.
        """

    def check(self, account: Account, endpoint_url: str, now: datetime) -> Health: ...

    def disconnect(self, account: Account) -> None:
        """Remove our endpoint and give the access back. Safe twice."""

    def start(self, attempt: Attempt, urls: Urls) -> Redirect:
        """Open the hosted page. Raises Declined, Unknown."""

    def complete(self, attempt: Attempt) -> None:
        """Take the money that the payer approved, where that is a step of its own. Safe twice."""

    def cancel(self, attempt: Attempt) -> None:
        """Close the hosted page. Safe twice. Raises TooLate."""

    def fetch(self, account: Account, ref: Ref) -> Snapshot: ...

    def attempt_ref(self, external_id: str) -> Ref:
        """What to fetch to know how an attempt stands, by the id that `start` gave."""

    def read_hook(self, endpoint: HookEndpoint, raw: RawRequest, now: datetime) -> list[Nudge]:
        """What a request says, once its signature, age, mode and account are verified. Raises BadSignature."""


@runtime_checkable
class OAuth(Protocol):
    """The account is connected by a click at the provider instead of a pasted key."""

    def can_authorize(self) -> bool:
        """Whether this installation has a platform to ask in the name of."""

    def authorize(self, state: str, redirect_url: str) -> str:
        """The page where the owner of the account says yes. `state` comes back unchanged."""

    def grant(self, code: str) -> Secrets:
        """The secrets that the returned `code` buys, once. Raises BadSecrets."""


@runtime_checkable
class Refunds(Protocol):
    """Money can be given back through the provider."""

    def refund(self, order: RefundOrder) -> Ref:
        """Give the money back, once per key. Raises RefundRefused, Unknown."""

    def payment_ref(self, payment_id: str) -> Ref:
        """What to fetch to know a payment and all its refunds, by the id of its fact."""


@runtime_checkable
class Feeds(Protocol):
    """The provider can be asked what we missed."""

    def changes(self, account: Account, cursor: str, now: datetime) -> tuple[list[Nudge], str]:
        """What was never delivered since `cursor` (oldest first), and the cursor of the next call."""


@runtime_checkable
class History(Protocol):
    """The provider can be asked everything that happened, told or not: it tells nobody of what an endpoint missed
    while it did not exist."""

    def history(self, account: Account, since: datetime) -> list[Nudge]:
        """What happened from `since` on, oldest first, as far back as the provider remembers."""


@runtime_checkable
class Renewals(Protocol):
    """The secret that signs the provider's calls can be replaced."""

    def renew_endpoint(self, account: Account, endpoint_url: str) -> AccountInfo:
        """A new endpoint at the same address, its secret told, in place of the account's. Raises EndpointRefused."""


@runtime_checkable
class Listings(Protocol):
    """The provider can be asked for everything there is, whether we were told of it or not."""

    remembers: ClassVar[timedelta]  # how far back `Feeds.changes` reaches

    def recent(self, account: Account, since: datetime) -> Iterator[Listed]:
        """Payments that succeeded, refunds and payouts made since. What the key may not read is left out."""

    def balance(self, account: Account, since: datetime, source_id: str = "") -> Iterator[BalanceFact]:
        """Every movement of the balance since, payouts included; of one object only, where it is named."""


class BadSecrets(RegloError):
    """A key that is wrong, of the wrong sort, or lacks a right; the sentence says which."""

    code = "bad_key"
    message = _("%(reason)s")


class EndpointRefused(RegloError):
    code = "endpoint_refused"
    message = _("Le prestataire refuse d’appeler l’adresse de cette installation : %(reason)s")


class Declined(RegloError):
    """The provider says no, for good; the sentence is for the payer."""

    code = "payment_declined"
    status = 409
    message = _("%(reason)s")


class RefundRefused(RegloError):
    """The provider does not give the money back, for good. `failure` is its code, "charge_already_refunded"."""

    code = "refund_refused"
    status = 409
    message = _("Le service de paiement refuse ce remboursement.")

    def __init__(self, failure: str) -> None:
        self.failure = failure
        super().__init__()


class Retryable(RegloError):
    """Nothing was done: the same call may be made again later."""

    code = "provider_unavailable"
    status = 503
    message = _("Le service de paiement ne répond pas pour le moment. Réessayez dans quelques minutes.")


class RightMissing(Retryable):
    """The key may not read this object. It waits until somebody gives the right; what needs no such object goes on."""

    code = "provider_right_missing"
    message = _(
        "La clé de votre compte n’a pas le droit de lire cet objet. "
        "Donnez-lui ce droit : la page Santé des paiements le nomme."
    )


class Unknown(RegloError):
    """Sent, but unanswered: it may have been done. Only the same key may be tried again."""

    code = "payment_outcome_unknown"
    status = 503
    message = _("Le service de paiement n’a pas répondu. Réessayez : vous ne paierez pas deux fois.")


class AccountBroken(RegloError):
    """The provider refuses our access: key revoked, or a right taken away."""

    code = "account_broken"
    status = 409
    message = _("Le paiement par carte est momentanément indisponible.")


class TooLate(RegloError):
    """The page cannot be closed any more: it was paid, or is being paid."""

    code = "payment_too_late"
    status = 409
    message = _("Ce paiement est déjà en cours : il ne peut plus être annulé.")


class BadSignature(RegloError):
    """A request that its sender cannot have signed for this endpoint, or not now. `reason` is for our log."""

    code = "bad_signature"
    status = 400
    message = _("Notification refusée.")


class KeyReused(Exception):
    """A bug of ours: the same idempotency key was sent with other parameters. Never cured by another key."""
