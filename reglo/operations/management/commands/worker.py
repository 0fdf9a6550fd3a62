"""`reglo worker`."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from reglo.companies.simulation import refuse_simulation_beside_real_company
from reglo.database.readiness import require_ready
from reglo.events.worker import run_for_ever, run_until_idle
from reglo.operations.command_line import help_of
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("worker")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help=_("Faire tout ce qui attend à cette heure de l’horloge, puis s’arrêter."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_ready(connection)
        refuse_simulation_beside_real_company()
        if options["once"]:
            self.stdout.write(_("Tâches faites : %(count)s.") % {"count": run_until_idle()})
            return
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        run_for_ever(stop)
