import importlib
import pkgutil

import pytest

import reglo.operations.management.commands as commands
from reglo.operations.command_line import COMMANDS
from reglo.operations.reference import PAGES
from tests.architecture.source import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_says_what_the_program_does(name: str):
    written = ROOT / "docs" / "reference" / f"{name}.md"

    assert written.exists(), "run « reglo reference »"
    assert written.read_text(encoding="utf-8") == PAGES[name](), "run « reglo reference »"


BEFORE_DJANGO = {"demo"}  # it makes the settings that Django then reads
OF_THE_DEMO = {"prepare_demo"}  # it runs inside, nobody types it


def test_every_command_has_its_sentence():
    ours = {
        module.name: importlib.import_module(f"{commands.__name__}.{module.name}")
        for module in pkgutil.iter_modules(commands.__path__)
    }

    listed = {name: sentence for name, sentence in COMMANDS.items() if name not in BEFORE_DJANGO}
    assert {name: module.Command.help for name, module in ours.items() if name not in OF_THE_DEMO} == listed
