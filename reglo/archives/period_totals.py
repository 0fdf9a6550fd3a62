"""What the books came to hold, day after day: documents by their chain, money by the chain of entries.

Both chains are written under a lock, so that whatever has a place below one that is seen is seen too: nothing can slip
under a day that was closed. What bears a time before its place's (a clock went back) counts in the day of its place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import accumulate

from django.db.models import Exists, OuterRef, Q, Sum

from reglo.invoicing.models import Invoice
from reglo.invoicing.states import DocumentKind
from reglo.ledger.models import AccountMapping, Entry
from reglo.ledger.states import AccountRole


@dataclass(slots=True)
class Sums:
    """Counts and minor units, VAT included."""

    invoices_count: int = 0
    invoices_minor: int = 0
    credit_notes_count: int = 0
    credit_notes_minor: int = 0
    payments_count: int = 0
    payments_minor: int = 0
    undone_count: int = 0
    undone_minor: int = 0
    refunds_count: int = 0
    refunds_minor: int = 0

    def add(self, name: str, minor: int) -> None:
        setattr(self, f"{name}_count", getattr(self, f"{name}_count") + 1)
        setattr(self, f"{name}_minor", getattr(self, f"{name}_minor") + minor)

    def plus(self, others: Iterable[object]) -> "Sums":
        """The sum of these rows, closings among them."""
        rows = list(others)
        return Sums(**{f.name: sum(getattr(row, f.name) for row in rows) for f in fields(self)})

    @property
    def invoiced_minor(self) -> int:
        return self.invoices_minor - self.credit_notes_minor

    @property
    def collected_minor(self) -> int:
        return self.payments_minor - self.undone_minor - self.refunds_minor


@dataclass(frozen=True, slots=True)
class Happened:
    """Something at a place of its chain: `name` is a pair of columns of Sums, "" for what is not counted."""

    position: int
    at: datetime
    name: str
    minor: int


def documents_after(*, company_id: int, position: int, until: datetime) -> list[Happened]:
    """The issued documents after that place, up to the last one issued before `until`."""
    chained = Invoice.objects.filter(company_id=company_id, chain_position__gt=position)
    last = chained.filter(issued_at__lt=until).order_by("-chain_position").values_list("chain_position", flat=True)
    rows = chained.filter(chain_position__lte=last.first() or 0).order_by("chain_position")
    return [
        Happened(at_position, at, "credit_notes" if kind == DocumentKind.CREDIT_NOTE else "invoices", gross)
        for at_position, at, kind, gross in rows.values_list("chain_position", "issued_at", "kind", "gross_minor")
        if at_position is not None and at is not None
    ]


_MONEY = Q(source__startswith="payment:") | Q(source__startswith="refund:") | Q(source__startswith="refund-failed:")
_OF_PAYERS = Exists(
    AccountMapping.objects.filter(
        company=OuterRef("company"),
        number=OuterRef("lines__account"),
        role__in=[AccountRole.RECEIVABLE, AccountRole.SURPLUS],
    )
)


def money_after(*, company_id: int, position: int, until: datetime) -> list[Happened]:
    """The entries after that place, up to the last one posted before `until`, those of money with what they brought:
    what they credit to the customers."""
    posted = Entry.objects.filter(company_id=company_id, position__gt=position)
    last = posted.filter(posted_at__lt=until).order_by("-position").values_list("position", flat=True).first()
    posted = posted.filter(position__lte=last or 0)
    moved = posted.filter(_MONEY | Q(reverses__source__startswith="payment:"))
    brought = {
        entry_id: int(minor or 0)
        for entry_id, minor in moved.filter(_OF_PAYERS)
        .values_list("id")
        .annotate(minor=Sum("lines__credit_minor") - Sum("lines__debit_minor"))
    }
    money = {
        entry_id: (_name_of(source), brought.get(entry_id, 0)) for entry_id, source in moved.values_list("id", "source")
    }
    happened = []
    for entry_id, at_position, at in posted.order_by("position").values_list("id", "position", "posted_at"):
        name, minor = money.get(entry_id, ("", 0))
        happened.append(Happened(at_position, at, name, minor if name == "payments" else -minor))
    return happened


def _name_of(source: str) -> str:
    kind = source.partition(":")[0]
    return {"payment": "payments", "reversal": "undone"}.get(kind, "refunds")


def cut(happened: Sequence[Happened], ends: Sequence[datetime]) -> list[list[Happened]]:
    """What belongs to each of the periods that end so, in order: up to the last place that bears an earlier time."""
    earliest = list(accumulate((one.at for one in reversed(happened)), min))[::-1]  # of it and of all after it
    parts: list[list[Happened]] = []
    taken = 0
    for end in ends:
        begun = taken
        while taken < len(happened) and earliest[taken] < end:
            taken += 1
        parts.append(list(happened[begun:taken]))
    return parts
