import ast
import subprocess
import sys

from tests.architecture.source import ROOT, name_of, python_files, tree_of


def test_arrows_point_down():
    """The import contracts of pyproject.toml."""
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_providers_know_no_table():
    """A provider translates, and does nothing else: it neither reads nor writes the database."""
    users = [
        name_of(path)
        for path in python_files("reglo/payments/providers")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db")
    ]

    assert users == []
