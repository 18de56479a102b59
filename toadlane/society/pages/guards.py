"""What a page once said stays readable."""

from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.society.pages.models import PageVersion


def refusals() -> Iterator[Refusal]:
    yield from append_only(PageVersion._meta.db_table)
