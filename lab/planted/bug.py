"""A bug planted in memory: the product's file stays as it is, one name in one module is replaced for the duration."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest import mock

Patch = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Bug:
    """`story`: what somebody could have written, and what it would do to a customer."""

    name: str
    story: str
    patch: Patch


def swap(module: str, name: str, replacement: Any) -> AbstractContextManager[Any]:
    """Replace `name` in `module` (found by import: several modules hide behind a function of their name)."""
    importlib.import_module(module)
    import sys

    return mock.patch.object(sys.modules[module], name, replacement)


def module_of(name: str) -> Any:
    import sys

    importlib.import_module(name)
    return sys.modules[name]


class Bugs(list[Bug]):
    """`@BUGS.plant("story")` above a function that returns the patch."""

    def plant(self, story: str) -> Callable[[Patch], Patch]:
        def register(patch: Patch) -> Patch:
            self.append(Bug(patch.__name__, story, patch))
            return patch

        return register
