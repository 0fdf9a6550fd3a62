"""What an installation may set, read from the environment once, with a plain sentence for each mistake.

`docs/reference/settings.md` is generated from `SETTINGS`: a setting that is not here does not exist.
"""

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from reglo.ports.terminal import gettext as _
from reglo.ports.terminal import gettext_noop

T = TypeVar("T")
LIVE_KEYS = ("sk_live_", "rk_live_")


class BadSetting(SystemExit):
    """A setting is missing or wrong: the process stops with the sentence, without a traceback."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(_("Réglo ne peut pas démarrer : %(reason)s") % {"reason": f"{name} {reason}"})


@dataclass(frozen=True)
class Setting:
    name: str
    default: str | None  # None: must be given
    purpose: str  # one French sentence, for the reference and the error
    example: str = ""


SETTINGS = (
    Setting("REGLO_SECRET_KEY", None, gettext_noop("Signe les sessions ; au moins 50 caractères tirés au hasard.")),
    Setting(
        "REGLO_ENCRYPTION_KEYS",
        None,
        gettext_noop(
            "Clés de 32 octets en base64 qui chiffrent les secrets, séparées par des virgules, la plus récente d’abord."
        ),
    ),
    Setting(
        "REGLO_BASE_URL",
        "http://localhost:8000",
        gettext_noop("Adresse publique, sans barre finale : les liens envoyés en partent."),
    ),
    Setting(
        "REGLO_DATABASE",
        "var/reglo.sqlite3",
        gettext_noop("Chemin d’un fichier SQLite, ou postgresql://utilisateur:motdepasse@hôte:port/base."),
    ),
    Setting(
        "REGLO_FILES",
        "var/files",
        gettext_noop("Dossier où sont gardés les documents, partagé par toutes les machines."),
    ),
    Setting(
        "REGLO_STATIC", "var/static", gettext_noop("Dossier des fichiers statiques rassemblés par « reglo migrate ».")
    ),
    Setting("REGLO_DEBUG", "0", gettext_noop("1 : pages d’erreur de développement. Jamais en production.")),
    Setting("REGLO_LOG_LEVEL", "INFO", gettext_noop("DEBUG, INFO, WARNING ou ERROR.")),
    Setting(
        "REGLO_SIMULATION",
        "0",
        gettext_noop("1 : l’horloge suit la simulation ; refusé à côté d’une entreprise réelle."),
    ),
    Setting("REGLO_CLOCK_FILE", "", gettext_noop("Fichier du décalage de l’horloge simulée, en secondes.")),
    Setting(
        "REGLO_STRIPE_API",
        "",
        gettext_noop("Adresse de l’API Stripe ; vide : la vraie. La simulation seule la change."),
    ),
    Setting(
        "REGLO_STRIPE_DASHBOARD",
        "https://dashboard.stripe.com",
        gettext_noop("Adresse du tableau de bord Stripe montrée dans les guides."),
    ),
    Setting(
        "REGLO_STRIPE_CLIENT_ID",
        "",
        gettext_noop("Identifiant de plateforme Stripe Connect (ca_…) ; vide : connexion par clé restreinte."),
    ),
    Setting(
        "REGLO_STRIPE_PLATFORM_KEY",
        "",
        gettext_noop("Clé secrète de cette plateforme, nécessaire à la connexion OAuth."),
    ),
    Setting(
        "REGLO_INTERNAL_MAIL_SERVERS",
        "",
        gettext_noop(
            "Serveurs d’envoi du réseau interne qu’une entreprise peut choisir, séparés par des virgules ; sans eux,"
            " Réglo n’envoie que par des serveurs publics, sur les ports d’envoi."
        ),
        "localhost, relais.interne:2500",
    ),
    Setting(
        "REGLO_TRUSTED_PROXIES",
        "0",
        gettext_noop("Nombre de serveurs mandataires devant Réglo, pour connaître l’adresse du visiteur."),
    ),
)


@dataclass(frozen=True)
class Environment:
    secret_key: str
    encryption_keys: tuple[bytes, ...]
    base_url: str
    database: str
    files: Path
    static: Path
    debug: bool
    log_level: str
    simulation: bool
    clock_file: Path | None
    stripe_api: str
    stripe_dashboard: str
    stripe_client_id: str
    stripe_platform_key: str
    internal_mail_servers: frozenset[str]
    trusted_proxies: int

    @property
    def secure(self) -> bool:
        """True where the public address is https: cookies are then Secure and named `__Host-…`."""
        return self.base_url.startswith("https://")


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """The typed settings. Raises BadSetting, a SystemExit carrying one French sentence."""

    def value(name: str) -> str:
        setting = next(setting for setting in SETTINGS if setting.name == name)
        given = source.get(name, setting.default)
        if given is None:
            reason = _("manque. %(purpose)s « reglo setup » sait la produire.")
            raise BadSetting(name, reason % {"purpose": _(setting.purpose)})
        return given

    def parsed(name: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(value(name))
        except (ValueError, binascii.Error) as error:
            raise BadSetting(name, _("est incorrect : %(why)s") % {"why": error}) from None

    environment = Environment(
        secret_key=parsed("REGLO_SECRET_KEY", _secret_key),
        encryption_keys=parsed("REGLO_ENCRYPTION_KEYS", _encryption_keys),
        base_url=parsed("REGLO_BASE_URL", _base_url),
        database=parsed("REGLO_DATABASE", _database),
        files=parsed("REGLO_FILES", _folder),
        static=parsed("REGLO_STATIC", _folder),
        debug=parsed("REGLO_DEBUG", _switch),
        log_level=parsed("REGLO_LOG_LEVEL", _log_level),
        simulation=parsed("REGLO_SIMULATION", _switch),
        clock_file=Path(value("REGLO_CLOCK_FILE")) if value("REGLO_CLOCK_FILE") else None,
        stripe_api=parsed("REGLO_STRIPE_API", lambda text: _web_address(text) if text else ""),
        stripe_dashboard=parsed("REGLO_STRIPE_DASHBOARD", _web_address),
        stripe_client_id=value("REGLO_STRIPE_CLIENT_ID"),
        stripe_platform_key=value("REGLO_STRIPE_PLATFORM_KEY"),
        internal_mail_servers=frozenset(
            part.strip().lower() for part in value("REGLO_INTERNAL_MAIL_SERVERS").split(",") if part.strip()
        ),
        trusted_proxies=parsed("REGLO_TRUSTED_PROXIES", _count),
    )
    _refuse_contradictions(environment)
    return environment


def _refuse_contradictions(environment: Environment) -> None:
    """Settings that are each right, and not together."""
    if environment.simulation and environment.stripe_platform_key.startswith(LIVE_KEYS):
        reason = _("est refusé à côté d’une clé réelle : videz REGLO_STRIPE_PLATFORM_KEY.")
        raise BadSetting("REGLO_SIMULATION", reason)
    if environment.stripe_api and not environment.simulation:  # every key would be shown to that address
        reason = _("est réservé à la simulation : videz-le, ou mettez REGLO_SIMULATION=1.")
        raise BadSetting("REGLO_STRIPE_API", reason)
    if environment.stripe_client_id and not environment.stripe_platform_key:
        reason = _("manque : REGLO_STRIPE_CLIENT_ID ne sert à rien sans elle.")
        raise BadSetting("REGLO_STRIPE_PLATFORM_KEY", reason)


def _secret_key(text: str) -> str:
    if len(text) < 50:
        raise ValueError(_("il faut au moins 50 caractères."))
    return text


def _encryption_keys(text: str) -> tuple[bytes, ...]:
    keys = tuple(base64.b64decode(part.strip(), validate=True) for part in text.split(",") if part.strip())
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError(_("chaque clé doit faire 32 octets en base64."))
    return keys


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if not _is_web(parts) or parts.path.rstrip("/") or parts.query:
        raise ValueError(_("il faut une adresse telle que https://factures.exemple.fr."))
    if parts.scheme == "http" and parts.hostname != "localhost":
        raise ValueError(_("http n’est accepté que pour localhost ; mettez https."))
    return text.rstrip("/")


def _web_address(text: str) -> str:
    if not _is_web(urlsplit(text)):
        raise ValueError(_("il faut une adresse qui commence par https://."))
    return text.rstrip("/")


def _is_web(parts: SplitResult) -> bool:
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and _port_is_possible(parts)


def _port_is_possible(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _database(text: str) -> str:
    """A path, or a complete address. Never repeated in the refusal: it may hold a password."""
    if "://" not in text and text.strip():
        return text
    parts = urlsplit(text)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/") or not _port_is_possible(parts):
        raise ValueError(_("il faut le chemin d’un fichier, ou postgresql://utilisateur:motdepasse@hôte:port/base."))
    return text


def _folder(text: str) -> Path:
    if not text.strip():
        raise ValueError(_("indiquez un dossier."))
    return Path(text)


def _switch(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError(_("mettez 0 ou 1."))
    return text == "1"


def _log_level(text: str) -> str:
    if text not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(_("mettez DEBUG, INFO, WARNING ou ERROR."))
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(_("mettez un nombre entier."))
    return int(text)
