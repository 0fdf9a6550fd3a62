"""The program `reglo`: our commands by name, with one sentence each, on top of Django's."""

import os
import sys

COMMANDS = {
    "migrate": "Met la base de données à jour, avec ses protections, et rassemble les fichiers statiques.",
    "reference": "Écrit les pages de référence de la documentation à partir du programme.",
    "sweep_files": "Supprime les fichiers auxquels plus rien ne renvoie depuis 7 jours.",
    "verify": "Reprouve les comptes avec un lecteur indépendant : une ligne par preuve.",
    "worker": "Fait le travail d'arrière-plan : PDF, e-mails, paiements à confirmer, tâches périodiques.",
}


def main() -> None:
    """Run `reglo <command> …`; alone, or with `help`, say what there is. Needs no setting to say it."""
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print(usage())
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglo.config.settings")
    # Late, so that `reglo` alone answers at once and without settings.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["reglo", *sys.argv[1:]])


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {sentence}" for name, sentence in sorted(COMMANDS.items())]
    return "\n".join(["reglo <commande>", "", *lines, "", "reglo <commande> --help : ses options."])
