"""The verbs of each package: keywords only, so that no call mistakes one id for another."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest

import reglo


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function that a package offers as a service, by its dotted name."""
    for package in pkgutil.iter_modules(reglo.__path__):
        try:
            services = importlib.import_module(f"reglo.{package.name}.services")
        except ModuleNotFoundError:
            continue
        for name in services.__all__:
            offered = getattr(services, name)
            if isinstance(inspect.unwrap(offered), FunctionType):
                yield f"{package.name}.{name}", offered


VERBS = dict(verbs())
READERS = {
    "delivery.address_of",
    "invoicing.mention_in",
    "invoicing.mention_with_card",
}  # they say something of one thing, and do nothing


@pytest.mark.parametrize("name", sorted(VERBS.keys() - READERS))
def test_a_verb_takes_keywords_only(name: str):
    parameters = inspect.signature(VERBS[name]).parameters.values()
    kinds = {parameter.kind for parameter in parameters}

    assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


def test_verbs_are_found():
    assert {"invoicing.issue_invoice", "payments.start_payment", "delivery.open_link"} <= VERBS.keys()
