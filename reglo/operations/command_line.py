"""The program `reglo`: our commands by name, with one sentence each, on top of Django's."""

import argparse
import os
import sys
from pathlib import Path

from reglo.operations.first_settings import missing_keys, write_keys
from reglo.ports.terminal import gettext as _
from reglo.ports.terminal import gettext_noop

COMMANDS = {
    "archive": gettext_noop(
        "Écrit dans un fichier l’archive signée d’une période, que chacun peut vérifier sans Réglo."
    ),
    "attestation": gettext_noop("Prépare l’attestation de l’éditeur (CGI 286 I 3° bis), à relire et à signer."),
    "close_periods": gettext_noop("Clôt les jours, mois et années terminés ; le worker le fait chaque heure."),
    "demo": gettext_noop("Montre tout sur une entreprise d’essai, avec une boîte aux lettres et un Stripe simulés."),
    "migrate": gettext_noop(
        "Met la base de données à jour, avec ses protections, et rassemble les fichiers statiques."
    ),
    "password_link": gettext_noop("Imprime un lien, bon une fois, pour choisir un nouveau mot de passe."),
    "reference": gettext_noop("Écrit les pages de référence de la documentation à partir du programme."),
    "reset_second_factor": gettext_noop(
        "Oublie la double authentification d’une personne qui l’a perdue, et la déconnecte partout."
    ),
    "rotate_keys": gettext_noop(
        "Rechiffre tous les secrets avec la clé la plus récente ; interrompue, elle se relance."
    ),
    "setup": gettext_noop("Imprime le lien, bon une fois, qui crée le premier compte ; avant tout, produit les clés."),
    "sign_in_link": gettext_noop("Imprime un lien, bon une fois, qui connecte une personne."),
    "stripe": gettext_noop("« stripe selftest » essaie chaque étape d’un paiement chez Stripe, avec une clé de test."),
    "sweep_files": gettext_noop("Supprime les fichiers auxquels plus rien ne renvoie depuis 7 jours."),
    "verify": gettext_noop("Reprouve les comptes avec un lecteur indépendant : une ligne par preuve."),
    "worker": gettext_noop("Fait le travail d’arrière-plan : PDF, e-mails, paiements à confirmer, tâches périodiques."),
}


def main() -> None:
    """Run `reglo <command> …`; alone, or with `help`, say what there is. Needs no setting to say it."""
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print(usage())
        return
    if sys.argv[1] == "demo":
        sys.exit(demo(sys.argv[2:]))
    if sys.argv[1] == "setup" and missing_keys():
        print(write_keys())
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglo.config.settings")
    # Late, so that `reglo` alone answers at once and without settings.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["reglo", module_of(sys.argv[1]), *sys.argv[2:]])


def module_of(command: str) -> str:
    """« password-link » as Django finds it: « password_link ». Options are left alone."""
    return command if command.startswith("-") else command.replace("-", "_")


def demo(arguments: list[str]) -> int:
    """Before Django: the demo is a supervisor, whose parts read the settings it makes for them."""
    from reglo.operations.demo import supervisor

    parser = argparse.ArgumentParser(prog="reglo demo", description=help_of("demo"))
    parser.add_argument(
        "--port", type=int, default=8000, help=_("port du site ; la simulation prend ce port + 100 et + 125")
    )
    parser.add_argument("--state", type=Path, default=Path("var/demo"), help=_("dossier de la démonstration"))
    options = parser.parse_args(arguments)
    return supervisor.run(
        supervisor.Demo(
            state=options.state.absolute(),
            port=options.port,
            sandbox_port=options.port + 100,
            smtp_port=options.port + 125,
        )
    )


def help_of(command: str) -> str:
    """What the command does, in the language of the terminal."""
    sentence = COMMANDS[command]
    return _(sentence)


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.replace('_', '-').ljust(width)}  {help_of(name)}" for name in sorted(COMMANDS)]
    return "\n".join([_("reglo <commande>"), "", *lines, "", _("reglo <commande> --help : ses options.")])


if __name__ == "__main__":
    main()
