from collections.abc import Iterator

from toadlane.democracy.proposals.models import Decision, Enactment, Moment, Proposal, Revision
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
