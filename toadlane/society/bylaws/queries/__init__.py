"""Reading the rules."""

from toadlane.society.bylaws.queries.articles import (
    Article,
    Clause,
    Guard,
    Turn,
    article,
    articles,
    deciding,
    differences,
    guards,
    history,
    preview,
    undecided,
    with_words,
)
from toadlane.society.bylaws.queries.books import (
    Book,
    Provenance,
    beside,
    book,
    book_at,
    chain_holds,
    changes_are_declared,
    coming,
    first_broken_link,
    forget_in_force,
    halted,
    halts,
    in_force,
    next_change,
    outside_the_law,
    signatures,
    version,
    versions,
    within_the_law,
    worded,
)

__all__ = [
    "Article", "Book", "Clause", "Guard", "Provenance", "Turn", "article", "articles", "beside", "book", "book_at",
    "chain_holds", "changes_are_declared", "coming", "deciding", "differences", "first_broken_link", "forget_in_force",
    "guards", "halted", "halts", "history", "in_force", "next_change", "outside_the_law", "preview", "signatures", "undecided",
    "version", "versions", "with_words", "within_the_law", "worded",
]  # fmt: skip
