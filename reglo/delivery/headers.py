"""What may stand in the header of a mail."""

from unicodedata import category

# Control characters (CR and LF among them) and the line and paragraph separators of Unicode.
_BREAKING = frozenset({"Cc", "Zl", "Zp"})


def is_one_line(text: str) -> bool:
    """True where nothing in `text` could begin another header."""
    return not any(category(character) in _BREAKING for character in text)


def one_line(text: str) -> str:
    """`text` as it may stand in a header: a name that was pasted with its line breaks is still that name.

    No-break spaces are kept: « 1 240,00 € » stays whole.
    """
    words = "".join(" " if category(character) in _BREAKING else character for character in text)
    return " ".join(filter(None, words.split(" ")))
