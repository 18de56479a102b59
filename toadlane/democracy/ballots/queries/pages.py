"""A ballot as a page shows it to one reader: the time left, who has voted, the papers that are theirs, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from shlex import quote
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.democracy.ballots.models import (
    Ballot,
    Delegation,
    Elsewhere,
    Mark,
    PaperBatch,
    Proxy,
    RollEntry,
    State,
    Vote,
    VotesAs,
)
from toadlane.democracy.ballots.permissions import DELEGATE
from toadlane.democracy.ballots.policies.asked import hides_little
from toadlane.democracy.ballots.queries import doors, results
from toadlane.democracy.ballots.queries.absence import absent, turnout
from toadlane.democracy.ballots.queries.ballots import has_voted, is_talked, my_entries, procedure_of, takes_votes
from toadlane.democracy.ballots.queries.counts import counted, roll_of, tally_of
from toadlane.democracy.ballots.queries.doors import Door
from toadlane.democracy.counting.policies import majorities
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import Procedure, Tally
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import articles
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.ui.shapes import Meter

# One figure for one member, as far as a page can hold them.
FIGURES = 90
SILENT = 500
FOR_OR_AGAINST = ("threshold", "op", "of", "max_opposed", "max_opposed_fraction", "chambers")


@dataclass(frozen=True, kw_only=True)
class Group:
    """How many of a class have voted."""

    name: str
    members: int
    voted: int

    @property
    def silent(self) -> int:
        return self.members - self.voted

    @property
    def is_drawn(self) -> bool:
        return self.members <= FIGURES


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One vote that the reader may cast.

    :param cast: what was cast, as it reads; of a secret vote only that it was
    :param may_cast: whether it can be cast, or changed, now
    """

    entry: RollEntry
    name: str
    has_voted: bool
    cast: str
    may_cast: bool
    is_proxy: bool
    choice: str = ""
    # Set while they have not come to where the vote is taken.
    door: Door | None = None


@dataclass(frozen=True, kw_only=True)
class Absent:
    name: str
    members: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    ballot: Ballot
    procedure: Procedure
    is_open: bool
    left: str
    voted: int
    meter: Meter | None
    quorums: Sequence[tuple[str, int, int, bool]]
    groups: Sequence[Group]
    absent: Sequence[Absent]
    mine: Sequence[Mine]
    chosen: Mine | None
    bars: Sequence[results.Bar]
    lines: Sequence[str]
    elected: Sequence[str]
    is_talked: bool

    @property
    def size(self) -> int:
        return self.ballot.roll_size

    @property
    def hides_little(self) -> bool:
        """Say whether a secret ballot is secret in name only: for all, or for a college that is counted by itself, or for those
        who alone have so many votes.
        """
        return hides_little(self.ballot)


def shown(ballot: Ballot, by: Principal, *, at: datetime, place: int | None = None) -> Shown:
    """Return a ballot as somebody sees it now.

    :param place: which of the reader's papers lies on top; the first that is not cast yet where nothing is said
    """
    procedure, groups = procedure_of(ballot), groups_of(ballot)
    mine = [] if is_talked(ballot) else _mine(ballot, by, at)
    chosen = next((one for one in mine if one.entry.place == place), None)
    chosen = chosen or next((one for one in mine if not one.has_voted), None) or next(iter(mine), None)
    live = procedure.results == "live" or (procedure.results == "after_vote" and any(one.has_voted for one in mine))
    over = ballot.state == State.CLOSED
    quorums = _quorums(ballot, procedure, groups)
    voted = sum(group.voted for group in groups)
    return Shown(
        ballot=ballot, procedure=procedure, is_open=takes_votes(ballot, at), groups=groups, voted=voted, mine=mine, chosen=chosen,
        left=timeuntil(ballot.closes_at, at) if at < ballot.closes_at else "", absent=_absent(ballot), quorums=quorums,
        meter=Meter(voted, ballot.roll_size, quorums[0][2] if quorums and not quorums[0][0] else None),
        bars=results.bars(ballot) if over else so_far(ballot) if live and not ballot.is_secret else [],
        lines=results.lines(ballot) if over or ballot.state == State.VOID else [], is_talked=is_talked(ballot),
        elected=results.elected(ballot),
    )  # fmt: skip


def groups_of(ballot: Ballot) -> list[Group]:
    """Return how many of each class have voted."""
    names = results.class_names()
    return [
        Group(name=names.get(one["class"], one["class"]), members=one["members"], voted=one["voted"]) for one in turnout(ballot)
    ]


def _absent(ballot: Ballot) -> list[Absent]:
    names = results.class_names()
    return [
        Absent(name=names.get(one["class"], one["class"]), members=one["members"], why=one["why"])
        for one in absent(ballot)
        if one["members"]
    ]


def _mine(ballot: Ballot, by: Principal, at: datetime) -> list[Mine]:
    entries = my_entries(ballot, by)
    if not entries:
        return []
    places = [entry.pk for entry in entries]
    votes = {vote.entry_id: vote for vote in Vote.objects.filter(entry__in=places)}
    voted = set(RollEntry.objects.filter(has_voted(), pk__in=places).values_list("pk", flat=True))
    open_now, own = takes_votes(ballot, at) and not ballot.is_elsewhere, set(by.memberships)
    shut = doors.shut(ballot, entries) if open_now else {}
    found = []
    for entry in entries:
        vote, door = votes.get(entry.pk), shut.get(entry.pk)
        mine = entry.person_id == by.person_id or (entry.person_id is None and entry.membership_id in own)
        found.append(
            Mine(
                entry=entry, name=str(entry.membership), has_voted=entry.pk in voted, is_proxy=not mine,
                cast=results.words_of(ballot, vote.choice) if vote else _("in the box") if entry.pk in voted else "",
                may_cast=open_now and door is None and (entry.pk not in voted or ballot.is_replaceable),
                choice=vote.choice if vote else "", door=door,
            )
        )  # fmt: skip
    # One's own paper lies on top: nobody marks that of somebody else for their own.
    return sorted(found, key=lambda one: one.is_proxy)


def _quorums(ballot: Ballot, procedure: Procedure, groups: Sequence[Group]) -> list[tuple[str, int, int, bool]]:
    """Return for each quorum whose it is, how many took part, how many have to, and whether that is reached."""
    if ballot.is_over and ballot.result and "judged" in ballot.result:
        outcome = results.outcome_of(ballot)
        found = list(outcome.quorums) if outcome else []
    else:
        tally, roll = _taking_part(ballot), roll_of(ballot)
        found = [one for quorum in procedure.majority.quorums for one in majorities.measure(quorum, tally, roll)]
    names = results.names_of_colleges(ballot)
    return [
        (names.get(one.of_class, one.of_class), int(one.counted), floor(one.needed) + 1 if one.op == "gt" else ceil(one.needed),
        one.reached)
        for one in found
    ]  # fmt: skip


def _taking_part(ballot: Ballot) -> Tally:
    """Return who has taken part so far; in a secret ballot, and in one whose results wait, not how."""
    if ballot.state in (State.CLOSED, State.COUNTING) or not ballot.is_secret:
        return tally_of(ballot, counted(ballot), turnout(ballot))
    colleges: dict[str, int] = {}
    for college in Mark.objects.filter(ballot=ballot, has_voted=True).order_by().values_list("entry__college", flat=True):
        colleges[college] = colleges.get(college, 0) + 1
    return Tally.of_colleges({name: Tally(abstain=n, voters=n) for name, n in sorted(colleges.items())})


def so_far(ballot: Ballot) -> list[results.Bar]:
    """Return how an open vote stands, where the bylaws let members see that."""
    tally, labels = tally_of(ballot, counted(ballot)), results.option_labels(ballot)
    counts = {"for": tally.for_, "against": tally.against, "abstain": tally.abstain, "block": tally.block}
    whole = max(int(tally.everything), 1)
    if ballot.method != "majority":
        return []
    return [results.Bar(labels[key], str(count), int(count), whole) for key, count in counts.items() if key in labels]


def context(ballot: Ballot, by: Principal, *, at: datetime, place: int | None = None) -> dict[str, Any]:
    """Return what the parts of a ballot's page need."""
    return {
        "shown": shown(ballot, by, at=at, place=place), "ballot": ballot, "labels": results.option_labels(ballot),
        "notes": results.option_notes(ballot),
    }  # fmt: skip


def outcomes() -> dict[str, str]:
    return {
        "passed": _("Passed"), "rejected": _("Rejected"), "blocked": _("Blocked"), "expired": _("Too few took part"),
        "void": _("Void"),
    }  # fmt: skip


def guard(ballot: Ballot) -> str:
    """Say what it takes, in the words of the bylaws; of a choice among several also how it is counted, and how many it takes."""
    document, procedure = bylaws.book(version=ballot.bylaws_version), {**ballot.procedure}
    if ballot.method == "selection":
        return _("Everybody names somebody and says why; then one of them is proposed, and all are asked for consent.")
    if ballot.method not in METHODS:
        return articles.guard(procedure, document.rules)
    # Among several nobody is for or against: what stays is how many have to take part.
    procedure = {key: value for key, value in procedure.items() if key not in FOR_OR_AGAINST}
    said = [str(METHODS[ballot.method].about)]
    if seats := ballot.params.get("seats"):
        said.append(ngettext("%(n)s of them is chosen.", "%(n)s of them are chosen.", seats) % {"n": seats})
    return " ".join([*said, articles.guard(procedure, document.rules)])


def command(ballot: Ballot) -> str:
    """Return how anybody counts the papers again on their own machine: with every setting that is not the method's own, and
    with the lot where it decided between equals.
    """
    method = METHODS.get(ballot.method)
    if method is None:
        return ""
    said, names = [], results.option_labels(ballot)
    for param in method.params:
        value = ballot.params.get(param.name, param.default)
        if param.name == "seats" and param.name in ballot.params:
            said.append(f"--seats {value}")
        elif value != param.default and param.name != "costs":  # What projects cost stands in the file.
            said.append(f"--option {param.name}={quote(names.get(str(value), str(value)))}")
    if (ballot.result or {}).get("counted", {}).get("ties"):
        said += [f"--lot {quote(names[key])}" for key in (ballot.result or {})["lot"]]
    return " ".join(["toadlane tally", f"{ballot.name}-papers.csv", "--method", ballot.method, *said])


def roll_of_ballot(ballot: Ballot) -> QuerySet[RollEntry]:
    return RollEntry.objects.filter(ballot=ballot).select_related("membership__person", "membership__organisation")


def tell_votes(ballot: Ballot, entries: Sequence[Any]) -> None:
    """Write beside each entry how it voted: of votes that are not secret, once they are counted."""
    votes = dict(Vote.objects.filter(entry__in=[entry.pk for entry in entries]).values_list("entry_id", "choice"))
    for entry in entries:
        entry.cast = results.words_of(ballot, votes[entry.pk]) if entry.pk in votes else _("did not vote")


def classes_of(by: Principal) -> list[tuple[str, str]]:
    """Return the classes in which somebody is a member themselves."""
    if by.person_id is None:
        return []
    names = results.class_names()
    own = Membership.objects.filter(person_id=by.person_id, standing__in=MEMBERS).order_by("member_class")
    return [(name, names.get(name, name)) for name in dict.fromkeys(own.values_list("member_class", flat=True))]


def votes_as(by: Principal) -> str:
    found = VotesAs.objects.filter(person_id=by.person_id or 0).order_by("-pk").first()
    return found.member_class if found else ""


def carried(ballot: Ballot, by: Principal, *, at: datetime) -> dict[str, Any] | None:
    """Return what somebody on the roll has let others do for them, and may; nothing where the ballot knows no such thing."""
    procedure = procedure_of(ballot)
    may_delegate, may_proxy = procedure.may_delegate and not ballot.is_secret, procedure.proxies > 0
    if not (may_delegate or may_proxy) or not takes_votes(ballot, at) or is_talked(ballot):
        return None
    own = [one for one in _mine(ballot, by, at) if not one.is_proxy]
    if not own:
        return None
    entry, members = own[0].entry, [one.entry.membership_id for one in own]
    ways = []
    if may_proxy:
        ways.append(("proxy", _("A proxy"), _("They mark your paper in this ballot, as you told them.")))
    if may_delegate:
        ways.append(("this", _("In this ballot"), _("If you do not vote, your vote goes where theirs goes.")))
        ways.append(("all", _("In every ballot that allows it"), _("Until you take it back. Your own vote always comes first.")))
    delegations = Delegation.objects.filter(Q(ballot=None) | Q(ballot=ballot), giver__in=members, ended_at=None)
    proxies = Proxy.objects.filter(giver__ballot=ballot, giver__in=[one.entry.pk for one in own], ended_at=None)
    names = ("membership__person", "membership__organisation")
    return {
        "entry": entry, "ways": ways, "may_proxy": may_proxy,
        "delegations": list(delegations.select_related("receiver__person", "receiver__organisation")) if may_delegate else [],
        "proxies": list(proxies.select_related("giver", *(f"holder__{name}" for name in names))),
    }  # fmt: skip


def proxy_of(entry: RollEntry) -> Proxy | None:
    return Proxy.objects.filter(giver=entry, ended_at=None).select_related("giver__membership").first()


def delegation_of(pk: int, by: Principal) -> Delegation | None:
    rows = Delegation.objects.filter(pk=pk, ended_at=None).select_related("giver")
    found = rows.first()
    return found if found and by.may(DELEGATE, found.giver) else None


def delegations_of(by: Principal) -> QuerySet[Delegation]:
    """Return what somebody has delegated until further notice."""
    rows = Delegation.objects.filter(giver__in=by.memberships, ended_at=None).order_by("pk")
    return rows.select_related("giver__person", "giver__organisation", "receiver__person", "receiver__organisation", "ballot")


def batches(ballot: Ballot) -> QuerySet[PaperBatch]:
    return PaperBatch.objects.filter(ballot=ballot).order_by("-pk")


def batch(ballot: Ballot, pk: int) -> PaperBatch | None:
    return PaperBatch.objects.filter(ballot=ballot, pk=pk).select_related("ballot").first()


def brought(ballot: Ballot) -> Elsewhere | None:
    return Elsewhere.objects.filter(ballot=ballot).first()


def silent(ballot: Ballot) -> tuple[list[str], int]:
    """Return who has not voted yet, by name, as far as a page can hold them, and how many they are."""
    rows = roll_of_ballot(ballot).exclude(has_voted()).order_by("place")
    return [str(entry.membership) for entry in rows[:SILENT]], rows.count()
