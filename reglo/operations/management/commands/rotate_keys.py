"""`reglo rotate-keys`: after it, the keys behind the newest one open nothing any more and may be taken out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reglo.operations.command_line import help_of
from reglo.operations.key_rotation import rotate_keys
from reglo.ports.terminal import gettext as _


class Command(BaseCommand):
    help = help_of("rotate_keys")

    def handle(self, *args: Any, **options: Any) -> None:
        rotation = rotate_keys()
        resealed = _("Secrets rechiffrés avec la clé la plus récente : %(count)s.") % {"count": rotation.resealed}
        self.stdout.write(resealed)
        if rotation.broken:
            places = "\n".join(f"  {place}" for place in rotation.broken)
            opened_by_none = _("Aucune clé de REGLO_ENCRYPTION_KEYS n’ouvre ceux-ci, laissés tels quels :")
            add_it = _("Ajoutez la clé qui manque à la fin de la liste, puis relancez.")
            raise CommandError(f"{opened_by_none}\n{places}\n{add_it}")
        self.stdout.write(
            _("Les clés plus anciennes n’ouvrent plus rien ici : elles ne servent qu’à vos anciennes sauvegardes.")
        )
