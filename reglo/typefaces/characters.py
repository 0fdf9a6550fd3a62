"""Which characters our fonts can show, and how to name to a person the ones that they cannot."""

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from reglo.typefaces.fonts import UPRIGHT

# What a text area sends beside its text. Rendering turns them into line breaks and spaces.
_LAYOUT = frozenset("\n\r\t")
# Control, format (joiners, direction marks: invisible by nature), surrogate, private and unassigned code points. Inter
# draws some private ones as icons of its own; nobody typed those on purpose.
_UNSHOWABLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@cache
def _shown() -> frozenset[str]:
    """Every character that a document can show. Read once per process (about 30 ms)."""
    with TTFont(UPRIGHT, lazy=True) as font:
        characters = map(chr, font.getBestCmap())
        return _LAYOUT.union(c for c in characters if unicodedata.category(c) not in _UNSHOWABLE_CATEGORIES)


def missing_characters(text: str) -> list[str]:
    """The characters of `text` that our fonts cannot show, each once, in order of first appearance."""
    if text.isascii() and text.isprintable():
        return []  # a quick way for most of what is written
    shown = _shown()
    if shown.issuperset(text):
        return []
    return [character for character in dict.fromkeys(text) if character not in shown]


def name_character(character: str) -> str:
    """« 😀 (U+1F600) »; only the code point where there is nothing to see (« U+200F »)."""
    code_point = f"U+{ord(character):04X}"
    if unicodedata.category(character) in _UNSHOWABLE_CATEGORIES or not character.isprintable():
        return code_point
    return f"{character} ({code_point})"
