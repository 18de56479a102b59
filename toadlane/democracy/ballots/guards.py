"""What the database keeps of a ballot against everyone, our own services included."""

from collections.abc import Iterator

from django.db.models import Model, Q

from toadlane.democracy.ballots.models import (
    Ballot,
    Board,
    Delegation,
    Elsewhere,
    Mark,
    Paper,
    PaperBatch,
    Proxy,
    RollEntry,
    Rounds,
    Said,
    SecretAsked,
    Slip,
    TookPart,
    Vote,
    VotesAs,
)
from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal, append_only

BALLOT = Ballot._meta.db_table
# What members vote on, and how it is counted: it stands from the moment it opens.
FROZEN = (
    "number", "proposal_id", "question", "options", "method", "params", "procedure_name", "procedure", "secrecy",
    "is_replaceable", "is_elsewhere", "bylaws_version", "opens_at", "frozen", "hash", "roll_hash", "roll_size",
)  # fmt: skip
STEPS = (("preparing", "open"), ("open", "counting"), ("open", "void"), ("counting", "closed"), ("counting", "void"))


def refusals() -> Iterator[Refusal]:
    yield from _of_ballots()
    yield from _of_votes()
    yield from _of_the_urn()
    yield Refusal(name="late", table=_table(RollEntry), verb="INSERT", because="a roll is frozen when its ballot opens",
                  when=_unless("preparing"), by_statement=True)  # fmt: skip
    yield from append_only(_table(RollEntry))
    yield Refusal(name="shut", table=_table(Said), verb="INSERT", because="this ballot takes no more words", when=_unless("open"))
    yield from append_only(_table(Said))
    yield from append_only(_table(VotesAs))
    elsewhere = _table(Elsewhere)
    yield Refusal(name="confirmed", table=elsewhere, verb="UPDATE", because="a result that two people confirmed stays as it is",
                  when="OLD.confirmed_by IS NOT NULL OR NEW.digest <> OLD.digest OR NEW.contents <> OLD.contents "
                       "OR NEW.counts <> OLD.counts OR NEW.brought_by <> OLD.brought_by")  # fmt: skip
    # Nothing of a count is there before the close, and nothing of it changes afterwards.
    for model in (TookPart, Paper, Board, Rounds):
        yield Refusal(name="early", table=_table(model), verb="INSERT", because="nothing is revealed before the ballot closes",
                      when=_unless("counting"), by_statement=model is TookPart)  # fmt: skip
        yield from append_only(_table(model))


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _unless(state: str, more: str = "") -> str:
    """Return a condition: the ballot of the row is not in this state, or not as `more` says."""
    return f"NOT EXISTS (SELECT 1 FROM {BALLOT} b WHERE b.id = NEW.ballot_id AND b.state = '{state}'{more})"


def _of_ballots() -> Iterator[Refusal]:
    yield Refusal(name="born", table=BALLOT, verb="INSERT", because="a ballot is prepared before it opens",
                  when="NEW.state <> 'preparing'")  # fmt: skip
    yield Refusal(name="kept", table=BALLOT, verb="DELETE", because="a ballot is never deleted")
    moved = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FROZEN)
    yield Refusal(name="frozen", table=BALLOT, verb="UPDATE", because="what a ballot asks is frozen when it opens",
                  when=f"OLD.state <> 'preparing' AND ({moved})")  # fmt: skip
    yield Refusal(name="over", table=BALLOT, verb="UPDATE", because="a ballot that is counted stays as it is",
                  when="OLD.state IN ('closed', 'void')")  # fmt: skip
    allowed = " OR ".join(f"(OLD.state = '{before}' AND NEW.state = '{after}')" for before, after in STEPS)
    yield Refusal(name="steps", table=BALLOT, verb="UPDATE", because="a ballot goes from open to counted, and never back",
                  when=f"NEW.state <> OLD.state AND NOT ({allowed})")  # fmt: skip
    yield Refusal(
        name="time", table=BALLOT, verb="UPDATE", because="a ballot can be given more time while it is open, and never less",
        when="OLD.state <> 'preparing' AND "
             "(NEW.closes_at < OLD.closes_at OR (NEW.closes_at <> OLD.closes_at AND OLD.state <> 'open'))",
    )  # fmt: skip
    yield Refusal(name="salt", table=BALLOT, verb="UPDATE", because="the slips stay sealed while the ballot is open",
                  when="OLD.state = 'open' AND NEW.state = 'open' AND NEW.salt <> OLD.salt")  # fmt: skip


def _of_votes() -> Iterator[Refusal]:
    table, entry = _table(Vote), _table(RollEntry)
    mine = f"NOT EXISTS (SELECT 1 FROM {entry} e WHERE e.id = NEW.entry_id AND e.ballot_id = NEW.ballot_id)"
    open_here = " AND b.secrecy <> 'secret'"
    yield Refusal(name="shut", table=table, verb="INSERT", because="this ballot takes no vote", when=_unless("open", open_here))
    yield Refusal(name="stranger", table=table, verb="INSERT", because="a vote belongs to an entry of its roll", when=mine)
    yield Refusal(name="shut", table=table, verb="UPDATE", because="this vote can no longer be changed",
                  when=_unless("open", f"{open_here} AND b.is_replaceable"))  # fmt: skip
    yield Refusal(name="swapped", table=table, verb="UPDATE", because="a vote stays with its entry",
                  when="NEW.entry_id <> OLD.entry_id OR NEW.ballot_id <> OLD.ballot_id")  # fmt: skip
    yield Refusal(name="lost", table=table, verb="DELETE", because="a vote is never deleted")


def _of_the_urn() -> Iterator[Refusal]:
    for model, stays in ((Mark, ("ballot_id", "entry_id", "place")), (Slip, ("ballot_id", "drawer"))):
        table = _table(model)
        yield Refusal(name="late", table=table, verb="INSERT", because="the urn is made when the ballot opens",
                      when=_unless("preparing"), by_statement=True)  # fmt: skip
        yield Refusal(name="shut", table=table, verb="UPDATE", because="this ballot takes no vote", when=_unless("open"))
        yield Refusal(name="moved", table=table, verb="UPDATE", because="the urn keeps its places",
                      when=" OR ".join(f"NEW.{column} <> OLD.{column}" for column in stays))  # fmt: skip
        yield Refusal(name="lost", table=table, verb="DELETE", because="the urn is emptied only to be counted",
                      when=_unless("counting").replace("NEW.", "OLD."))  # fmt: skip
    yield Refusal(name="twice", table=_table(Mark), verb="UPDATE", because="whoever has voted has voted",
                  when="OLD.has_voted AND NOT NEW.has_voted")  # fmt: skip


def sealed() -> None:
    """Declare what is written once beside the hashes of a ballot. Of secret votes there is nothing: only what is shown to all."""
    over = Q(ballot__state__in=("closed", "void"), ballot__closed_at__isnull=False)
    # The published line of an entry names no person: who votes for a member is sealed beside it.
    sealing.declare("ballots.roll", RollEntry, "ballot_id", "place", "membership_id", "number", "seat", "person_id",
                    "member_class", "college", "weight", dated="ballot__opens_at",
                    only=~Q(ballot__state="preparing"))  # fmt: skip
    sealing.declare("ballots.votes_as", VotesAs, "person_id", "member_class", "chosen_at", dated="chosen_at")
    sealing.declare("ballots.votes", Vote, "ballot_id", "entry_id", "choice", "reason", "cast_at", "cast_by", "carried_by_id",
                    dated="ballot__closed_at", only=over)  # fmt: skip
    sealing.declare("ballots.said", Said, "ballot_id", "number", "entry_id", "person_id", "name", "act", "about", "text", "at",
                    dated="at")  # fmt: skip
    sealing.declare("ballots.delegations", Delegation, "giver_id", "receiver_id", "ballot_id", "given_at", dated="given_at")
    sealing.declare("ballots.delegations_ended", Delegation, "ended_at", dated="ended_at")
    sealing.declare("ballots.proxies", Proxy, "ballot_id", "giver_id", "holder_id", "given_at", dated="given_at")
    sealing.declare("ballots.proxies_ended", Proxy, "ended_at", dated="ended_at")
    sealing.declare("ballots.papers_agreed", PaperBatch, "ballot_id", "label", "count", "first_by", "second_by", "entered_at",
                    "agreed_at", dated="agreed_at")  # fmt: skip
    sealing.declare("ballots.brought_back", Elsewhere, "ballot_id", "digest", "counts", "brought_by", "confirmed_by",
                    "confirmed_at", dated="confirmed_at")  # fmt: skip
    sealing.declare("ballots.secret_asked", SecretAsked, "proposal_id", "membership_id", "person_id", "at", dated="at")
