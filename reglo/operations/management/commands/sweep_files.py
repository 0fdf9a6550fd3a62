"""`reglo sweep_files`, which the worker does every day by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from reglo.files.sweep import sweep_files
from reglo.operations.command_line import help_of
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("sweep_files")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("Fichiers supprimés : %(count)s.") % {"count": sweep_files(now=clock.now())})
