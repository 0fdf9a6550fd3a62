"""`reglo sweep_files`, which the worker does every day by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from reglo.files.sweep import sweep_files
from reglo.operations.command_line import COMMANDS
from reglo.ports import clock


class Command(BaseCommand):
    help = COMMANDS["sweep_files"]
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Fichiers supprimés : {sweep_files(now=clock.now())}.")
