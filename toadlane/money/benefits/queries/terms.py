"""What the bylaws in force say about wallets."""

from dataclasses import dataclass

from toadlane.kernel.money import Money
from toadlane.money.benefits import rules
from toadlane.money.benefits.policies import Units
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book

SUGGESTED = rules.SUGGESTED


@dataclass(frozen=True, kw_only=True)
class Terms:
    minimum: Money
    suggested: Money
    relief: Money
    tries: int
    retry_days: int
    hold_days: int
    version: int


def is_open() -> bool:
    """Tell whether the members decided to have wallets."""
    return bool(bylaws.book().maybe(rules.OPEN))


def terms() -> Terms:
    book = bylaws.book()
    return Terms(
        minimum=book.value(rules.MINIMUM), suggested=book.value(rules.SUGGESTED), relief=book.value(rules.RELIEF),
        tries=book.value(rules.TRIES), retry_days=book.value(rules.RETRY_DAYS), hold_days=book.value(rules.HOLD_DAYS),
        version=book.number,
    )  # fmt: skip


def suggested(book: Book) -> Money | None:
    """Return what these bylaws suggest that a client pays for each visit, or None where there are no wallets."""
    return book.value(rules.SUGGESTED) if book.maybe(rules.OPEN) else None


def units() -> Units:
    book = bylaws.book()
    return Units(book.value(rules.CREDIT), book.value(rules.HALF_DAY), book.value(rules.DAY), book.number)
