import ast
import re

from tests.architecture.source import CODE, name_of, python_files, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}
NAMED_BY_DJANGO = {
    "reglo/database/sqlite/base.py",  # an ENGINE is a package with a module of this name
    "reglo/database/postgresql/base.py",
}
# Written so as not to find itself.
LEFT_FOR_LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")


def test_no_file_is_longer_than_400_lines():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*CODE)}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines():
    too_long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files(*CODE)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert too_long == []


def test_every_module_is_named_by_what_it_holds():
    banned = {name_of(path) for path in python_files(*CODE) if path.stem in BANNED_NAMES}
    banned |= {name_of(path) for path in python_files(*CODE) if path.parent.name in BANNED_NAMES}

    assert banned - NAMED_BY_DJANGO == set()


def test_nothing_is_left_for_later():
    unfinished = [
        f"{name_of(path)}:{number}"
        for path in python_files(*CODE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if LEFT_FOR_LATER.search(line)
    ]

    assert unfinished == []
