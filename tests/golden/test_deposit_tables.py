"""The tables of docs/algorithms/deposits.md are what the product posts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from reglo.companies.models import Company
from reglo.companies.states import Nature
from tests.factories import line
from tests.invoicing.test_deposits import accepted, collect, deposit_of, final_of
from tests.payments.disputes import books

PAGE = Path(__file__).resolve().parents[2] / "docs" / "algorithms" / "deposits.md"


def table(first_account_of_sale: str) -> list[dict[str, int]]:
    """The movements of the table that has this account, in cents, step by step."""
    rows = [line.strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    at = next(rank for rank, row in enumerate(rows) if any(first_account_of_sale in cell for cell in row))
    accounts = [cell.split()[0] for cell in rows[at][1:]]
    steps = []
    for row in rows[at + 2 : at + 6]:
        cells = [cell.strip().replace("−", "-") for cell in row[1:]]
        steps.append({account: int(Decimal(cell) * 100) for account, cell in zip(accounts, cells, strict=True) if cell})
    return steps


def moved(company: Company, steps: list[Any]) -> list[dict[str, int]]:
    told, before = [], books(company.pk)
    for step in steps:
        step()
        now = books(company.pk)
        changes = {account: now.get(account, 0) - before.get(account, 0) for account in {*now, *before}}
        told.append({account: minor for account, minor in changes.items() if minor})
        before = now
    return told


def test_services(company: Company):
    quote = accepted(company)
    made: list[Any] = []

    found = moved(
        company,
        [
            lambda: made.append(deposit_of(quote)),
            lambda: collect(made[0], 360_00),
            lambda: made.append(final_of(quote)),
            lambda: collect(made[1], 840_00),
        ],
    )

    assert found == table("706000")


def test_goods(company: Company):
    quote = accepted(company, line("1000", nature=Nature.GOODS))
    made: list[Any] = []

    found = moved(
        company,
        [
            lambda: made.append(deposit_of(quote)),
            lambda: collect(made[0], 180_00),
            lambda: final_of(quote),
            lambda: collect(made[0], 180_00),
        ],
    )

    assert found == table("707000")
