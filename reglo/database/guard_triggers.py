"""Guards as triggers of the engine: written, installed, dropped, and compared with what the catalogue holds.

SQLite keeps a trigger's text, so the text is compared. PostgreSQL keeps the text of functions only, so there each guard
is a function holding the whole condition and a trigger that does nothing but call it, on every row.
"""

from collections.abc import Iterator, Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from reglo.database.guards import GUARDS, Guard

PREFIX = "guard_"
# Bits of pg_trigger.tgtype.
ROW, BEFORE = 1, 2
EVENT_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
RETURNED = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard] = GUARDS) -> None:
    """Create every guard. They must not exist: call `drop` before."""
    with connection.cursor() as cursor:
        for guard in _for_engine(connection, guards):
            condition = _condition(connection, guard)
            if connection.vendor == "sqlite":
                cursor.execute(_sqlite_trigger(guard, condition))
            else:
                cursor.execute(_postgresql_function(guard, condition))
                cursor.execute(_postgresql_trigger(guard))


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every guard in the catalogue, those that are no longer declared included."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                if name.startswith(PREFIX):
                    cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(
                "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                " WHERE n.nspname = current_schema() AND p.prorettype = 'trigger'::regtype"
            )
            for (name,) in cursor.fetchall():
                if name.startswith(PREFIX):
                    cursor.execute(f"DROP FUNCTION {name}() CASCADE")  # the trigger goes with it


def missing(connection: BaseDatabaseWrapper, guards: Sequence[Guard] = GUARDS) -> list[str]:
    """Names of the guards that the catalogue does not hold, or holds otherwise than declared."""
    found = _sqlite_found(connection) if connection.vendor == "sqlite" else _postgresql_found(connection)
    return [
        guard.name for guard in _for_engine(connection, guards) if found.get(guard.name) != _expected(connection, guard)
    ]


def _for_engine(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> Iterator[Guard]:
    return (guard for guard in guards if connection.vendor != "sqlite" or guard.event != "TRUNCATE")


def _condition(connection: BaseDatabaseWrapper, guard: Guard) -> str:
    if "{changed}" not in guard.refuses:
        return guard.refuses
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, guard.table)]
    if unknown := guard.but.difference(columns):
        raise ValueError(f"{guard.name}: {guard.table} has no column {', '.join(unknown)}")
    watched = (column for column in columns if column not in guard.but)
    changed = " OR ".join(f'NEW."{column}" IS DISTINCT FROM OLD."{column}"' for column in watched)
    return guard.refuses.replace("{changed}", changed)


def _expected(connection: BaseDatabaseWrapper, guard: Guard) -> object:
    condition = _condition(connection, guard)
    if connection.vendor == "sqlite":
        return _sqlite_trigger(guard, condition)
    row = 0 if guard.event == "TRUNCATE" else ROW
    return guard.table, row | BEFORE | EVENT_BITS[guard.event], "O", _postgresql_body(guard, condition)


def _sqlite_trigger(guard: Guard, condition: str) -> str:
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
        f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{guard.because}'); END"
    )


def _sqlite_found(connection: BaseDatabaseWrapper) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _postgresql_body(guard: Guard, condition: str) -> str:
    return (
        f"BEGIN IF {condition} THEN RAISE EXCEPTION USING MESSAGE = '{guard.because}',"
        f" ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {RETURNED[guard.event]}; END"
    )


def _postgresql_function(guard: Guard, condition: str) -> str:
    body = _postgresql_body(guard, condition)
    return f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$"


def _postgresql_trigger(guard: Guard) -> str:
    level = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
        f" FOR EACH {level} EXECUTE FUNCTION {guard.name}()"
    )


def _postgresql_found(connection: BaseDatabaseWrapper) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgtype, t.tgenabled::text, p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
        return {name: (table, kind, enabled, body) for name, table, kind, enabled, body in cursor.fetchall()}
