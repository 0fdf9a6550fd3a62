"""Keyset pages of a list: *Plus récentes*, *Plus anciennes*, at the same cost at any depth, without counting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import QueryDict

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`newer` and `older` are the query strings of the neighbouring pages, empty where there is none."""

    rows: list[T]
    newer: str
    older: str


def page_of(
    asked: QueryDict, fetch: Callable[[str, str, int], list[T]], token: Callable[[T], str], *, size: int = SIZE
) -> Page[T]:
    """The page that the query asks for.

    `fetch(after, before, limit)` returns the rows nearest to one of two tokens (both empty: the first rows), in the
    order shown; `token` names the place of a row.
    """
    after, before = asked.get("apres", ""), asked.get("avant", "")
    rows = fetch(after, before, size + 1)
    more = len(rows) > size
    rows = rows[1:] if more and before else rows[:size]
    has_newer = more if before else bool(after)
    has_older = bool(before) or more
    return Page(
        rows,
        newer=_query(asked, "avant", token(rows[0])) if rows and has_newer else "",
        older=_query(asked, "apres", token(rows[-1])) if rows and has_older else "",
    )


def _query(asked: QueryDict, edge: str, token: str) -> str:
    """The same filters, another page."""
    query = asked.copy()
    query.pop("apres", None)
    query.pop("avant", None)
    query[edge] = token
    return f"?{query.urlencode()}"
