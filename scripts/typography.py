"""French typography wherever people read: `scripts/typography.py` sets it, a test of tests/architecture demands it.

The apostrophe is ’, a narrow no-break space (U+202F) stands before ; ! ?, a no-break space (U+00A0) before : € %
and inside « ». The English of the catalogue has the same apostrophe.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "reglo/locale/en/LC_MESSAGES/django.po"

SPACE = "[ \u00a0\u202f]"
AFTER = r"(?=[\s\u00a0»)\]<*_\"'{\\|]|$)"
ELIDED = r"(?:\b|(?<=\\n))([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|presqu|aujourd)(?:'|&#x27;)(?=[\w«%{*<(])"
RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(ELIDED, re.IGNORECASE), "\\1’"),
    (re.compile(rf"(?<=\S){SPACE}([;!?]){AFTER}"), "\u202f\\1"),
    (re.compile(rf"(?<=\S){SPACE}:{AFTER}"), "\u00a0:"),
    (re.compile(rf"(?<=\d){SPACE}([€%])(?![\w(}}])"), "\u00a0\\1"),
    (re.compile(rf"«{SPACE}"), "«\u00a0"),
    (re.compile(rf"{SPACE}»"), "\u00a0»"),
)
LOOKS_FRENCH = re.compile(rf"[àâçéèêëîïôûùœ«»€]|{ELIDED}", re.IGNORECASE)
CODE = "\ue000"  # stands for a piece of code while the text around it is set
NOT_TEXT = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
ENGLISH_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|\s)")
MESSAGES = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def set_in_french(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


def set_in_english(text: str) -> str:
    return ENGLISH_APOSTROPHE.sub("’", text)


def set_page(text: str) -> str:
    """A template, a sheet or a guide: all of it but what stands between backquotes."""
    code = iter(NOT_TEXT.findall(text))
    page = set_in_french(NOT_TEXT.sub(CODE, text))
    return re.sub(CODE, lambda _found: next(code), page)


def set_python(source: str) -> str:
    """The sentences of a module: its messages, and every other string that looks French. Docstrings are English."""
    lines = source.splitlines(keepends=True)
    for token in reversed(list(sentences(source))):
        (row, column), (end_row, end_column) = token.start, token.end
        whole = "".join(lines[row - 1 : end_row])
        tail = len(lines[end_row - 1]) - end_column
        replaced = whole[:column] + set_in_french(token.string) + whole[len(whole) - tail :]
        lines[row - 1 : end_row] = replaced.splitlines(keepends=True)
    return "".join(lines)


def sentences(source: str) -> Iterator[tokenize.TokenInfo]:
    """The strings of a module that a person reads."""
    tree = ast.parse(source)
    messages = {place for node in ast.walk(tree) for place in _message_lines(node)}
    silent = {place for node in ast.walk(tree) for place in _docstring_lines(node)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row = token.start[0]
        read = token.type == tokenize.STRING and row not in silent
        if read and (row in messages or LOOKS_FRENCH.search(token.string)):
            yield token


def _message_lines(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Call):
        name: Any = node.func
        if getattr(name, "id", getattr(name, "attr", "")) in MESSAGES:
            for argument in node.args:
                yield from range(argument.lineno, (argument.end_lineno or argument.lineno) + 1)


def _docstring_lines(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


# What people read, by its folder: how it is found, and how it is set.
READ: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("reglo", "**/*.py", set_python),
    ("sandbox", "**/*.py", set_python),
    ("reglo", "**/templates/**/*.html", set_page),
    ("reglo", "**/templates/**/*.txt", set_page),
    ("reglo", "**/templates/**/*.svg", set_page),
    ("reglo", "**/templates/**/*.typ", set_page),
    ("sandbox", "**/templates/**/*.html", set_page),
    ("docs/user", "*.md", set_page),
    (".", "README.md", set_page),
)


def files() -> Iterator[tuple[Path, Callable[[str], str]]]:
    for folder, pattern, setter in READ:
        for path in sorted((ROOT / folder).glob(pattern)):
            yield path, setter


def main() -> int:
    """Set every file and the keys of the catalogue, which keep their English."""
    for path, setter in files():
        _rewrite(path, setter)
    _rewrite_catalogue()
    return 0


def _rewrite(path: Path, setter: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = setter(before)
    if after != before:
        path.write_text(after, encoding="utf-8")
        print(path.relative_to(ROOT))


def _rewrite_catalogue() -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    with PO.open("rb") as file:
        old = read_po(file, locale="en", domain="django")
    new = Catalog(locale="en", domain="django", charset="utf-8", header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for message in old:
        if message.id:
            new.add(
                _each(message.id, set_in_french),
                _each(message.string, set_in_english),
                locations=message.locations,
                flags=message.flags,
                context=message.context,
            )
    with PO.open("wb") as file:
        write_po(file, new, width=120, sort_output=True, omit_header=False, include_lineno=False)


def _each(text: Any, setter: Callable[[str], str]) -> Any:
    return tuple(map(setter, text)) if isinstance(text, tuple | list) else setter(text)


if __name__ == "__main__":
    sys.exit(main())
