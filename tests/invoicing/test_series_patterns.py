from datetime import date

import pytest

from reglo.invoicing.series_patterns import is_spelled_well, may_collide, number_of, rank_in, series_on

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("pattern", "series"),
    [
        ("F{AAAA}-", "F2026-"),
        ("FA/{AA}{MM}/", "FA/2611/"),
        ("{AAAA}{MM}-F", "202611-F"),
        ("FACT-", "FACT-"),
        ("", ""),
    ],
)
def test_a_spelling_gives_the_series_of_a_day(pattern: str, series: str):
    assert series_on(pattern, DAY, practice=False) == series
    assert series_on(pattern, DAY, practice=True) == f"ESSAI-{series}"


@pytest.mark.parametrize(
    "pattern",
    ["f{AAAA}-", "F{aaaa}-", "F {AAAA}", "F{MM}-", "F{AAAA}{AA}-", "F{AAAA}{AAAA}-", "F#", "É-", "F{", "{JJ}-", "F’"],
)
def test_what_no_platform_would_take_is_spelled_badly(pattern: str):
    assert not is_spelled_well(pattern)


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ("F{AAAA}-", "A{AAAA}-", False),
        ("F{AAAA}-", "F{AA}-", False),  # the dash is not at the same place
        ("F{AAAA}", "F{AA}", True),  # F20260001 may be of both
        ("F-", "F-1", True),  # F-10001
        ("F-", "F-A", False),
        ("", "2", True),
        ("{AAAA}-", "2026-", True),
        ("{AAAA}-", "1999-", False),  # no year of ours
        ("F{AA}{MM}-", "F2699-", False),  # no month
        ("F{AA}{MM}-", "F2612-", True),
    ],
)
def test_two_spellings_that_could_give_one_number_are_seen(one: str, other: str, collide: bool):
    assert may_collide(one, other) is collide
    assert may_collide(other, one) is collide


@pytest.mark.parametrize(
    ("pattern", "number", "rank"),
    [
        ("F{AAAA}-", "F2026-0142", 142),
        ("F{AAAA}-", "f2026-10000", 10000),
        ("F{AAAA}-", "F2026-142", None),  # we write four digits at least
        ("F{AAAA}-", "F1999-0142", None),
        ("F{AAAA}-", "FA-2026-0142", None),
        ("FACT-", "FACT-0007", 7),
        ("F{AAAA}-", "F2026-01٤2", None),
    ],
)
def test_the_rank_that_a_number_would_have(pattern: str, number: str, rank: int | None):
    assert rank_in(pattern, number) == rank


def test_digits_grow_beyond_the_least():
    assert number_of("F2026-", 7, 4) == "F2026-0007"
    assert number_of("F2026-", 12345, 4) == "F2026-12345"
