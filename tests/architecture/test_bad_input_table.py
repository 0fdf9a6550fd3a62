"""`docs/reference/bad-input.md` names tests that exist."""

import ast
import re

from tests.architecture.source import ROOT, tree_of

TABLE = ROOT / "docs" / "reference" / "bad-input.md"


def test_every_test_it_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE.read_text(encoding="utf-8"))
    rows = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row.startswith("| ")][2:]
    missing = [f"{path}::{test}" for path, test in named if test not in functions_of(path)]

    assert missing == []
    assert len(named) == len(rows)


def functions_of(path: str) -> set[str]:
    return {node.name for node in ast.walk(tree_of(ROOT / path)) if isinstance(node, ast.FunctionDef)}
