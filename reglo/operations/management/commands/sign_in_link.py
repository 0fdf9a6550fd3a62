"""`reglo sign-in-link`: signs a known person in once. Their second factor, if any, is still asked for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reglo.operations.command_line import help_of
from reglo.operations.sign_in_links import sign_in_address
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("sign_in_link")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help=_("Adresse e-mail du compte."))

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("Ce lien sert une fois, pendant une heure :"))
        self.stdout.write(sign_in_address(options["email"], resets_password=False))
