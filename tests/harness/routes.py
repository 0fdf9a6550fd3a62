"""Every address of the product, read from its URL table: what is not walked here does not exist."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """`name` as `reverse` takes it; `parameters` as the address holds them, in order."""

    name: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    """All of them, by name."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _walk(patterns: Sequence[URLPattern | URLResolver], namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, below)
        else:
            named = pattern.pattern.regex.groupindex
            yield Route(f"{namespace}{pattern.name}", pattern.callback, tuple(named))
