"""The instalments of an issued invoice, as frozen, and which of them comes next."""

import json
from dataclasses import dataclass
from datetime import date

from reglo.companies.states import TermsKind
from reglo.invoicing.models import Invoice
from reglo.invoicing.terms import Instalment, next_instalment, still_due
from reglo.money import Money


@dataclass(frozen=True, slots=True)
class NextInstalment:
    """The first that is not wholly paid: its `rank` from 1 among `count`, and what is left of it."""

    rank: int
    count: int
    due_date: date
    amount: Money


def instalments_of(invoice: Invoice) -> tuple[Instalment, ...]:
    """As they were frozen; empty where all is due at once."""
    if invoice.terms_kind != TermsKind.INSTALMENTS or invoice.is_draft:
        return ()
    frozen = json.loads(invoice.frozen).get("instalments", ())
    return tuple(Instalment(date.fromisoformat(one["due_date"]), one["amount_minor"]) for one in frozen)


def next_instalment_of(invoice: Invoice) -> NextInstalment | None:
    """None where all is due at once, or paid."""
    instalments = instalments_of(invoice)
    if not instalments:
        return None
    settlement = invoice.settlement
    found = next_instalment(instalments, settled_minor=settlement.settled_minor, owed_minor=settlement.owed_minor)
    if found is None:
        return None
    rank, left = found
    return NextInstalment(rank, len(instalments), left.due_date, Money(left.amount_minor, invoice.currency))


def still_due_of(invoice: Invoice) -> tuple[Instalment, ...]:
    """What each instalment still waits for, the earliest first; the whole rest where all is due at once."""
    settlement = invoice.settlement
    instalments = instalments_of(invoice)
    if not instalments:
        return (Instalment(settlement.due_date, settlement.remaining_minor),) if settlement.remaining_minor else ()
    return tuple(still_due(instalments, settled_minor=settlement.settled_minor, owed_minor=settlement.owed_minor))


def due_date_now(invoice: Invoice) -> date:
    """The day of the next instalment; of the last one when all is paid."""
    following = next_instalment_of(invoice)
    if following is not None:
        return following.due_date
    assert invoice.due_date is not None, "an issued invoice has a due date"
    return invoice.due_date
