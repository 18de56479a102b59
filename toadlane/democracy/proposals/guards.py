from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.functions import Greatest

from toadlane.democracy.proposals.models import (
    Amendment,
    Appeal,
    Contribution,
    Decision,
    Enactment,
    Moment,
    Pause,
    PauseSignature,
    Proposal,
    Revision,
    Summary,
    Support,
)
from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal, append_only, hash_chain


def refusals() -> Iterator[Refusal]:
    decision = Decision._meta.db_table
    yield from append_only(decision)
    yield from hash_chain(decision)
    yield from append_only(Revision._meta.db_table)
    yield from append_only(Moment._meta.db_table)
    proposal = Proposal._meta.db_table
    fixed = ("idea", "discussion", "proposal")
    yield Refusal(
        name="rewriting", table=proposal, verb="UPDATE", because=f"{proposal}: what is being voted on does not change",
        when=f"OLD.stage NOT IN {fixed} AND (NEW.content_hash <> OLD.content_hash OR NEW.contents <> OLD.contents "
             f"OR NEW.title <> OLD.title OR NEW.text <> OLD.text OR NEW.procedure <> OLD.procedure)",
    )  # fmt: skip
    # Taken back to a stage in which it may be written, it would be another one that the votes are counted for.
    yield Refusal(
        name="reopening", table=proposal, verb="UPDATE", because=f"{proposal}: what has come to the vote is not written again",
        when=f"OLD.stage NOT IN {fixed} AND NEW.stage IN {fixed}",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=proposal, verb="DELETE", because=f"{proposal} is kept")
    enactment = Enactment._meta.db_table
    # What has taken effect stays so, and what was annulled never takes effect: another decision has to undo it.
    yield Refusal(
        name="again", table=enactment, verb="UPDATE", because=f"{enactment}: it was carried out, or annulled, already",
        when="OLD.state IN ('enacted', 'annulled') AND NEW.state <> OLD.state",
    )  # fmt: skip
    yield Refusal(
        name="day", table=enactment, verb="UPDATE", because=f"{enactment}: the day was set by the decision",
        when="NEW.effective_on <> OLD.effective_on OR NEW.decision_id <> OLD.decision_id",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=enactment, verb="DELETE", because=f"{enactment} is kept")


WORDS = ("title", "summary", "text", "contents")
WHO = ("membership_id", "person_id", "name")


def sealed() -> None:
    """Declare what stands behind a decision, and is written once: it is sealed, so that a change of it is found."""
    about = "proposal_id"
    sealing.declare("proposals.moments", Moment, about, "deed", "at", "by", "name", "facts", dated="at")
    sealing.declare("proposals.revisions", Revision, about, "number", *WORDS, "content_hash", "because", "written_at",
                    "written_by", "written_name", dated="written_at")  # fmt: skip
    # While it is an idea a name may be taken back; from its opening on, those that opened it stay.
    sealing.declare("proposals.supports", Support, about, *WHO, "member_class", "at",
                    dated=Greatest("at", F("proposal__opened_at")),
                    only=~Q(role="suspend") & Q(proposal__opened_at__isnull=False))  # fmt: skip
    sealing.declare("proposals.suspensions_asked", Support, about, *WHO, "member_class", "at", dated="at", only=Q(role="suspend"))
    # `hidden_because` comes later, and its moment with it.
    sealing.declare("proposals.contributions", Contribution, about, "side", "text", "reply_to_id", *WHO, "revision", "said_at",
                    "said_by", dated="said_at")  # fmt: skip
    sealing.declare("proposals.summaries", Summary, about, "text", "name", "written_at", "written_by", dated="written_at")
    sealing.declare("proposals.amendments", Amendment, about, "number", "revision", *WORDS, "why", *WHO, "offered_at",
                    dated="offered_at")  # fmt: skip
    sealing.declare("proposals.decisions", Decision, "number", "name", "kinds", "hash", dated="decided_at")
    sealing.declare("proposals.enactments", Enactment, "decision_id", "effective_on", "appeal_until",
                    dated="decision__decided_at")  # fmt: skip
    sealing.declare("proposals.enacted", Enactment, "decision_id", "state", "enacted_at", "bylaws_version", dated="enacted_at")
    sealing.declare("proposals.appeals", Appeal, "decision_id", *WHO, "text", "made_at", "decide_by", "on_silence",
                    dated="made_at")  # fmt: skip
    sealing.declare("proposals.appeals_decided", Appeal, "state", "reasons", "decided_at", "decided_by", dated="decided_at")
    sealing.declare("proposals.pauses", Pause, "action", "cause", "reasons", "asked_at", "asked_by", "needed", dated="asked_at")
    sealing.declare("proposals.pauses_put_on", Pause, "put_on_at", dated="put_on_at")
    sealing.declare("proposals.pause_signatures", PauseSignature, "pause_id", "person_id", "name", "at", dated="at")
