"""Values that go to the database as they are, or as their field writes them, are the same values that Django would send."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models
from django_tasks_db.models import DBTaskResult

from toadlane.plumbing.tenancy.columns import Columns

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
# What may be in a column, by the kind of its field; the first kind that fits.
VALUES = (
    (models.JSONField, ({}, [], "1", 1, {"a": [None, True]})),
    (models.UUIDField, (UUID(int=7), "00000000-0000-0000-0000-000000000007")),
    (models.DateTimeField, (AT,)),
    (models.DateField, (date(2024, 2, 29), "2024-02-29")),
    (models.TimeField, (time(23, 59),)),
    (models.DurationField, (timedelta(hours=-1, microseconds=1),)),
    (models.DecimalField, (Decimal("1.50"), 3)),
    (models.BooleanField, (True, False)),
    (models.IntegerField, (0, -1, 10**15)),
    (models.FloatField, (0.5, 3)),
    (models.BinaryField, (b"\x00\xff",)),
    (models.CharField, ("", "it’s \u0000-free ‘’ {}", models.TextChoices("Way", {"HERE": "here"}).HERE)),
    (models.TextField, ("", "true")),
)


def told(value):
    """Return a value with what wraps it for the driver laid open."""
    return type(value), getattr(value, "obj", value)


def fields():
    for model in apps.get_models():
        if model.__module__.startswith("toadlane."):
            yield from (field for field in model._meta.concrete_fields if not field.is_relation)


@pytest.mark.parametrize("kind", dict.fromkeys(map(type, fields())), ids=lambda kind: kind.__name__)
def test_every_kind_of_field_is_written_as_django_writes_it(kind):
    field = next(field for field in fields() if type(field) is kind)
    values = next((values for of, values in VALUES if isinstance(field, of)), None)
    assert values or isinstance(field, models.FileField), f"say above what a {kind.__name__} may hold"
    for value in (None, *(values or ("photos/one.webp",))):
        [ours] = Columns([field]).saved(connection, [value])
        theirs = field.get_db_prep_save(value, connection)
        # An integer column of Django's own PostgreSQL engine wraps its values: the driver sends the same number.
        if isinstance(value, int) and isinstance(ours, int):
            theirs = int(theirs)
        if isinstance(value, datetime) and connection.vendor == "postgresql":
            theirs = value
        assert told(ours) == told(theirs) or (ours == theirs and isinstance(ours, str | int)), (kind, value)


def test_a_day_that_a_field_sets_itself_is_set():
    named = [field.attname for field in DBTaskResult._meta.concrete_fields]
    values = dict(zip(named, Columns(DBTaskResult._meta.concrete_fields).of(DBTaskResult()), strict=True))
    assert values["enqueued_at"] is not None


def test_a_reference_is_written_as_what_it_refers_to():
    """A reference to a row that is named by a UUID is no text on PostgreSQL and no dashes on SQLite."""
    references = [
        field for model in apps.get_models() if model.__module__.startswith("toadlane.") for field in model._meta.concrete_fields
        if field.is_relation and isinstance(field.target_field, models.UUIDField)
    ]  # fmt: skip
    assert references
    for field in references:
        [ours] = Columns([field]).saved(connection, [UUID(int=7)])
        assert ours == field.get_db_prep_save(UUID(int=7), connection)
