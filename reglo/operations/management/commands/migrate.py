"""`reglo migrate`, in place of Django's: with the guards, and alone on the database."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.migrations.autodetector import MigrationAutodetector

from reglo.database.migrate import migrate
from reglo.operations.command_line import help_of


class Command(BaseCommand):
    help = help_of("migrate")
    autodetector = MigrationAutodetector  # asked for by `makemigrations`, which compares itself with us
    requires_system_checks: list[str] = []  # some of them read the tables that are about to be made

    def handle(self, *args: Any, **options: Any) -> None:
        migrate(verbosity=options["verbosity"])
        call_command("collectstatic", interactive=False, verbosity=0)
