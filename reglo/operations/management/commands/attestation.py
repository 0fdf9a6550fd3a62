"""`reglo attestation`: the facts of the publisher's attestation (CGI 286 I 3° bis), to be signed by whoever may."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reglo.companies.models import Company
from reglo.operations.attestation import attestation
from reglo.operations.command_line import help_of
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("attestation")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("company", type=int, nargs="?", help=_("numéro de l’entreprise qui utilise le logiciel"))
        parser.add_argument("--publisher", default="", help=_("nom de l’éditeur qui signe"))

    def handle(self, *args: Any, **options: Any) -> None:
        company = None
        if options["company"] is not None:
            company = Company.objects.filter(pk=options["company"]).first()
            if company is None:
                raise CommandError(_("Cette entreprise n’existe pas."))
        self.stdout.write(attestation(company=company, publisher=options["publisher"], today=clock.now().date()))
