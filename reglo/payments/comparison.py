"""The provider's balance and our books side by side, object by object. Pure: nothing is read or written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reglo.payments.providers.balance import BalanceFact
from reglo.payments.providers.balance import MovementKind as Moved
from reglo.payments.states import DifferenceKind, MovementKind

# What we keep rows of; fees of the account, payouts and the rest are explained by the lines of payouts.
COMPARED = frozenset({Moved.CHARGE, Moved.REFUND, Moved.DISPUTE})


@dataclass(frozen=True, slots=True)
class Side:
    """What an object moved, net of fees, as one side has it. `attempt_key` is our id, where theirs carries it."""

    kind: MovementKind
    net_minor: int | None  # None: not told yet
    currency: str
    at: datetime
    attempt_key: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A difference. `theirs` or `ours` is None on the side that knows nothing."""

    source_id: str
    kind: DifferenceKind
    theirs: Side | None
    ours: Side | None

    @property
    def seen(self) -> Side:
        """The side that tells of it."""
        side = self.theirs or self.ours
        assert side is not None, "a difference is seen on one side at least"
        return side


def by_source(facts: Iterable[BalanceFact]) -> dict[str, Side]:
    """What each object moved in all: a refund that failed moved the balance twice, and nothing in the end."""
    sides: dict[str, Side] = {}
    for fact in facts:
        if fact.kind not in COMPARED or not fact.source_id:
            continue
        before = sides.get(fact.source_id)
        net = fact.net.minor + (before.net_minor or 0 if before else 0)
        at = min(fact.at, before.at) if before else fact.at
        key = fact.attempt_key or (before.attempt_key if before else "")
        sides[fact.source_id] = Side(MovementKind(fact.kind.value), net, fact.net.currency, at, key)
    return sides


def differences(theirs: Mapping[str, Side], ours: Mapping[str, Side]) -> Iterator[Found]:
    """Where only one side knows an object, or both tell another amount of the same currency."""
    for source_id, side in theirs.items():
        mine = ours.get(source_id)
        if mine is None:
            yield Found(source_id, DifferenceKind.MISSING_HERE, side, None)
        elif mine.currency == side.currency and mine.net_minor != side.net_minor:
            yield Found(source_id, DifferenceKind.AMOUNTS, side, mine)
    for source_id, mine in ours.items():
        if source_id not in theirs and mine.net_minor != 0:
            yield Found(source_id, DifferenceKind.MISSING_THERE, None, mine)
