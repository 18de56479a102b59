"""Paging by key: stable while rows are added, and its cost does not grow with the page."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Q, QuerySet
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected

M = TypeVar("M")
MOST = 100


class BadCursor(Expected):
    """This page address is not one we gave out."""

    status = 400
    field = "cursor"


@dataclass(frozen=True)
class Page(Generic[M]):
    items: list[M]
    next: str | None


def page(
    rows: QuerySet[Any] | Sequence[M], *, cursor: str | None = None, limit: int = 25, order: tuple[str, ...] = ("-pk",)
) -> Page[Any]:
    """Return up to `limit` rows after the cursor; `order` must end in a unique field.

    What was worked out in memory is paged by the same keys: numbers, texts, days and instants of the rows.

    :raises BadCursor: when the cursor was not made here
    """
    limit = max(1, min(limit, MOST))
    found = _asked(rows, cursor, order, limit) if isinstance(rows, QuerySet) else _picked(rows, cursor, order)
    return Page(found[:limit], _write(found[limit - 1], order) if len(found) > limit else None)


def _asked(rows: QuerySet[Any], cursor: str | None, order: tuple[str, ...], limit: int) -> list[Any]:
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _read(cursor, [_field(rows, name.lstrip("-")) for name in order])))
    return list(rows[: limit + 1])


def _picked(rows: Sequence[M], cursor: str | None, order: tuple[str, ...]) -> list[M]:
    found = list(rows)
    for name in reversed(order):
        found.sort(key=partial(_of, name=name), reverse=name.startswith("-"))
    if not cursor:
        return found
    values = _values(cursor, order)
    try:
        return [row for row in found if _is_after(row, order, values)]
    except TypeError as error:
        raise _bad() from error


def _is_after(row: Any, order: tuple[str, ...], values: list[Any]) -> bool:
    for name, value in zip(order, values, strict=True):
        own = _of(row, name)
        if own != value:
            return bool(own < value if name.startswith("-") else own > value)
    return False


def _of(row: Any, name: str) -> Any:
    """Return a value as a cursor holds it: what is no number is text, and instants are all told in one zone."""
    value = attrgetter(name.lstrip("-").replace("__", "."))(row)
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return value if isinstance(value, int | str) else str(value)


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    condition = Q()
    for depth, name in enumerate(order):
        equal = {field.lstrip("-"): value for field, value in zip(order[:depth], values[:depth], strict=True)}
        step = f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}"
        condition |= Q(**equal, **{step: values[depth]})
    return condition


def _write(row: Any, order: tuple[str, ...]) -> str:
    values = [_of(row, name) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _field(rows: QuerySet[Any], name: str) -> "Field[Any, Any]":
    if name == "pk":
        return rows.model._meta.pk
    try:
        return rows.model._meta.get_field(name)
    except FieldDoesNotExist:
        # What the rows were annotated with sorts as well as what they hold.
        return rows.query.annotations[name].output_field


def _read(cursor: str, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    """Return the values of a cursor, each as its field would hold it: anybody may write one by hand."""
    try:
        return [_held(field, value) for field, value in zip(fields, _values(cursor, fields), strict=True)]
    except (ValueError, TypeError, OverflowError, ValidationError) as error:
        raise _bad() from error


def _values(cursor: str, names: Sequence[Any]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError(values)
    except (ValueError, RecursionError) as error:
        raise _bad() from error
    return values


def _bad() -> BadCursor:
    return BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page."))


def _held(field: "Field[Any, Any]", value: Any) -> Any:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, str):
        value.encode()  # Half a sign cannot be asked for, and neither can NUL.
        if "\x00" in value:
            raise ValueError(value)
    elif abs(value) >= 2**63:
        raise OverflowError(value)
    held = field.to_python(value)
    if isinstance(held, datetime) and held.tzinfo is None:
        raise ValueError(value)
    return held
