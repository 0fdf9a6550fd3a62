"""The fifty failure scenarios: each has its row, and each row its tests, which exist and say which scenario they tell."""

import ast
import re
from dataclasses import dataclass

import pytest

from tests.architecture.source import ROOT

PAGE = ROOT / "docs/reference/failure-scenarios.md"
STORIES = ROOT / "tests/scenarios/payments"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PLANNED = re.compile(r"^planned: (tests/[\w/]+\.py)$")
# Why a scenario has no test: another provider's, or something that the product does not do.
WITHOUT = {"not about Stripe", "nothing is charged off-session"}


@dataclass(frozen=True)
class Row:
    number: int
    tests: tuple[tuple[str, str], ...]
    cell: str


ROWS = [
    Row(int(number), tuple(TEST.findall(cell)), cell)
    for number, _what, _right, cell in ROW.findall(PAGE.read_text(encoding="utf-8"))
]


def functions(file: str) -> dict[str, str]:
    """The tests of a file, each with what says its scenario: its name, its docstring, that of its class."""
    found: dict[str, str] = {}
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        of_class = ast.get_docstring(node) or "" if isinstance(node, ast.ClassDef) else ""
        for member in members:
            if isinstance(member, ast.FunctionDef) and member.name.startswith("test_"):
                found[member.name] = f"{member.name}\n{ast.get_docstring(member) or ''}\n{of_class}"
    return found


def test_every_scenario_has_its_row():
    assert [row.number for row in ROWS] == list(range(1, 51))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_names_tests_that_exist(row: Row):
    planned = PLANNED.match(row.cell)
    if planned:
        assert not (ROOT / planned[1]).exists(), f"{planned[1]} is there: name its tests in row {row.number}"
        return
    assert row.tests or row.cell in WITHOUT, f"row {row.number} names no test"
    for file, name in row.tests:
        assert (ROOT / file).exists(), file
        assert name in functions(file), f"{file} has no {name}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.tests], ids=lambda row: str(row.number))
def test_a_story_says_which_scenario_it_tells(row: Row):
    """In its docstring, « Scenario 7: … » or « 7. … »; in its name, `test_7_…`; or in that of its class."""
    stories = [(file, name) for file, name in row.tests if (ROOT / file).is_relative_to(STORIES)]

    assert stories, f"row {row.number} has no whole story"
    said = re.compile(rf"Scenario {row.number}:|^{row.number}\b|_{row.number}_", re.MULTILINE)
    assert [name for file, name in stories if not said.search(functions(file)[name])] == []
