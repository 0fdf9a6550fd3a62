"""May this process start on this database? Asked by the web server, the worker and `/health/ready`."""

from pathlib import Path

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from reglo.database import guard_triggers
from reglo.ports.terminal import gettext as _

# SQLite's write-ahead log needs shared memory, which these do not share between machines.
NETWORK_FILE_SYSTEMS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone"),
}


class NotReady(SystemExit):
    """The database is not as the code needs it: the process stops with one French sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("Réglo ne peut pas démarrer : %(reason)s") % {"reason": reason})


def require_ready(connection: BaseDatabaseWrapper) -> None:
    """It answers, migrations applied, every guard in place, files where SQLite can keep them. Raises NotReady."""
    require_answer(connection)
    refuse_network_file_system(connection)
    require_migrations(connection)
    require_guards(connection)


def require_answer(connection: BaseDatabaseWrapper) -> None:
    """Raises NotReady with the driver's reason, which names the server and never the password."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).partition("\n")[0]
        if connection.vendor == "sqlite":
            closed = _(
                "la base %(file)s ne s’ouvre pas (%(reason)s). Créez son dossier et donnez-le à l’utilisateur qui lance"
                " Réglo, ou changez REGLO_DATABASE."
            )
            raise NotReady(closed % {"file": connection.settings_dict["NAME"], "reason": reason}) from None
        silent = _(
            "la base de données ne répond pas (%(reason)s). Vérifiez REGLO_DATABASE, et que le serveur est en marche."
        )
        raise NotReady(silent % {"reason": reason}) from None


def require_migrations(connection: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady(_("la base de données n’est pas à jour. Lancez « reglo migrate »."))


def require_guards(connection: BaseDatabaseWrapper) -> None:
    if names := guard_triggers.missing(connection):
        lost = _(
            "des protections de la base manquent (%(names)s). Arrêtez Réglo partout, puis lancez « reglo migrate »."
        )
        raise NotReady(lost % {"names": ", ".join(names)})


def refuse_network_file_system(connection: BaseDatabaseWrapper) -> None:
    """Do nothing where the system does not list its mounts. Raises NotReady."""
    mountinfo = Path("/proc/self/mountinfo")
    if connection.vendor != "sqlite" or not mountinfo.exists():
        return
    directory = Path(connection.settings_dict["NAME"]).resolve().parent
    kind = _file_system(directory, mountinfo.read_text(encoding="utf-8"))
    if kind in NETWORK_FILE_SYSTEMS:
        shared = _(
            "%(folder)s est sur un disque réseau (%(kind)s), où SQLite peut perdre des données. "
            "Mettez la base sur un disque local, ou utilisez PostgreSQL."
        )
        raise NotReady(shared % {"folder": directory, "kind": kind})


def _file_system(directory: Path, mountinfo: str) -> str:
    """The type of the file system that holds `directory`: that of the deepest mount point above it."""
    mounts: dict[Path, str] = {}
    for line in mountinfo.splitlines():
        place, _, kind = line.partition(" - ")
        mounts[Path(place.split()[4].encode().decode("unicode_escape"))] = kind.split()[0]
    return next((mounts[path] for path in (directory, *directory.parents) if path in mounts), "")
