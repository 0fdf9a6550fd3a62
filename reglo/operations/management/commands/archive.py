"""`reglo archive`: the signed archive of a period, to a file."""

import shutil
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reglo.archives.models import Archive
from reglo.archives.services import build_archive, next_archive, request_archive
from reglo.archives.states import ArchiveState
from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.files import store
from reglo.operations.command_line import help_of
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("archive")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("company", type=int, help=_("numéro de l’entreprise"))
        parser.add_argument("first_day", type=date.fromisoformat, help=_("premier jour, comme 2026-01-01"))
        parser.add_argument("last_day", type=date.fromisoformat, help=_("dernier jour"))
        parser.add_argument("file", type=Path, help=_("fichier à écrire"))

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(pk=options["company"]).first()
        if company is None:
            raise CommandError(_("Cette entreprise n’existe pas."))
        try:
            asked = request_archive(
                company_id=company.pk, first_day=options["first_day"], last_day=options["last_day"], now=clock.now()
            )
        except RegloError as refusal:
            raise CommandError(str(refusal)) from refusal
        while (waiting := next_archive(now=clock.now())) is not None:
            build_archive(archive=waiting, now=clock.now())
        archive = Archive.objects.get(pk=asked.pk)
        if archive.state != ArchiveState.READY:
            raise CommandError(archive.failure or _("Le worker prépare déjà cette archive : attendez-la."))
        shutil.copyfile(store.path_of(archive.sha256), options["file"])
        self.stdout.write(_("Archive écrite : %(file)s") % {"file": options["file"]})
