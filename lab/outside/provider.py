"""The payment house behind the provider contract: what our code calls in Stripe's place.

Notices are read by Stripe's own adapter, so that signatures and ages are checked by the code that runs in production.
"""

from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

from lab.outside import Meanwhile, Outside
from lab.outside.house import Charge, House, Movement, Page, Payout, new_page_id
from reglo.money import Money
from reglo.payments.providers.balance import BalanceFact, MovementKind, PayoutFact, PayoutStanding
from reglo.payments.providers.contract import (
    Account,
    AccountBroken,
    AccountInfo,
    Attempt,
    BadSecrets,
    Health,
    HookEndpoint,
    Mode,
    Nudge,
    Permission,
    RawRequest,
    Redirect,
    RefundOrder,
    RefundRefused,
    Retryable,
    Secrets,
    TooLate,
    Unknown,
    Urls,
)
from reglo.payments.providers.facts import (
    DisputeFact,
    DisputeMove,
    DisputeStanding,
    Method,
    PaymentFact,
    Ref,
    RefundFact,
    RefundStanding,
    Snapshot,
    State,
)
from reglo.payments.providers.stripe import feed, webhook

PERMISSIONS = (Permission("checkout", "Checkout", True),)


class SimulatedProvider:
    """Speaks Feeds and Refunds too. `outside` is replaced whenever another world is played; `draw` at each step."""

    key: ClassVar[str] = "stripe"

    def __init__(self, outside: Outside, meanwhile: Meanwhile) -> None:
        self.outside = outside
        self.meanwhile = meanwhile
        self.draw = Random(0)

    @property
    def house(self) -> House:
        return self.outside.house

    def inspect(self, secrets: Secrets) -> AccountInfo:
        self._call()
        return self._info(secrets)

    def shares_endpoint(self, secrets: Secrets) -> bool:
        return False

    def connect(self, account: Account, endpoint_url: str) -> AccountInfo:
        self._call()
        info = self._info(account.secrets)
        known = self.house.accounts[info.external_id]
        created = known.endpoint_url != endpoint_url or not account.endpoint_id
        if created:
            known.endpoint_url, known.endpoint_secret = endpoint_url, f"whsec_{self.draw.randbytes(16).hex()}"
        return AccountInfo(
            external_id=info.external_id,
            name=info.name,
            country=info.country,
            mode=info.mode,
            permissions=info.permissions,
            endpoint_id=f"we_{known.id}",
            endpoint_secret=known.endpoint_secret if created else "",
        )

    def check(self, account: Account, endpoint_url: str, now: datetime) -> Health:
        self._call(account)
        skew = round((now - self.outside.clock.true).total_seconds())
        return Health(PERMISSIONS, self.house.accounts[account.external_id].endpoint_url == endpoint_url, skew)

    def disconnect(self, account: Account) -> None:
        self._call(account)

    def start(self, attempt: Attempt, urls: Urls) -> Redirect:
        lost = self._call(attempt.account)
        account_id = attempt.account.external_id
        made = Page(
            id=new_page_id(self.draw),
            key=attempt.key,
            account_id=account_id,
            reference=attempt.reference,
            minor=attempt.amount.minor,
            success=urls.success,
            cancel=urls.cancel,
            expires_at=attempt.expires_at,
        )
        parameters = (
            *(attempt.amount, attempt.reference, attempt.description, attempt.payer_email, attempt.language),
            *(attempt.expires_at, urls),
        )
        page = self.house.open_page(
            account_id=account_id, key=attempt.key, parameters=parameters, made=made, now=self.outside.clock.true
        )
        self._answer(lost, Unknown)
        return Redirect(page.url, Ref("checkout.session", page.id), page.expires_at)

    def complete(self, attempt: Attempt) -> None:
        """Nothing: the page captures by itself."""

    def cancel(self, attempt: Attempt) -> None:
        if not attempt.external_id:
            return  # as Stripe's adapter: nobody was given the page
        lost = self._call(attempt.account)
        page = self.house.pages[attempt.external_id]
        if page.state == "open":
            self.house.expire(page, now=self.outside.clock.true, draw=self.draw)
        self._answer(lost, Unknown)
        if page.state != "expired":
            raise TooLate

    def fetch(self, account: Account, ref: Ref) -> Snapshot:
        lost = self._call(account)
        snapshot = self._snapshot(account, ref)
        self._answer(lost, Retryable)
        return snapshot

    def attempt_ref(self, external_id: str) -> Ref:
        return Ref("checkout.session", external_id)

    def refund(self, order: RefundOrder) -> Ref:
        lost = self._call(order.account)
        [(page, charge)] = [found for found in self.house.charges() if found[1].id == order.payment_id]
        made = self.house.give_back(
            page,
            charge,
            order.money.minor,
            key=order.key,
            reason=order.reason,
            now=self.outside.clock.true,
            draw=self.draw,
        )
        self._answer(lost, Unknown)
        if made is None:
            raise RefundRefused("charge_already_refunded")
        return Ref("refund", made)

    def payment_ref(self, payment_id: str) -> Ref:
        return Ref("charge", payment_id)

    def read_hook(self, endpoint: HookEndpoint, raw: RawRequest, now: datetime) -> list[Nudge]:
        return webhook.read_hook(endpoint, raw, now)

    def changes(self, account: Account, cursor: str, now: datetime) -> tuple[list[Nudge], str]:
        lost = self._call(account)
        since = int(cursor) if cursor else int((now - feed.KEPT).timestamp())
        found = [
            Nudge(notice.id, notice.kind, Ref(notice.object_kind, notice.object_id), notice.at, "")
            for notice in self.house.notices.values()
            if notice.account_id == account.external_id and not notice.acknowledged and notice.at.timestamp() >= since
        ]
        self._answer(lost, Retryable)
        return sorted(found, key=lambda nudge: nudge.at), str(int((now - feed.TRIED).timestamp()))

    def _call(self, account: Account | None = None) -> bool:
        """A call arrives: whether its answer will be lost. Raises Retryable, AccountBroken."""
        trouble = self.house.trouble.pop(0) if self.house.trouble else ""
        if trouble == "refused":
            raise Retryable
        if account is not None:
            known = self.house.accounts.get(account.external_id)
            if known is None or account.secrets.get("api_key") != known.key or not known.key_works:
                raise AccountBroken
        return trouble == "unanswered"

    def _answer(self, lost: bool, error: type[Unknown] | type[Retryable]) -> None:
        """The answer travels: other things happen meanwhile, and it may not arrive."""
        self.meanwhile.happen()
        if lost:
            raise error

    def _info(self, secrets: Secrets) -> AccountInfo:
        for account in self.house.accounts.values():
            if account.key == secrets.get("api_key") and account.key_works:
                return AccountInfo(account.id, account.name, "FR", Mode.TEST, PERMISSIONS)
        raise BadSecrets(reason="clé inconnue")

    def _snapshot(self, account: Account, ref: Ref) -> Snapshot:
        if ref.kind == "checkout.session":
            page = self.house.pages.get(ref.id)
            return _of(ref, page, State(page.state)) if page else _nothing(ref)
        if ref.kind == "payout":
            payout = self.house.payouts.get(ref.id)
            return _of_payout(ref, payout, self.house) if payout else _nothing(ref)
        for page, charge in self.house.charges():
            if ref.id == charge.id or ref.id in _facts_of(charge):
                return _of(ref, page, State.PAID)
        return _nothing(ref)


def _of(ref: Ref, page: Page, state: State) -> Snapshot:
    charge = page.charge
    return Snapshot(
        ref=ref,
        live=False,
        attempt_key=page.key,
        state=state,
        payments=(_payment(charge),) if charge else (),
        refunds=tuple(_refunds(charge)) if charge else (),
        disputes=tuple(_disputes(charge)) if charge else (),
        failure=page.failure,
        redirect_url=page.url if page.state == "open" else "",
    )


def _facts_of(charge: Charge) -> set[str]:
    return {refund.id for refund in charge.refunds} | {dispute.id for dispute in charge.disputes}


def _of_payout(ref: Ref, payout: Payout, house: House) -> Snapshot:
    lines = tuple(_line(one) for one in house.movements if one.payout_id == payout.id)
    fact = PayoutFact(
        id=payout.id,
        money=Money(payout.minor, "EUR"),
        standing=PayoutStanding(payout.standing),
        at=payout.at,
        arrives_on=payout.at.date(),
        automatic=True,
        descriptor="LAB",
        failure="account_closed" if payout.standing == "failed" else "",
        lines=lines if payout.lines_told else None,
    )
    return Snapshot(ref=ref, live=False, attempt_key="", state=State.UNKNOWN, payout=fact)


def _line(movement: Movement) -> BalanceFact:
    return BalanceFact(
        id=movement.id,
        kind=MovementKind(movement.kind),
        gross=Money(movement.gross, "EUR"),
        fee=Money(movement.fee, "EUR"),
        source_id=movement.source_id,
        at=movement.at,
        attempt_key=movement.key,
    )


def _payment(charge: Charge) -> PaymentFact:
    told = charge.fee is not None
    return PaymentFact(
        id=charge.id,
        money=Money(charge.minor, "EUR"),
        at=charge.at,
        method=Method.CARD,
        method_detail="Visa •••• 4242",
        fee=Money(charge.fee or 0, "EUR") if told else None,
        settled=Money(charge.minor, "EUR") if told else None,
    )


def _refunds(charge: Charge) -> list[RefundFact]:
    return [
        RefundFact(
            refund.id, charge.id, Money(refund.minor, "EUR"), refund.at, RefundStanding(refund.standing), refund.key
        )
        for refund in charge.refunds
    ]


def _disputes(charge: Charge) -> list[DisputeFact]:
    return [
        DisputeFact(
            id=dispute.id,
            payment_id=charge.id,
            money=Money(dispute.minor, "EUR"),
            at=dispute.at,
            standing=DisputeStanding(dispute.standing),
            reason="fraudulent",
            evidence_due=dispute.at + timedelta(days=14),
            moves=tuple(
                DisputeMove(moved.id, Money(moved.minor, "EUR"), Money(moved.fee, "EUR"), moved.at)
                for moved in dispute.funds
            ),
            refundable=dispute.standing == "inquiry",
        )
        for dispute in charge.disputes
    ]


def _nothing(ref: Ref) -> Snapshot:
    return Snapshot(ref=ref, live=False, attempt_key="", state=State.UNKNOWN)
