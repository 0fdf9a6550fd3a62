"""`reglo stripe selftest`: the steps of a payment, against whoever answers a test key. The key is typed, or read from
standard input: it is neither an argument, which other users of the machine see, nor kept.
"""

import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reglo.operations.command_line import help_of
from reglo.payments.providers import registry
from reglo.payments.selftest import Result, selftest
from reglo.ports import clock
from reglo.ports.terminal import gettext as _

MARKS = {Result.PASSED: "✓", Result.FAILED: "✗", Result.SKIPPED: "–"}


class Command(BaseCommand):
    help = help_of("stripe")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["selftest"], help=_("selftest : essaie chaque étape d’un paiement."))

    def handle(self, *args: Any, **options: Any) -> None:
        key = _typed_key()
        if "_live_" in key:
            raise CommandError(_("Cette clé encaisse de l’argent réel : donnez une clé de test (rk_test_…)."))
        failed = False
        for outcome in selftest(
            provider=registry.provider("stripe"),
            secrets={"api_key": key},
            base_url=settings.BASE_URL,
            now=clock.now(),
        ):
            detail = f" ({outcome.detail})" if outcome.detail else ""
            self.stdout.write(f"{MARKS[outcome.result]} {_(outcome.sentence)}{detail}")
            failed |= outcome.result == Result.FAILED
        if failed:
            sys.exit(1)


def _typed_key() -> str:
    if sys.stdin.isatty():
        return getpass(_("Clé restreinte de test (rk_test_…) : ")).strip()
    return sys.stdin.readline().strip()
