from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.functions import Greatest

from toadlane.democracy.circles.models import Charter, Nomination, Seat
from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.society.members.models import Office


def refusals() -> Iterator[Refusal]:
    yield from append_only(Charter._meta.db_table)
    office, seat = Office._meta.db_table, Seat._meta.db_table
    # Who sat where, since when and by which decision is a record; an office can end, once, and nothing else.
    yield Refusal(
        name="rewriting", table=office, verb="UPDATE", because=f"{office}: who was named, when and by what stays",
        when="NEW.person_id <> OLD.person_id OR NEW.office <> OLD.office OR NEW.since <> OLD.since OR "
             "NEW.named_by <> OLD.named_by OR COALESCE(CAST(NEW.until AS TEXT), '') <> COALESCE(CAST(OLD.until AS TEXT), '') OR "
             "OLD.ended_on IS NOT NULL",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=office, verb="DELETE", because=f"{office} is kept")
    yield Refusal(
        name="nameless", table=office, verb="INSERT", because=f"{office}: only a decision names somebody",
        when="NEW.named_by = ''",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=seat, verb="DELETE", because=f"{seat} is kept")


def sealed() -> None:
    """Declare who was put forward, and who stood for election once nobody may change their mind any more."""
    sealing.declare("circles.put_forward", Nomination, "election_id", "person_id", "membership_id", "nominated_by_id",
                    "nominated_at", dated="nominated_at")  # fmt: skip
    sealing.declare("circles.nominations", Nomination, "election_id", "person_id", "membership_id", "nominated_by_id",
                    "nominated_at", "accepted_at", dated=Greatest("accepted_at", F("election__closes_at")),
                    only=Q(accepted_at__isnull=False))  # fmt: skip
