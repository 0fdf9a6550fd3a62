"""What a self-hoster is told before anything starts: what is missing, and what to do about it.

`reglo check` lists everything; the web server refuses to start on an error.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from reglo.companies.simulation import refuse_simulation_beside_real_company
from reglo.database.readiness import NotReady, require_ready
from reglo.ports.terminal import gettext as _


@checks.register
def files_folder(app_configs: Sequence[Any] | None, **options: Any) -> list[checks.CheckMessage]:
    """Documents are written there, in the transaction's path: better refused now than at the first invoice."""
    folder = next(path for path in (settings.FILES_ROOT, *settings.FILES_ROOT.parents) if path.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        checks.Error(
            _("Réglo ne peut pas écrire dans %(folder)s.") % {"folder": settings.FILES_ROOT},
            hint=_("Donnez ce dossier à l’utilisateur qui lance Réglo, ou changez REGLO_FILES."),
            id="reglo.E001",
        )
    ]


@checks.register(checks.Tags.staticfiles)
def static_files(app_configs: Sequence[Any] | None, **options: Any) -> list[checks.CheckMessage]:
    if settings.DEBUG or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return []
    return [
        checks.Warning(
            _("Les fichiers statiques ne sont pas rassemblés : les pages seraient sans style."),
            hint=_("Lancez « reglo migrate »."),
            id="reglo.W002",
        )
    ]


@checks.register(checks.Tags.security)
def debugging(app_configs: Sequence[Any] | None, **options: Any) -> list[checks.CheckMessage]:
    """Its error pages show settings and variables to whoever meets an error."""
    if not (settings.DEBUG and settings.BASE_URL.startswith("https://")):
        return []
    return [
        checks.Error(
            _("REGLO_DEBUG=1 est refusé à une adresse publique."), hint=_("Retirez REGLO_DEBUG."), id="reglo.E003"
        )
    ]


def require_fit() -> None:
    """For the web server, before it answers anyone. Raises NotReady with the first sentence that explains."""
    for message in checks.run_checks():
        if message.is_serious():
            raise NotReady(f"{message.msg} {message.hint or ''}".strip())
    require_ready(connection)
    refuse_simulation_beside_real_company()
    connection.close()
