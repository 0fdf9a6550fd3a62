"""The two keys that an installation must have before anything can start, drawn and written once."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from reglo.ports.terminal import gettext as _

FILE = Path("reglo.env")
KEYS = ("REGLO_SECRET_KEY", "REGLO_ENCRYPTION_KEYS")


def missing_keys(source: Mapping[str, str] = os.environ) -> list[str]:
    return [name for name in KEYS if not source.get(name)]


def write_keys(path: Path = FILE) -> str:
    """Write new keys to `path`, readable by its owner alone, and return what to do next.

    A file that exists is left as it is: its keys may already seal secrets, and there is no other copy of them.
    """
    if path.exists():
        found = _("Le fichier %(path)s existe déjà : il est gardé tel quel.") % {"path": path}
    else:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(_content())
        found = _(
            "Deux clés sont écrites dans %(path)s. Gardez-en une copie sûre : sans elles, vos secrets sont perdus."
        ) % {"path": path}
    then = _("Indiquez-y votre adresse publique (REGLO_BASE_URL), puis chargez-le et continuez :")
    return f"""{found}

{then}

  set -a; . ./{path}; set +a
  reglo migrate
  reglo setup
"""


def _content() -> str:
    encryption = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    about = _("Réglages de cette installation de Réglo. Ce fichier est secret.")
    address = _("L’adresse à laquelle vos clients vous trouvent, en https :")
    return f"""# {about}
REGLO_SECRET_KEY={secrets.token_urlsafe(50)}
REGLO_ENCRYPTION_KEYS={encryption}
# {address}
REGLO_BASE_URL=http://localhost:8000
"""
