"""`reglo close-periods`, which the worker does every hour by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from reglo.archives.services import close_periods
from reglo.companies.models import Company
from reglo.operations.command_line import help_of
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("close_periods")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for company in Company.objects.order_by("id"):
            closed = close_periods(company_id=company.pk, now=clock.now())
            self.stdout.write(_("%(company)s : %(count)s périodes closes.") % {"company": company, "count": closed})
