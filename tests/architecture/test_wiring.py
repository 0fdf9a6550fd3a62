"""What is named by a dotted path exists, and takes what it will be given."""

import inspect
from collections.abc import Callable

import pytest
from django.utils.module_loading import import_string

from reglo.config.reactions import REACTIONS
from reglo.config.schedule import SCHEDULE
from reglo.events.reactions import takes_several


def keywords_of(function: Callable[..., object]) -> set[str]:
    parameters = inspect.signature(function).parameters.values()
    return {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", sorted({name for names in REACTIONS.values() for name in names}))
def test_a_reaction_takes_its_event_and_the_time(name: str):
    assert keywords_of(import_string(name)) == {"events" if takes_several(name) else "event", "now"}


@pytest.mark.parametrize("periodic", SCHEDULE, ids=lambda periodic: periodic.name)
def test_a_periodic_task_takes_the_time(periodic):
    assert keywords_of(periodic.function()) == {"now"}


def test_periodic_tasks_have_names_of_their_own():
    names = [periodic.name for periodic in SCHEDULE]

    assert len(set(names)) == len(names)
