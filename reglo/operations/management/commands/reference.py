"""`reglo reference`: the reference pages, written from what the program declares."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reglo.operations.command_line import help_of
from reglo.operations.reference import PAGES
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("reference")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/reference"), help=_("Où les écrire."))

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in PAGES.items():
            (folder / f"{name}.md").write_text(page(), encoding="utf-8")
