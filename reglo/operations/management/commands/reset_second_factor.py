"""`reglo reset-second-factor`: the telephone is lost, and the recovery codes too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reglo.operations.command_line import help_of
from reglo.operations.second_factors import reset_second_factor
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("reset_second_factor")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help=_("Adresse e-mail du compte."))

    def handle(self, *args: Any, **options: Any) -> None:
        reset_second_factor(email=options["email"], now=clock.now())
        self.stdout.write(
            _(
                "La double authentification de %(email)s est oubliée, ses sessions sont fermées. Son mot de passe ouvre"
                " à nouveau son compte ; une entreprise réelle lui demandera une nouvelle preuve."
            )
            % {"email": options["email"]}
        )
