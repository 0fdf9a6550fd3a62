"""What the content security policy refuses, and French that breaks badly, found in the sources of the templates."""

import re
from pathlib import Path

import pytest

import reglo

PACKAGE = Path(reglo.__file__).parent
# An e-mail is read where no style sheet goes: its templates may say how they look.
TEMPLATES = sorted(
    path
    for path in PACKAGE.glob("*/templates/**/*")
    if path.suffix in {".html", ".svg"} and not any("mail" in part for part in path.relative_to(PACKAGE).parts)
)
INLINE = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\b(?:src|type=\"application/json\"))",
    "an event attribute": r"\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "code for htmx to evaluate": r"\bhx-on\b|\bhx-vals\s*=\s*['\"]js:",
    "another host": r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in INLINE.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_line_of_french_can_begin_with_its_punctuation(path: Path) -> None:
    """A space before : ; ? ! or inside « » is a no-break space, in what a person reads."""
    read = re.sub(r"\{#.*?#\}|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"[^\n]{,30}(?:[\w»)}\].…] (?=[:;?!»](?:[\s<\"'.,{]|$))|« )[^\n]{,30}", read) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('<p style="color:red">', "a style attribute"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<a onclick="x()">', "an event attribute"),
        ('<img src="//cdn.example/x.png">', "another host"),
    ],
)
def test_the_search_finds_what_it_should(source: str, name: str) -> None:
    assert re.search(INLINE[name], source)


def test_a_script_of_ours_is_not_inline() -> None:
    assert not re.search(INLINE["an inline script"], '<script src="/static/ui/page.js" defer></script>')
