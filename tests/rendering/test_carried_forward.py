"""A table that goes on over the page says what it came to, at its foot and at the head of the next."""

import re
from itertools import pairwise

import pytest

from reglo.companies.models import Company
from reglo.ports import clock
from reglo.rendering.services import invoice_pdf
from tests.factories import line, make_issued
from tests.rendering.printed import faults_of, pages_of

AMOUNT = r"(\d[\d\s]*,\d\d)"


def carried(page: str, words: str) -> str | None:
    found = re.search(rf"\b{words}\s+{AMOUNT}", page)
    return "".join(found[1].split()) if found else None


@pytest.mark.parametrize("count", [60, 200])
def test_each_page_brings_what_the_one_before_carried(company: Company, count: int):
    lines = [line("10", description=f"Visite {rank}") for rank in range(1, count + 1)]
    pdf = invoice_pdf(invoice=make_issued(company, lines=lines), now=clock.now())

    pages = [" ".join(page.split()) for page in pages_of(pdf)]

    assert faults_of(pdf) == []
    reached = 0
    for before, after in pairwise(pages):
        lines_before = len(re.findall(r"Visite \d+", before))
        reached += lines_before
        if reached < count:
            expected = f"{reached * 10},00"
            assert (carried(before, "À reporter"), carried(after, "Report")) == (expected, expected)
        else:
            assert carried(before, "À reporter") is None
    assert carried(pages[0], "Report") is None
    assert carried(pages[-1], "À reporter") is None
    assert reached + len(re.findall(r"Visite \d+", pages[-1])) == count


def test_a_table_of_one_page_carries_nothing(company: Company):
    lines = [line("10", description=f"Visite {rank}") for rank in range(1, 10)]

    [page] = pages_of(invoice_pdf(invoice=make_issued(company, lines=lines), now=clock.now()))

    assert "eport" not in page
