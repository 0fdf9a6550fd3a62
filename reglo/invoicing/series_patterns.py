"""How a series is spelled: letters, and the tokens of its period. Pure: which number a spelling can produce."""

import re
from collections.abc import Iterator
from datetime import date

YEAR, SHORT_YEAR, MONTH = "{AAAA}", "{AA}", "{MM}"
PRACTICE = "ESSAI-"
LONGEST_NUMBER = 35  # BR-FR, of the French rules of e-invoices
LONGEST_PREFIX = 24  # leaves room for ESSAI- and for digits to grow
FEWEST_DIGITS, MOST_DIGITS = 4, 10

_TOKEN = re.compile(r"\{[^{}]*\}")
_LITERAL = re.compile(r"[A-Z0-9+\-_/]*")
_DIGITS = frozenset("0123456789")
# What may stand at each place of a token: years are 2000 to 2099 (BR-FR).
_PLACES: dict[str, tuple[frozenset[str], ...]] = {
    YEAR: (frozenset("2"), frozenset("0"), _DIGITS, _DIGITS),
    SHORT_YEAR: (_DIGITS, _DIGITS),
    MONTH: (frozenset("01"), _DIGITS),
}


def series_on(pattern: str, day: date, *, practice: bool) -> str:
    """« F{AAAA}- » on a day of 2026 is « F2026- », and « ESSAI-F2026- » in a practice company."""
    dated = pattern.replace(YEAR, f"{day.year:04d}").replace(SHORT_YEAR, f"{day.year % 100:02d}")
    return f"{PRACTICE if practice else ''}{dated.replace(MONTH, f'{day.month:02d}')}"


def number_of(series: str, rank: int, digits: int) -> str:
    """The whole number: « F2026-0143 »."""
    return f"{series}{rank:0{digits}d}"


def is_spelled_well(pattern: str) -> bool:
    """Letters, digits and + - _ / around tokens that exist, each once; a month goes with a year."""
    tokens = _TOKEN.findall(pattern)
    rest = _TOKEN.sub("", pattern)
    if any(token not in _PLACES for token in tokens) or len(set(tokens)) != len(tokens):
        return False
    has_year = YEAR in tokens or SHORT_YEAR in tokens
    both_years = YEAR in tokens and SHORT_YEAR in tokens
    return bool(_LITERAL.fullmatch(rest)) and not both_years and (has_year or MONTH not in tokens)


def prefix_length(pattern: str) -> int:
    return len(tuple(_places(pattern)))


def may_collide(one: str, other: str) -> bool:
    """Whether some number could be of both spellings, whatever their periods and however many digits."""
    return any(
        all(mine & theirs for mine, theirs in zip(_of_length(one, length), _of_length(other, length), strict=True))
        for length in range(
            max(prefix_length(one), prefix_length(other)) + FEWEST_DIGITS, LONGEST_NUMBER + len(PRACTICE)
        )
    )


def rank_in(pattern: str, number: str) -> int | None:
    """The rank of `number` if this spelling could have produced it in some period, else None."""
    length = prefix_length(pattern)
    tail = number[length:]
    if not (len(tail) >= FEWEST_DIGITS and tail.isdecimal() and tail.isascii()):
        return None
    fits = all(
        character in allowed for character, allowed in zip(number[:length].upper(), _places(pattern), strict=True)
    )
    return int(tail) if fits else None


def _of_length(pattern: str, length: int) -> list[frozenset[str]]:
    places = list(_places(pattern))
    return places + [_DIGITS] * (length - len(places))


def _places(pattern: str) -> Iterator[frozenset[str]]:
    """What may stand at each place of the prefix, one after the other."""
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token:
            yield from _PLACES.get(token[0], ())
            position = token.end()
        else:
            yield frozenset(pattern[position])
            position += 1
