"""Writing a row for an intent at most once, in one statement and without losing the caller's transaction."""

from typing import TypeVar

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.plumbing.tenancy.prepared import insert_once

M = TypeVar("M", bound=CoopModel)


def first(row: M, *, unique: str = "key") -> tuple[M, bool]:
    """Insert a row, or return the one that was there first; with whether it was new."""
    if insert_once(row, unique=unique):
        return row, True
    return type(row).objects.get(**{name: getattr(row, name) for name in unique.split(", ")}), False
