"""What an entry says, and the digests that hold it to that."""

from collections.abc import Iterable, Sequence

from toadlane.kernel import canonical
from toadlane.money.ledger.models import JournalEntry, Posting

# code, currency, minor, holder, purpose, rule, rule version
Said = tuple[str, str, int, str, str, str, int | None]


def intent_of(subject: str, postings: Iterable[Said]) -> str:
    """Return the digest of what is asked. Not of the words: a retry may speak another language."""
    return canonical.digest([subject, list(postings)])


def said(posting: Posting) -> Said:
    account = posting.account
    return (account.code, account.currency, posting.minor, posting.holder, posting.purpose, posting.rule, posting.rule_version)


def digest_of(entry: JournalEntry, postings: Sequence[Posting]) -> tuple[str, str]:
    """Return the intent and the digest that the entry ought to have, worked out again from its rows."""
    intent = intent_of(entry.subject, [said(posting) for posting in postings])
    return intent, canonical.digest(entry.contents() | {"intent": intent})
