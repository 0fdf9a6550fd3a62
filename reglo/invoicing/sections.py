"""Titles, subtotals and comments follow what they are about, where only some of the lines of a page are kept."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from reglo.invoicing.states import LineKind


class Said(Protocol):
    """A line, typed or printed."""

    @property
    def kind(self) -> str: ...
    @property
    def is_article(self) -> bool: ...


S = TypeVar("S", bound=Said)


def with_their_titles(page: Sequence[S], is_kept: Callable[[S], bool]) -> list[S]:
    """The articles that are kept with the titles, subtotals and comments that are about them, in the order of the page:
    a section of which nothing is kept is left out whole, and a title over other titles goes with the first of them."""
    sections: list[list[S]] = [[]]
    for line in page:
        if line.kind == LineKind.SECTION:
            sections.append([])
        sections[-1].append(line)
    told: list[S] = []
    shown = True  # whether the section below is
    for rank, section in reversed(list(enumerate(sections))):
        if any(line.is_article for line in section):
            shown = any(line.is_article and is_kept(line) for line in section)
        if shown or not rank:  # what stands before any title is about the whole document
            told[:0] = [line for line in section if not line.is_article or is_kept(line)]
    return _without_empty_subtotals(told)


def _without_empty_subtotals(lines: Sequence[S]) -> list[S]:
    told, sums = [], False  # whether a subtotal here would have something to sum
    for line in lines:
        if line.kind != LineKind.SUBTOTAL or sums:
            told.append(line)
        sums = line.is_article or (sums and line.kind == LineKind.COMMENT)
    return told
