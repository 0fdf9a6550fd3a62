"""Documents written down whole, `documents/*.toml`: what is typed, and every total worked out by hand beside it.

Amounts are in euros, as a person writes them; `expected.ledger` and `credits.ledger` are the balances of the accounts
after that step, debits minus credits, those that are even left out.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reglo.companies.states import Nature
from reglo.invoicing.services import LineInput
from reglo.invoicing.terms import Part

FOLDER = Path(__file__).parent / "documents"
NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def minor(euros: str) -> int:
    """Euros as written, in cents. Raises where there is half a cent."""
    cents = Decimal(euros) * 100
    assert cents == cents.to_integral_value(), euros
    return int(cents)


@dataclass(frozen=True)
class Written:
    """One of the files; its lines repeated as it says, each with its own description."""

    name: str
    facts: dict[str, Any]

    @property
    def at(self) -> datetime:
        return self.facts.get("at", NOON)

    @property
    def seller(self) -> dict[str, Any]:
        return dict(self.facts.get("seller", {}))

    @property
    def customer(self) -> dict[str, Any]:
        return dict(self.facts.get("customer", {}))

    @property
    def document(self) -> dict[str, Any]:
        facts = dict(self.facts.get("document", {}))
        if "instalments" in facts:
            facts["instalments"] = [_part(part) for part in facts["instalments"]]
        if "early_discount_rate" in facts:
            facts["early_discount_rate"] = Decimal(facts["early_discount_rate"])
        return facts

    @property
    def lines(self) -> list[LineInput]:
        written = self.facts["lines"] * self.facts.get("repeat", 1)
        return [_line(rank, facts) for rank, facts in enumerate(written, start=1)]

    @property
    def expected(self) -> dict[str, Any]:
        return dict(self.facts["expected"])

    @property
    def credits(self) -> list[dict[str, Any]]:
        return list(self.facts.get("credits", []))


def every_document() -> list[Written]:
    return [
        Written(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.toml"))
    ]


def balances(ledger: dict[str, str]) -> dict[str, int]:
    return {account: minor(euros) for account, euros in sorted(ledger.items())}


def _part(facts: dict[str, Any]) -> Part:
    rate, amount = facts.get("rate"), facts.get("amount")
    return Part(facts["on"], Decimal(rate) if rate else None, minor(amount) if amount else None)


def _line(rank: int, facts: dict[str, Any]) -> LineInput:
    return LineInput(
        description=facts.get("description", f"Ligne n° {rank}"),
        nature=Nature(facts.get("nature", "services")),
        quantity=Decimal(facts.get("quantity", "1")),
        unit=facts.get("unit", ""),
        unit_price=Decimal(facts["price"]),
        discount_rate=Decimal(facts.get("discount", "0")),
        vat_rate=Decimal(facts.get("vat", "0")),
    )
