from collections.abc import Iterator

from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal
from toadlane.society.messaging.models import Announcement, Notice


def refusals() -> Iterator[Refusal]:
    table = Announcement._meta.db_table
    # Thousands of notices hang on one, without a foreign key of the database each.
    yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table} is kept")


def sealed() -> None:
    """Declare the log of delivery: a vote without its notice is void, so that everybody was told has to stay as it was."""
    sealing.declare("messaging.announcements", Announcement, "key", "subject", "template", "context", "link", "about",
                    "is_urgent", "made_at", "made_by", dated="made_at")  # fmt: skip
    sealing.declare("messaging.notices", Notice, "announcement_id", "person_id", "membership_id", "desk_at", dated="desk_at")
    sealing.declare("messaging.letters", Notice, "letter_at", "letter_channel", dated="letter_at")
