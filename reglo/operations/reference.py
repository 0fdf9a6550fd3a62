"""The reference pages that are generated, so that what is undocumented cannot exist.

`reglo reference` writes them; a test compares them with the files. The sentences are those the product says.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType

from django.conf import settings
from django.db.models import Choices
from django.utils.module_loading import import_string

import reglo
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.operations.command_line import COMMANDS

# Wiring lies above us: it is found by its dotted path, as events find it.
SETTINGS = "reglo.config.environment.SETTINGS"
GENERATED = "<!-- Written by `reglo reference`. Do not edit. -->"


def settings_page() -> str:
    rows = (
        (f"`{s.name}`", "required" if s.default is None else f"`{s.default}`" if s.default else "", s.purpose)
        for s in import_string(SETTINGS)
    )
    return _page("Settings", "Environment variables, read once at start.", ("name", "default", "purpose"), rows)


def commands_page() -> str:
    rows = ((f"`reglo {name.replace('_', '-')}`", sentence) for name, sentence in sorted(COMMANDS.items()))
    return _page("Commands", "`reglo <command> --help` lists its options.", ("command", "what it does"), rows)


def events_page() -> str:
    reactions = import_string(settings.REACTIONS)
    kinds = _page(
        "Events",
        "What is recorded, and the reactions that follow (`config/reactions.py`).",
        ("kind", "when", "then"),
        ((f"`{kind.value}`", str(kind.label), _code(reactions.get(kind, ()))) for kind in Kind),
    )
    periodic = _table(
        ("task", "every", "function"),
        ((task.name, str(task.every), f"`{task.run}`") for task in import_string(settings.SCHEDULE)),
    )
    return f"{kinds}\n## Periodic tasks\n\nRun by the worker (`config/schedule.py`).\n\n{periodic}"


def errors_page() -> str:
    rows = sorted(
        (f"`{error.code}`", str(error.status), str(error.message).replace("|", "\\|"), f"`{error.__module__}`")
        for error in refusals()
    )
    intro = "Every refusal that is explained to a person: its stable code, its HTTP status, its sentence."
    return _page("Errors", intro, ("code", "status", "sentence", "raised in"), rows)


def states_page() -> str:
    parts = ["# States", "", GENERATED, "", "What each object can be, and the moves allowed from there."]
    for module in _modules():
        if module.__name__.endswith(".states"):
            parts += _states_of(module)
    return "\n".join(parts) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "settings": settings_page,
    "commands": commands_page,
    "events": events_page,
    "errors": errors_page,
    "states": states_page,
}


def refusals() -> list[type[RegloError]]:
    """Every error of ours that has a code, once its module is loaded."""
    for _ in _modules():
        pass
    found, waiting = [], [RegloError]
    while waiting:
        for error in waiting.pop().__subclasses__():
            waiting.append(error)
            if "code" in vars(error) and error.__module__.startswith("reglo."):
                found.append(error)
    return found


def _states_of(module: ModuleType) -> Iterator[str]:
    declared = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Choices)]
    # By their class: states of two lists may share a word, and as text they are then equal.
    tables = {type(next(iter(value))): value for name, value in vars(module).items() if name.endswith("_MOVES")}
    for choices in (choices for choices in declared if choices.__module__ == module.__name__):
        moves = tables.get(choices, {})
        rows = ((f"`{state.value}`", str(state.label), _code(_values(moves.get(state, ())))) for state in choices)
        yield f"\n## {module.__name__.split('.')[1]}: {choices.__name__}\n"
        yield _table(("value", "word", "may become"), rows).rstrip("\n")


def _values(states: object) -> list[str]:
    return sorted(str(state) for state in states) if isinstance(states, Iterable) else []


def _modules() -> Iterator[ModuleType]:
    """Every module of the product, in the order of their names; settings and migrations apart."""
    for info in pkgutil.walk_packages(reglo.__path__, "reglo."):
        if ".migrations" not in info.name and info.name != "reglo.config.wsgi":
            yield importlib.import_module(info.name)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _page(title: str, intro: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return f"# {title}\n\n{GENERATED}\n\n{intro}\n\n{_table(header, rows)}"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
