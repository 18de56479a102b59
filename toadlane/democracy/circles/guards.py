from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.functions import Greatest

from toadlane.democracy.circles.models import Asked, Charter, Draw, DrawEntry, Nomination, Seat
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
    yield from _of_draws()


# What was announced of a draw, and what came of it once it is there.
ANNOUNCED = ("number", "office", "seats", "fills_all", "term_months", "decline_days", "decision", "source", "draws_at",
             "roll_hash", "roll_size", "hash", "announced_at")  # fmt: skip


def _of_draws() -> Iterator[Refusal]:
    draw, entry, asked = (model._meta.db_table for model in (Draw, DrawEntry, Asked))
    moved = " OR ".join(f"CAST(NEW.{name} AS TEXT) <> CAST(OLD.{name} AS TEXT)" for name in ANNOUNCED)
    yield Refusal(name="announced", table=draw, verb="UPDATE", because="what was announced of a draw stays", when=moved)
    yield Refusal(name="drawn", table=draw, verb="UPDATE", because="a draw is drawn once",
                  when="OLD.seed <> '' AND (NEW.seed <> OLD.seed OR NEW.value <> OLD.value)")  # fmt: skip
    yield Refusal(name="over", table=draw, verb="UPDATE", because="what a draw came to stays",
                  when="OLD.state IN ('seated', 'cancelled')")  # fmt: skip
    for table in (draw, asked):
        yield Refusal(name="forgetting", table=table, verb="DELETE", because=f"{table} is kept")
    yield from append_only(entry)
    yield Refusal(name="answered", table=asked, verb="UPDATE", because="whom the lot fell on, and a no, stay",
                  when="OLD.declined_at IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR "
                       "CAST(NEW.answer_until AS TEXT) <> CAST(OLD.answer_until AS TEXT)")  # fmt: skip


def sealed() -> None:
    """Declare who was put forward, and who stood for election once nobody may change their mind any more."""
    sealing.declare("circles.put_forward", Nomination, "election_id", "person_id", "membership_id", "nominated_by_id",
                    "nominated_at", dated="nominated_at")  # fmt: skip
    sealing.declare("circles.nominations", Nomination, "election_id", "person_id", "membership_id", "nominated_by_id",
                    "nominated_at", "accepted_at", dated=Greatest("accepted_at", F("election__closes_at")),
                    only=Q(accepted_at__isnull=False))  # fmt: skip
    sealing.declare("circles.draws_announced", Draw, *ANNOUNCED, dated="announced_at")
    sealing.declare("circles.draws_drawn", Draw, "value", "seed", "drawn_at", "drawn_by", dated="drawn_at")
    sealing.declare("circles.in_the_draw", DrawEntry, "draw_id", "number", "member_class", "membership_id", "person_id",
                    dated="draw__announced_at")  # fmt: skip
    sealing.declare("circles.asked", Asked, "entry_id", "asked_at", "answer_until", dated="asked_at")
    sealing.declare("circles.declined", Asked, "declined_at", dated="declined_at")
