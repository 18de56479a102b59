"""Queries whose SQL is worked out once, for the few ways that everybody goes all day.

    newest = Prepared(lambda: Listing.objects.select_related("provider").filter(pk=Param("pk")))
    rows = newest(pk=7)

Django builds and compiles a query anew each time it is asked, which costs more than the database takes to answer it. What
comes back are the same rows, of the same models, in the scope of the same co-op: the scope is a parameter like any other.
"""

import copy
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Expression,
    ForeignKey,
    Func,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.query import ModelIterable, ValuesListIterable

from toadlane.plumbing.tenancy.columns import Columns
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.plumbing.tenancy.scope import current_coop_id, outside, scope

M = TypeVar("M", bound=Model)
COOP = "coop in scope"
MOST = 30  # Rows of one statement that is kept; more of them are written as Django writes them.


class Param(Expression):
    """A value that is given later, by its name."""

    allowed_default = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def get_source_expressions(self) -> list[Any]:
        return []

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Param) and other.name == self.name


class Among(Func):
    """Whether a number is one of a list that is given later, however long: `filter(Among("pk", Param("pks")))`."""

    output_field = BooleanField()
    arity = 2

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template, joiner = "%(expressions)s::bigint[])", " = ANY("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template, joiner = "%(expressions)s))", " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **more)


class Prepared(Generic[M]):
    """A query of one model, or a `values_list` of it, with `Param`s where its values come.

    :param build: returns the query; asked once for each engine, and only then
    :param of_coop: whether its rows belong to the co-op in scope. Without a scope it fails, as any query does.
    """

    def __init__(self, build: Callable[[], QuerySet[M]], *, of_coop: bool = True) -> None:
        self._build, self._of_coop = build, of_coop
        self._kept: dict[str, tuple[Any, str, Sequence[Any], type[Model] | None]] = {}

    def first(self, **values: Any) -> M | None:
        """Return the first row, or None. The query says itself in which order, and that one is enough."""
        return next(iter(self(**values)), None)

    def __call__(self, **values: Any) -> list[M]:
        if self._of_coop:
            values[COOP] = current_coop_id()
        there = connections[DEFAULT_DB_ALIAS]
        compiler, sql, params, model = self._kept.get(there.vendor) or self._compile()
        bound = tuple(_bound(there, values[param.name]) if type(param) is Param else param for param in params)
        fresh = copy.copy(compiler)
        fresh.connection = there
        fresh.as_sql = lambda *_args, **_more: (sql, bound)
        if model is None:
            return list(fresh.results_iter(tuple_expected=True))
        asked: Any = SimpleNamespace(
            db=there.alias,
            query=SimpleNamespace(get_compiler=lambda **_: fresh),
            model=model,
            _known_related_objects={},
        )
        return list(ModelIterable(asked))

    def _compile(self) -> tuple[Any, str, Sequence[Any], type[Model] | None]:
        with scope(Param(COOP)) if self._of_coop else outside():  # type: ignore[arg-type]
            rows = self._build()
        compiler = rows.query.get_compiler(using=connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet as error:
            raise AssertionError("a query that can have no answer") from error
        # How each column becomes a value is the same for every row of every answer.
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda _columns: converters
        composite = compiler.has_composite_fields([column[0] for column in compiler.select])
        compiler.has_composite_fields = lambda _columns: composite
        lists = issubclass(rows._iterable_class, ValuesListIterable)
        kept = self._kept[connection.vendor] = compiler, sql, params, None if lists else rows.model
        return kept


def _bound(there: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return there.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return there.ops.adapt_datefield_value(value)
    if isinstance(value, list) and there.vendor == "sqlite":
        return json.dumps(value)
    if isinstance(value, UUID) and not there.features.has_native_uuid_field:
        return value.hex
    return value


_inserts: dict[tuple[Any, ...], tuple[str, Columns]] = {}
_from_json: dict[type[Model], str | None] = {}
IN_JSON = (CharField, TextField, IntegerField, BooleanField, DateTimeField, UUIDField, JSONField, ForeignKey)
AT_ONCE = 5000  # Rows of one statement that takes them as one value.
FEW = 50  # Values of one statement up to which psycopg remembers how it reads.
_updates: dict[tuple[Any, ...], tuple[str, Columns]] = {}


def insert(rows: Sequence[Any]) -> None:
    """Write new rows of one model in one statement, as `bulk_create` does, with SQL that is worked out once."""
    if len(rows) > MOST:
        type(rows[0])._default_manager.bulk_create(rows)
    elif rows:
        _insert(rows)


def insert_once(row: CoopModel, *, unique: str = "key") -> bool:
    """Write a row of a co-op that names itself, unless there is one of the same key; return whether it was new.

    A unique violation would end a transaction on PostgreSQL, and a look beforehand would be a second statement.

    :param unique: the columns besides the co-op's that make the key, as a unique constraint has them
    """
    row.claim()
    model, names_itself, there = type(row), row.pk is not None, connections[DEFAULT_DB_ALIAS]
    key = (model, there.vendor, unique, names_itself)
    sql, columns = _inserts.get(key) or _inserts.setdefault(key, _once_sql(model, unique, names_itself))
    with there.cursor() as cursor:
        cursor.execute(sql, columns.saved(there, columns.of(row)))
        row._state.adding = False
        return bool(cursor.rowcount)


def insert_unless_there(rows: Sequence[Any]) -> None:
    """Write any number of new rows of one model that name themselves, as `bulk_create` does, and pass over what is there."""
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        model, as_json = type(part[0]), _as_json(type(part[0]))
        if as_json is None:
            model._default_manager.bulk_create(part, ignore_conflicts=True)
            continue
        for row in part:
            if isinstance(row, CoopModel):
                row.claim()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"{as_json} ON CONFLICT DO NOTHING", [_written(part, Columns(model._meta.concrete_fields))])


def _insert(rows: Sequence[Any]) -> None:
    model, names_itself = type(rows[0]), rows[0].pk is not None
    for row in rows:
        if isinstance(row, CoopModel):
            row.claim()
    there = connections[DEFAULT_DB_ALIAS]
    key = (model, there.vendor, len(rows), names_itself)
    sql, columns = _inserts.get(key) or _inserts.setdefault(key, _insert_sql(model, len(rows), names_itself))
    if len(rows) * len(columns.fields) > FEW and names_itself and (as_json := _as_json(model)):
        sql, values = as_json, [_written(rows, columns)]
    else:
        values = [value for row in rows for value in columns.saved(there, columns.of(row))]
    with there.cursor() as cursor:
        cursor.execute(sql, values)
        written = [] if names_itself else cursor.fetchall()
    for nth, row in enumerate(rows):
        if not names_itself:
            row.pk = written[nth][0]
        row._state.adding, row._state.db = False, there.alias


def update(model: type[Model], changes: dict[str, Any], *, unlike: dict[str, Any] | None = None, **where: Any) -> int:
    """Change the rows of the co-op in scope that are as said; return how many. For changes that have to find what they expect.

    Rows of no co-op are found by what is said alone.

    :param unlike: what a column must not hold
    """
    unlike = unlike or {}
    if issubclass(model, CoopModel):
        where = {"coop": current_coop_id(), **where}
    there = connections[DEFAULT_DB_ALIAS]
    key = (model, there.vendor, *changes, "where", *where, "unlike", *unlike)
    sql, columns = _updates.get(key) or _updates.setdefault(key, _update_sql(model, [*changes], [*where], [*unlike]))
    with there.cursor() as cursor:
        cursor.execute(sql, columns.saved(there, (*changes.values(), *where.values(), *unlike.values())))
        return int(cursor.rowcount)


def _as_json(model: type[Model]) -> str | None:
    """Return SQL that takes any number of rows as one value: psycopg reads a statement of many values anew each time.

    None where the engine or a column cannot be written so.
    """
    if model not in _from_json:
        fields = model._meta.concrete_fields
        sql = None
        if connection.vendor == "postgresql" and all(isinstance(field, IN_JSON) for field in fields):
            quote = connection.ops.quote_name
            columns = ", ".join(quote(str(field.column)) for field in fields)
            types = ", ".join(f"{quote(str(field.column))} {field.db_type(connection)}" for field in fields)
            table = quote(model._meta.db_table)
            sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS given({types})"
        _from_json[model] = sql
    return _from_json[model]


def _written(rows: Sequence[Any], columns: Columns) -> str:
    """Return rows as JSON."""
    names = [field.column for field in columns.fields]
    given = map(columns.of, rows)
    return json.dumps([dict(zip(names, values, strict=True)) for values in given], default=_plainly, ensure_ascii=False)


def _plainly(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} cannot be written as JSON")


def _insert_sql(model: type[Model], count: int, names_itself: bool) -> tuple[str, Columns]:
    quote, pk = connection.ops.quote_name, model._meta.pk
    fields = [field for field in model._meta.concrete_fields if names_itself or not field.primary_key]
    marks = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * count)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {marks}"
    return (sql if names_itself else f"{sql} RETURNING {quote(str(pk.column))}"), Columns(fields)


def _once_sql(model: type[Model], unique: str, names_itself: bool) -> tuple[str, Columns]:
    sql, columns = _insert_sql(model, 1, names_itself)
    return f"{sql.partition(' RETURNING ')[0]} ON CONFLICT (coop_id, {unique}) DO NOTHING", columns


def _update_sql(model: type[Model], changes: list[str], where: list[str], unlike: list[str]) -> tuple[str, Columns]:
    fields = [model._meta.get_field(name) for name in (*changes, *where, *unlike)]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    there, sets = columns[len(changes) :], ", ".join(f"{column} = %s" for column in columns[: len(changes)])
    alike = len(where)
    conditions = [f"{column} {'=' if nth < alike else '<>'} %s" for nth, column in enumerate(there)]
    table = connection.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {sets} WHERE {' AND '.join(conditions)}", Columns(fields)
