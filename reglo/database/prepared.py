"""The ORM's own statements, built once: for the few verbs whose time would be spent building them again.

Django builds the text of a statement each time it runs: some 0.3 ms of processor, more than the database takes to
execute it. Here a thread builds it at its first use and keeps it; columns, conversions and instances are those of the
models, so a migration changes nothing here. Each statement is still an ordinary one: wrappers, guards and errors hold.
"""

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

from reglo.database.fields import MinorField

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


class Parameter(Value):
    """Stands in the queryset of a `PreparedRead` for a value that each call gives by name, as the driver takes it."""

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
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("a lock lasts as long as its transaction")
        params = [values[param.value] if isinstance(param, Parameter) else param for param in plan.params]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, params)
            return [plan.result(list(row)) for row in cursor.fetchall()]


class _Plan:
    """What Django's compiler found out about a queryset: the steps of its `ModelIterable`, taken once."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(using=connection.alias)
        self.sql, self.params = compiler.as_sql()
        whole = issubclass(queryset._iterable_class, ModelIterable)
        self.locks = queryset.query.select_for_update
        self._mine = connections[connection.alias]
        self._converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())
        self.result: Callable[[list[Any]], Any] = self._instance if whole else self._tuple
        if whole:
            fields = compiler.klass_info["select_fields"]
            self._own = slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in compiler.select[self._own]]
            self._related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg] # stubs of a later Django
            self._model = queryset.model

    def _tuple(self, row: list[Any]) -> tuple[Any, ...]:
        for index, (converters, column) in self._converters:
            for convert in converters:
                row[index] = convert(row[index], column, self._mine)
        return tuple(row)

    def _instance(self, row: list[Any]) -> Model:
        values = self._tuple(row)
        instance: Model = self._model.from_db(connection.alias, self._names, values[self._own])
        for related in self._related:
            related.populate(values, instance)
        return instance


def insert(row: M) -> M:
    """Insert `row` and give it the key that the database chose, where it had none."""
    keyed = row.pk is not None
    fields, sql = _insertion(type(row), 1, keyed=keyed)
    key = row._meta.pk
    with connection.cursor() as cursor:
        if keyed:
            cursor.execute(sql, _stored(row, fields))
        else:
            cursor.execute(f"{sql} RETURNING {_quoted(key.column)}", _stored(row, fields))
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias
    return row


def insert_all(rows: Sequence[Model]) -> None:
    """Insert several rows of one model in one statement. Keys chosen by the database are not read back."""
    if not rows:
        return
    fields, sql = _insertion(type(rows[0]), len(rows), keyed=rows[0].pk is not None)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in _stored(row, fields)])


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that exists."""
    fields, sql = _change(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_stored(row, fields), row.pk])
        assert cursor.rowcount == 1, f"{row._meta.db_table} {row.pk} does not exist"


Fields = tuple["Field[Any, Any]", ...]


@lru_cache(maxsize=200)
def _insertion(model: type[Model], rows: int, *, keyed: bool) -> tuple[Fields, str]:
    fields = tuple(field for field in model._meta.concrete_fields if keyed or not field.primary_key)
    columns = ", ".join(_quoted(field.column) for field in fields)
    values = f"({', '.join(['%s'] * len(fields))})"
    return fields, f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([values] * rows)}"


@lru_cache(maxsize=200)
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[Fields, str]:
    fields: Fields = tuple(model._meta.get_field(name) for name in names)  # type: ignore[misc]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return fields, f"UPDATE {table} SET {changes} WHERE {key} = %s"


# Fields that store these types as they are: asking each would take longer than writing them.
_AS_IS = {
    models.CharField: str,
    models.TextField: str,
    models.BigIntegerField: int,
    models.ForeignKey: int,
    models.OneToOneField: int,
    MinorField: int,
}


def _stored(row: Model, fields: Fields) -> list[Any]:
    mine = connections[connection.alias]
    stored = []
    for field in fields:
        value = getattr(row, field.attname)
        if type(value) is not _AS_IS.get(type(field)):
            value = field.get_db_prep_save(value, mine)
        stored.append(value)
    return stored


def _quoted(name: str | None) -> str:
    assert name, "a field without a column is not stored"
    return connection.ops.quote_name(name)
