"""Codes of refusals are read by other programs: one spelling, and one refusal for each."""

import re
from collections import Counter

from reglo.operations.reference import refusals


def test_every_code_is_plain_words():
    assert [error.code for error in refusals() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)] == []


def test_no_two_refusals_share_a_code():
    assert {code: count for code, count in Counter(error.code for error in refusals()).items() if count > 1} == {}
