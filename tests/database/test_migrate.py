from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from reglo.database import guard_triggers
from reglo.database.migrate import migrate
from reglo.database.readiness import NotReady, _file_system, refuse_network_file_system, require_ready
from reglo.database.sqlite.base import DatabaseWrapper

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:50 / /srv/partage\\040commun rw,relatime shared:9 - nfs4 nas:/export rw
41 40 8:2 / /srv/partage\\040commun/local rw - xfs /dev/sdb1 rw
"""


@pytest.mark.django_db(transaction=True)
def test_a_second_migration_changes_nothing_and_keeps_every_guard():
    migrate(verbosity=0)

    assert guard_triggers.missing(connection) == []
    require_ready(connection)


@pytest.mark.django_db(transaction=True)
def test_a_missing_guard_refuses_to_start_until_migrate_is_run():
    guard_triggers.drop(connection)
    with pytest.raises(NotReady, match="des protections de la base manquent"):
        require_ready(connection)

    migrate(verbosity=0)

    require_ready(connection)


@pytest.mark.django_db
def test_a_missing_migration_refuses_to_start():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'events'")

    with pytest.raises(NotReady, match="n’est pas à jour"):
        require_ready(connection)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/reglo", "ext4"),
        ("/srv/partage commun/reglo", "nfs4"),
        ("/srv/partage commun/local/reglo", "xfs"),
    ],
)
def test_the_file_system_is_that_of_the_deepest_mount(folder: str, kind: str):
    assert _file_system(Path(folder), MOUNTS) == kind


def test_sqlite_on_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("reglo.database.readiness._file_system", lambda folder, mounts: "nfs4")
    sqlite = DatabaseWrapper({"NAME": "reglo.sqlite3"})

    with pytest.raises(NotReady, match=r"disque réseau \(nfs4\)"):
        refuse_network_file_system(sqlite)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("engine", "name", "said"),
    [
        ("reglo.database.sqlite", "/nowhere/reglo.sqlite3", "la base /nowhere/reglo.sqlite3 ne s’ouvre pas"),
        ("reglo.database.postgresql", "reglo", "la base de données ne répond pas"),
    ],
)
def test_a_database_that_does_not_answer_is_one_sentence(engine: str, name: str, said: str):
    refused = dict(connection.settings_dict, ENGINE=engine, NAME=name, HOST="127.0.0.1", PORT="1", PASSWORD="secret")
    unreachable = import_module(f"{engine}.base").DatabaseWrapper({**refused, "OPTIONS": {}})

    with pytest.raises(NotReady, match=said) as told:
        require_ready(unreachable)

    assert "REGLO_DATABASE" in str(told.value)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
