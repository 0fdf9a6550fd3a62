"""`reglo setup`: the one-time link of the first person. There is no open registration and no default account."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import reverse

from reglo.companies.services import invite_first_owner
from reglo.database.readiness import require_answer, require_migrations
from reglo.operations.command_line import help_of
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("setup")

    def handle(self, *args: Any, **options: Any) -> None:
        require_answer(connection)
        require_migrations(connection)
        _invitation, token = invite_first_owner(now=clock.now())
        self.stdout.write(
            _("Ouvrez ce lien pour créer votre compte et votre entreprise. Il sert une fois, pendant 24 h :")
        )
        self.stdout.write(settings.BASE_URL + reverse("dashboard:invitation", args=[token]))
