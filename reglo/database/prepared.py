"""The ORM's own statements, built once: for the few verbs whose time would be spent building them again.

Django builds the text of a statement each time it runs: some 0.3 ms of processor, more than the database takes to
execute it. Here a thread builds it at its first use and keeps it; columns, conversions and instances are those of the
models, so a migration changes nothing here. Each statement is still an ordinary one: wrappers, guards and errors hold.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

from reglo.database.fields import MinorField

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


class Parameter(Value):
    """Stands in the queryset of a `PreparedRead` for a value that each call gives by name."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class PreparedRead(Generic[Row]):
    """A query for whole instances, `select_related` ones included, or for tuples (`values_list`).

    Called with the values of its parameters, it returns the list.
    """

    def __init__(self, queryset: Callable[[], QuerySet[Any, Row]]) -> None:
        self._queryset = queryset
        self._of_thread = threading.local()

    def __call__(self, **values: Any) -> list[Row]:
        """Raises TransactionManagementError where a query that locks runs outside a transaction."""
        plan: _Plan | None = getattr(self._of_thread, "plan", None)
        if plan is None:
            plan = self._of_thread.plan = _Plan(self._queryset())
        mine = connections[DEFAULT_DB_ALIAS]
        if plan.locks and not mine.in_atomic_block:
            raise TransactionManagementError("a lock lasts as long as its transaction")
        given = {name: _as_driven(value, mine) for name, value in values.items()}
        params = [given[param.value] if isinstance(param, Parameter) else param for param in plan.params]
        with mine.cursor() as cursor:
            cursor.execute(plan.sql, params)
            return [plan.result(list(row), mine) for row in cursor.fetchall()]


class _Plan:
    """What Django's compiler found out about a queryset: the steps of its `ModelIterable`, taken once."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        whole = issubclass(queryset._iterable_class, ModelIterable)
        self.locks = queryset.query.select_for_update
        self._converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())
        self.result: Callable[[list[Any], BaseDatabaseWrapper], Any] = self._instance if whole else self._tuple
        if whole:
            fields = compiler.klass_info["select_fields"]
            self._own = slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in compiler.select[self._own]]
            self._related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # stubs of a later Django
            self._model = queryset.model

    def _tuple(self, row: list[Any], mine: BaseDatabaseWrapper) -> tuple[Any, ...]:
        for index, (converters, column) in self._converters:
            for convert in converters:
                row[index] = convert(row[index], column, mine)
        return tuple(row)

    def _instance(self, row: list[Any], mine: BaseDatabaseWrapper) -> Model:
        values = self._tuple(row, mine)
        instance: Model = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._own])
        for related in self._related:
            related.populate(values, instance)
        return instance


def _as_driven(value: Any, mine: BaseDatabaseWrapper) -> Any:
    """A value as the columns of its type hold it, which SQLite has for neither instants nor UUIDs."""
    match value:
        case datetime():
            return mine.ops.adapt_datetimefield_value(value)
        case UUID() if not mine.features.has_native_uuid_field:
            return value.hex
    return value


def insert(row: M) -> M:
    """Insert `row` and give it the key that the database chose, where it had none."""
    mine = connections[DEFAULT_DB_ALIAS]
    keyed = row.pk is not None
    columns, sql = _insertion(type(row), 1, keyed=keyed)
    with mine.cursor() as cursor:
        cursor.execute(sql, _stored(row, columns, mine))
        if not keyed:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def insert_all(rows: Sequence[Model]) -> None:
    """Insert several rows of one model in one statement. Keys chosen by the database are not read back."""
    if not rows:
        return
    mine = connections[DEFAULT_DB_ALIAS]
    columns, sql = _insertion(type(rows[0]), len(rows), keyed=rows[0].pk is not None)
    with mine.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in _stored(row, columns, mine)])


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    mine = connections[DEFAULT_DB_ALIAS]
    columns, sql = _change(type(row), names)
    with mine.cursor() as cursor:
        cursor.execute(sql, _stored(row, columns, mine))
        assert cursor.rowcount == 1, f"{row._meta.db_table} {row.pk} does not exist"


# Per column: the attribute, the type that is stored as it is (asking the field would take longer), the conversion.
Columns = tuple[tuple[str, type | None, Callable[[Any, BaseDatabaseWrapper], Any]], ...]

_AS_IS: dict[type, type] = {
    models.CharField: str,
    models.TextField: str,
    models.BigIntegerField: int,
    MinorField: int,
    models.ForeignKey: int,
    models.OneToOneField: int,
}


@lru_cache(maxsize=200)
def _insertion(model: type[Model], rows: int, *, keyed: bool) -> tuple[Columns, str]:
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if keyed or field is not key]
    names = ", ".join(_quoted(field.column) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    returned = "" if keyed or rows > 1 else f" RETURNING {_quoted(key.column)}"
    return _columns(fields), f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES {values}{returned}"


@lru_cache(maxsize=200)
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[Columns, str]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = model._meta.pk
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {changes} WHERE {_quoted(key.column)} = %s"
    return _columns([*fields, key]), sql


def _columns(fields: Sequence[Any]) -> Columns:
    return tuple((field.attname, _AS_IS.get(type(field)), field.get_db_prep_save) for field in fields)


def _stored(row: Model, columns: Columns, mine: BaseDatabaseWrapper) -> list[Any]:
    values = []
    for name, as_is, prepare in columns:
        value = getattr(row, name)
        values.append(value if value is None or type(value) is as_is else prepare(value, mine))
    return values


def _quoted(name: str | None) -> str:
    assert name, "a field without a column is not stored"
    return connection.ops.quote_name(name)
