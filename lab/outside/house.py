"""A payment house: hosted pages, charges, refunds, fees told later, payouts, notices that it forgets only after a 2xx.

It keeps its own truth, on its own clock, and knows nothing of our tables. What the real ones do and we must survive is
here: a key is remembered for 24 hours and refused with other parameters, an answer may be lost after the deed, a notice
is sent again and again.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

KEYS_KEPT = timedelta(hours=24)
DISPUTE_FEE = 20_00
EVENTS_KEPT = timedelta(days=30)
PAGES = "https://checkout.stripe.com/c/pay/"


@dataclass
class Refund:
    id: str
    minor: int
    at: datetime
    standing: str  # pending, succeeded, failed
    key: str = ""  # of the order that made it; empty where the seller made it here


@dataclass
class Funds:
    """Taken from the seller for a dispute (negative), or given back."""

    id: str
    minor: int
    fee: int
    at: datetime


@dataclass
class Dispute:
    id: str
    minor: int
    at: datetime
    standing: str  # inquiry, open, won, lost, closed
    funds: list[Funds] = field(default_factory=list)

    @property
    def holds_money(self) -> bool:
        return sum(moved.minor for moved in self.funds) < 0


@dataclass
class Charge:
    id: str
    page_id: str
    minor: int
    at: datetime
    fee: int | None = None
    refunds: list[Refund] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def refundable(self) -> int:
        """Nothing while a bank holds the money, or kept it."""
        if any(dispute.holds_money for dispute in self.disputes):
            return 0
        return self.minor - sum(refund.minor for refund in self.refunds if refund.standing != "failed")


@dataclass
class Movement:
    """Of the balance: a charge whose fee is told, a refund that left or came back, a sale made elsewhere, a payout that
    came back."""

    id: str
    account_id: str
    kind: str  # charge, refund, payout
    source_id: str
    gross: int
    fee: int
    at: datetime
    key: str = ""  # of the page, where it is ours
    payout_id: str = ""

    @property
    def net(self) -> int:
        return self.gross - self.fee


@dataclass
class Payout:
    """What leaves for the seller's bank: every movement that waited."""

    id: str
    account_id: str
    minor: int
    at: datetime
    standing: str = "in_transit"  # in_transit, paid, failed
    lines_told: bool = False


@dataclass
class Page:
    id: str
    key: str
    account_id: str
    reference: str
    minor: int
    success: str
    cancel: str
    expires_at: datetime
    state: str = "open"  # open, processing, paid, failed, expired
    failure: str = ""
    charge: Charge | None = None

    @property
    def url(self) -> str:
        return PAGES + self.id


@dataclass
class Notice:
    id: str
    kind: str
    object_kind: str
    object_id: str
    account_id: str
    at: datetime
    acknowledged: bool = False
    abandoned: bool = False  # the postman will never try it again

    @property
    def waits(self) -> bool:
        return not self.acknowledged and not self.abandoned


@dataclass
class HouseAccount:
    id: str
    name: str
    key: str
    key_works: bool = True
    endpoint_url: str = ""
    endpoint_secret: str = ""


@dataclass
class Remembered:
    parameters: tuple[object, ...]
    at: datetime
    made: str  # the id of what was made: a page, a refund


@dataclass
class House:
    accounts: dict[str, HouseAccount] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    payouts: dict[str, Payout] = field(default_factory=dict)
    keys: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)  # what befalls the next calls: refused, unanswered
    broken_rules: list[str] = field(default_factory=list)  # what we did that a house would complain about
    version: int = 0

    def charges(self) -> Iterator[tuple[Page, Charge]]:
        for page in self.pages.values():
            if page.charge is not None:
                yield page, page.charge

    def open_page(
        self, *, account_id: str, key: str, parameters: tuple[object, ...], made: Page, now: datetime
    ) -> Page:
        """The page of this key: the one it made before, within 24 hours, or `made`."""
        known = self._remembered(account_id, key, parameters, now)
        if known is not None:
            return self.pages[known.made]
        self.keys[account_id, key] = Remembered(parameters, now, made.id)
        self.pages[made.id] = made
        self.version += 1
        return made

    def _remembered(
        self, account_id: str, key: str, parameters: tuple[object, ...], now: datetime
    ) -> Remembered | None:
        known = self.keys.get((account_id, key))
        if known is None or now >= known.at + KEYS_KEPT:
            return None
        if known.parameters != parameters:
            self.broken_rules.append(f"I10: the key {key} came back with other parameters")
        return known

    def pay(self, page: Page, *, now: datetime, draw: Random) -> None:
        """The payer's card is charged."""
        page.state, page.failure = "paid", ""
        charge = page.charge = Charge(_id("ch", draw), page.id, page.minor, now)
        self.tell("checkout.session.completed", "checkout.session", page.id, page.account_id, now, draw)
        self.tell("charge.succeeded", "charge", charge.id, page.account_id, now, draw)

    def refuse(self, page: Page, *, now: datetime, draw: Random) -> None:
        """The card is declined; the page stays open."""
        page.failure = "insufficient_funds"
        self.tell("payment_intent.payment_failed", "checkout.session", page.id, page.account_id, now, draw)

    def debit(self, page: Page, *, now: datetime, draw: Random) -> None:
        """A debit is on its way, for days."""
        page.state = "processing"
        self.tell("checkout.session.completed", "checkout.session", page.id, page.account_id, now, draw)

    def end_debit(self, page: Page, *, succeeds: bool, now: datetime, draw: Random) -> None:
        if succeeds:
            self.pay(page, now=now, draw=draw)
            return
        page.state, page.failure = "failed", "debit_not_authorized"
        self.tell("checkout.session.async_payment_failed", "checkout.session", page.id, page.account_id, now, draw)

    def tell_fee(self, page: Page, charge: Charge, *, now: datetime, draw: Random) -> None:
        charge.fee = 25 + charge.minor * 15 // 1000
        self._move(page.account_id, "charge", charge.id, charge.minor, charge.fee, now, key=page.key)
        self.tell("charge.updated", "charge", charge.id, page.account_id, now, draw)

    def refund(self, page: Page, charge: Charge, minor: int, *, standing: str, now: datetime, draw: Random) -> None:
        refund = Refund(_id("re", draw), minor, now, standing)
        charge.refunds.append(refund)
        if standing == "succeeded":
            self._move(page.account_id, "refund", refund.id, -minor, 0, now)
        self.tell("refund.created", "refund", refund.id, page.account_id, now, draw)

    def give_back(
        self, page: Page, charge: Charge, minor: int, *, key: str, reason: str, now: datetime, draw: Random
    ) -> str | None:
        """The id of the refund of this key: what it made before, within 24 hours, or a new one; None: too much."""
        parameters = (charge.id, minor, reason)
        known = self._remembered(page.account_id, key, parameters, now)
        if known is not None:
            return known.made or None
        fits = minor <= charge.refundable
        made = ""
        if fits:
            self.refund(page, charge, minor, standing=draw.choice(("succeeded", "pending")), now=now, draw=draw)
            charge.refunds[-1].key, made = key, charge.refunds[-1].id
        self.keys[page.account_id, key] = Remembered(parameters, now, made)
        return made or None

    def end_refund(self, page: Page, refund: Refund, standing: str, *, now: datetime, draw: Random) -> None:
        if standing == "succeeded":
            self._move(page.account_id, "refund", refund.id, -refund.minor, 0, now)
        elif refund.standing == "succeeded":
            self._move(page.account_id, "refund", refund.id, refund.minor, 0, now)
        refund.standing = standing
        kind = "refund.failed" if standing == "failed" else "refund.updated"
        self.tell(kind, "refund", refund.id, page.account_id, now, draw)

    def dispute(self, page: Page, charge: Charge, *, inquiry: bool, now: datetime, draw: Random) -> None:
        """The payer's bank asks about what is left of a charge, or takes it back."""
        dispute = Dispute(_id("dp", draw), charge.refundable, now, "inquiry" if inquiry else "open")
        charge.disputes.append(dispute)
        self.tell("charge.dispute.created", "dispute", dispute.id, page.account_id, now, draw)
        if not inquiry:
            self._withdraw(page, dispute, now, draw)

    def escalate(self, page: Page, dispute: Dispute, *, now: datetime, draw: Random) -> None:
        dispute.standing = "open"
        self.tell("charge.dispute.updated", "dispute", dispute.id, page.account_id, now, draw)
        self._withdraw(page, dispute, now, draw)

    def end_dispute(self, page: Page, dispute: Dispute, *, won: bool, now: datetime, draw: Random) -> None:
        """The bank decides; an inquiry is closed, whatever was answered."""
        inquiry = dispute.standing == "inquiry"
        dispute.standing = "closed" if inquiry else "won" if won else "lost"
        self.tell("charge.dispute.closed", "dispute", dispute.id, page.account_id, now, draw)
        if won and not inquiry:
            dispute.funds.append(Funds(_id("txn", draw), dispute.minor, draw.choice((0, -DISPUTE_FEE)), now))
            self.tell("charge.dispute.funds_reinstated", "dispute", dispute.id, page.account_id, now, draw)

    def _withdraw(self, page: Page, dispute: Dispute, now: datetime, draw: Random) -> None:
        dispute.funds.append(Funds(_id("txn", draw), -dispute.minor, DISPUTE_FEE, now))
        self.tell("charge.dispute.funds_withdrawn", "dispute", dispute.id, page.account_id, now, draw)

    def sell_elsewhere(self, account_id: str, minor: int, *, now: datetime, draw: Random) -> None:
        """Through the seller's other shop: none of our pages."""
        charge = _id("ch", draw)
        self._move(account_id, "charge", charge, minor, 25 + minor * 15 // 1000, now)
        self.tell("charge.succeeded", "charge", charge, account_id, now, draw)

    def pay_out(self, account_id: str, *, now: datetime, draw: Random) -> None:
        """All that waits leaves for the bank; nothing where it is nothing."""
        waiting = [one for one in self.movements if one.account_id == account_id and not one.payout_id]
        minor = sum(one.net for one in waiting)
        if minor > 0:
            payout = Payout(_id("po", draw), account_id, minor, now)
            self.payouts[payout.id] = payout
            for one in waiting:
                one.payout_id = payout.id
            self.version += 1

    def tell_lines(self, payout: Payout, *, now: datetime, draw: Random) -> None:
        payout.lines_told = True
        self.tell("payout.reconciliation_completed", "payout", payout.id, payout.account_id, now, draw)

    def arrive(self, payout: Payout, *, now: datetime, draw: Random) -> None:
        payout.standing = "paid"
        self.tell("payout.paid", "payout", payout.id, payout.account_id, now, draw)

    def send_back(self, payout: Payout, *, now: datetime, draw: Random) -> None:
        """The bank, even days after it was paid: the money waits again."""
        payout.standing = "failed"
        self._move(payout.account_id, "payout", payout.id, payout.minor, 0, now)
        self.tell("payout.failed", "payout", payout.id, payout.account_id, now, draw)

    def _move(
        self, account_id: str, kind: str, source_id: str, gross: int, fee: int, now: datetime, *, key: str = ""
    ) -> None:
        name = f"txn_{len(self.movements)}_{source_id}"
        self.movements.append(Movement(name, account_id, kind, source_id, gross, fee, now, key))

    def expire(self, page: Page, *, now: datetime, draw: Random) -> None:
        page.state = "expired"
        self.tell("checkout.session.expired", "checkout.session", page.id, page.account_id, now, draw)

    def expire_old_pages(self, *, now: datetime, draw: Random) -> None:
        for page in self.pages.values():
            if page.state == "open" and page.expires_at <= now:
                self.expire(page, now=now, draw=draw)

    def tell(self, kind: str, object_kind: str, object_id: str, account_id: str, now: datetime, draw: Random) -> None:
        notice = Notice(_id("evt", draw), kind, object_kind, object_id, account_id, now)
        self.notices[notice.id] = notice
        self.version += 1

    def waiting(self) -> list[Notice]:
        return [notice for notice in self.notices.values() if notice.waits]

    def signed(self, notice: Notice, *, now: datetime, secret: str = "") -> tuple[bytes, str]:
        """The body of a notice and its signature, by the endpoint's secret unless told otherwise."""
        body = json.dumps(
            {
                "object": "event",
                "id": notice.id,
                "type": notice.kind,
                "created": int(notice.at.timestamp()),
                "livemode": False,
                "data": {"object": {"object": notice.object_kind, "id": notice.object_id}},
            }
        ).encode()
        stamp = int(now.timestamp())
        key = secret or self.accounts[notice.account_id].endpoint_secret
        signature = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={stamp},v1={signature}"


def new_page_id(draw: Random) -> str:
    return _id("cs", draw)


def _id(kind: str, draw: Random) -> str:
    return f"{kind}_{draw.randbytes(8).hex()}"
