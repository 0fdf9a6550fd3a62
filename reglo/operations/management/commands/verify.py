"""`reglo verify`: prove the books again, with a reader of its own."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reglo.files.store import path_of
from reglo.operations.command_line import help_of
from reglo.ports.terminal import gettext as _
from reglo.verify.books import UnreadableBooks, open_books
from reglo.verify.run import BROKEN, PROVED, UNREADABLE, verify


class Command(BaseCommand):
    help = help_of("verify")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        code = PROVED
        try:
            with open_books(settings.DATABASE_ADDRESS, read_file=lambda sha256: path_of(sha256).read_bytes()) as books:
                for verdict in verify(books):
                    self.stdout.write(
                        f"{'✓' if verdict.holds else '✗'} {_(verdict.sentence)} ({verdict.seconds:.2f} s)"
                    )
                    for fault in verdict.faults:
                        self.stdout.write(f"    {fault}")
                        code = BROKEN
        except UnreadableBooks as error:
            self.stderr.write(_("Les comptes ne peuvent pas être lus : %(why)s") % {"why": error})
            code = UNREADABLE
        sys.exit(code)
