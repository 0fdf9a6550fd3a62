"""What `reglo demo` needs before it prints its links: a migrated base, the practice company, fresh links."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from reglo.companies.models import User
from reglo.companies.services.invite_first_owner import invite_first_owner
from reglo.companies.services.issue_sign_in_link import issue_sign_in_link
from reglo.delivery.services import create_link
from reglo.invoicing.queries import Filter, invoice_list
from reglo.operations.demo.history import Year
from reglo.payments.card_offers import card_offer
from reglo.payments.installation import is_elsewhere
from reglo.payments.queries import accounts_of
from reglo.payments.services import take_over_account
from reglo.ports import clock
from reglo.ports.terminal import gettext as _

OWNER = "camille@atelier-lumen.example"


class Command(BaseCommand):
    help = _("Prépare la démonstration (lancée par « reglo demo »).")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--migrate", action="store_true", help=_("Mettre d’abord la base et les fichiers à jour."))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["migrate"]:
            call_command("migrate", verbosity=0)
        owner = User.objects.filter(email=OWNER).first()
        if owner is None:
            owner = User.objects.create_user(OWNER, None, name="Camille Lumen")
            Year(
                clock_file=Path(os.environ["REGLO_CLOCK_FILE"]),
                sandbox=os.environ["REGLO_STRIPE_API"],
                smtp_port=int(os.environ["REGLO_DEMO_SMTP_PORT"]),
            ).tell(owner)
        for account in accounts_of(company_id=owner.memberships.get().company_id):
            if is_elsewhere(account):  # the same demonstration, on another port
                take_over_account(company_id=account.company_id, account_id=account.id, now=clock.now())
        self.stdout.write(json.dumps(links(owner)))


def links(owner: User) -> dict[str, str]:
    """The one-time sign-in link, the link of a new first owner, and of an invoice that can be paid now, if one can."""
    now = clock.now()
    company = owner.memberships.get().company
    today = now.astimezone(company.zone).date()
    sign_in = issue_sign_in_link(user=owner, resets_password=False, now=now)
    found = {
        "dashboard": settings.BASE_URL + reverse("dashboard:sign_in_link", args=[sign_in]),
        "setup": settings.BASE_URL + reverse("dashboard:invitation", args=[invite_first_owner(now=now)[1]]),
    }
    due = invoice_list(company, shown=Filter.DUE, search="", today=today, limit=50)
    payable = next((one for one in due if card_offer(one, company=company, today=today).is_payable), None)
    if payable:
        found["portal"] = create_link(company_id=company.id, invoice_id=payable.id, now=now).address
    return found
