"""Paging by key: stable while rows are added, and its cost does not grow with the page."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
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
        rows = rows.filter(_after(order, _read(cursor, len(order))))
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


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page.")) from error
    if not isinstance(values, list) or len(values) != length or any(isinstance(v, dict | list) for v in values):
        raise BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page."))
    return values
