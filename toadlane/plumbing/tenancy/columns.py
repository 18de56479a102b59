"""The columns of a statement that is kept, and how the values of a row become what the database's driver takes."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import (
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    Field,
    ForeignKey,
    JSONField,
    TimeField,
    UUIDField,
)

# What most columns hold goes to the database as it is.
PLAIN: frozenset[type] = frozenset({str, int, bool, type(None)})
# Fields whose values look plain and are not: {} and "1" are written otherwise than they read.
NOT_PLAIN = (JSONField, UUIDField, DateField, TimeField, DurationField, DecimalField)


class Columns:
    """Fields in the order of a statement. What can be known of them beforehand is: a row of sixty columns is written often."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self.fields = fields
        names = [field.attname for field in fields]
        self._taken = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
        self._is_made = any(map(_makes_its_value, fields))
        self._known: dict[str, list[tuple[Any, frozenset[type]]]] = {}

    def of(self, row: Any) -> Sequence[Any]:
        """Return the values of a new row. Where no field makes one of its own, all are taken at once."""
        return [field.pre_save(row, True) for field in self.fields] if self._is_made else self._taken(row)

    def saved(self, there: Any, values: Sequence[Any]) -> list[Any]:
        """Return values as they go to the database `there`."""
        known = self._known.get(there.vendor)
        if known is None:
            known = self._known[there.vendor] = [(field, _as_it_is(field, there.vendor)) for field in self.fields]
        return [
            value if type(value) in plain else field.get_db_prep_save(value, there)
            for value, (field, plain) in zip(values, known, strict=True)
        ]


def _makes_its_value(field: Any) -> bool:
    if isinstance(field, DateField | TimeField):
        return bool(field.auto_now or field.auto_now_add)
    return type(field).pre_save is not Field.pre_save


def _as_it_is(field: Any, vendor: str) -> frozenset[type]:
    """Return the types whose values a field hands on unchanged."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    if vendor == "postgresql" and isinstance(field, DateTimeField | UUIDField):
        own: type = datetime if isinstance(field, DateTimeField) else UUID
        return frozenset({type(None), own})
    return frozenset({type(None)}) if isinstance(field, NOT_PLAIN) else PLAIN
