"""Paging by key: stable while rows are added, and its cost does not grow with the page."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected

M = TypeVar("M", bound=Model)
MOST = 100


class BadCursor(Expected):
    """This page address is not one we gave out."""

    status = 400
    field = "cursor"


@dataclass(frozen=True)
class Page(Generic[M]):
    items: list[M]
    next: str | None


def page(rows: QuerySet[M], *, cursor: str | None = None, limit: int = 25, order: tuple[str, ...] = ("-pk",)) -> Page[M]:
    """Return up to `limit` rows after the cursor; `order` must end in a unique field.

    :raises BadCursor: when the cursor was not made here
    """
    limit = max(1, min(limit, MOST))
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _read(cursor, [_field(rows, name.lstrip("-")) for name in order])))
    found = list(rows[: limit + 1])
    return Page(found[:limit], _write(found[limit - 1], order) if len(found) > limit else None)


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    condition = Q()
    for depth, name in enumerate(order):
        equal = {field.lstrip("-"): value for field, value in zip(order[:depth], values[:depth], strict=True)}
        step = f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}"
        condition |= Q(**equal, **{step: values[depth]})
    return condition


def _write(row: Model, order: tuple[str, ...]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _field(rows: QuerySet[M], name: str) -> "Field[Any, Any]":
    if name == "pk":
        return rows.model._meta.pk
    try:
        return rows.model._meta.get_field(name)  # type: ignore[return-value]
    except FieldDoesNotExist:
        # What the rows were annotated with sorts as well as what they hold.
        return rows.query.annotations[name].output_field


def _read(cursor: str, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    """Return the values of a cursor, each as its field would hold it: anybody may write one by hand."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(fields):
            raise ValueError(values)
        return [_held(field, value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page.")) from error


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
