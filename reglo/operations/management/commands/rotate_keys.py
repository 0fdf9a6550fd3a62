"""`reglo rotate-keys`: after it, the keys behind the newest one open nothing any more and may be taken out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reglo.operations.command_line import COMMANDS
from reglo.operations.key_rotation import rotate_keys


class Command(BaseCommand):
    help = COMMANDS["rotate_keys"]

    def handle(self, *args: Any, **options: Any) -> None:
        rotation = rotate_keys()
        self.stdout.write(f"Secrets rechiffrés avec la clé la plus récente : {rotation.resealed}.")
        if rotation.broken:
            places = "\n".join(f"  {place}" for place in rotation.broken)
            raise CommandError(
                f"Aucune clé de REGLO_ENCRYPTION_KEYS n'ouvre ceux-ci, laissés tels quels :\n{places}\n"
                "Ajoutez la clé qui manque à la fin de la liste, puis relancez."
            )
        self.stdout.write(
            "Les clés plus anciennes n'ouvrent plus rien ici : elles ne servent qu'à vos anciennes sauvegardes."
        )
