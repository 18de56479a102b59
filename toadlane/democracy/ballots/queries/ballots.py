"""Ballots, and who may vote in them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from toadlane.democracy.ballots.models import (
    Ballot,
    Elsewhere,
    Mark,
    Proxy,
    RollEntry,
    Said,
    Secrecy,
    State,
    TookPart,
    Vote,
)  # fmt: skip
from toadlane.democracy.ballots.permissions import mine
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals.models import OPEN, Proposal, Stage
from toadlane.democracy.proposals.queries import decisions
from toadlane.democracy.proposals.queries import procedures as proposals
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.messaging import queries as messaging

# Why a ballot ended in which nobody had voted: enough asked for a secret one.
SECRET_ASKED = "secret"


def zone() -> ZoneInfo:
    """Return the co-op's legal time."""
    return ZoneInfo(coops.of_scope(current_coop_id()).time_zone)


def every() -> QuerySet[Ballot]:
    return Ballot.objects.exclude(state=State.PREPARING).select_related("proposal").order_by("-number")


def readable(by: Principal) -> QuerySet[Ballot]:
    """Return the ballots that somebody may read: strangers those on what is decided, and whoever was on a roll those too."""
    if decisions.may_read_talk(by):
        return every()
    found = ~Q(proposal__stage__in=(*OPEN, Stage.VOTING, Stage.WITHDRAWN))
    if by.person_id is not None:
        found |= Q(Exists(RollEntry.objects.filter(mine(by), ballot=OuterRef("pk"))))
    return every().filter(found)


def find(number: int) -> Ballot | None:
    return every().filter(number=number).first()


def of_proposal(proposal: Proposal) -> list[Ballot]:
    """Return the ballots on a proposal, the latest round first."""
    return list(every().filter(proposal=proposal).order_by("-round"))


def procedure_of(ballot: Ballot) -> Procedure:
    """Return the procedure as it was frozen when the ballot opened."""
    return Procedure.thaw(ballot.procedure_name, ballot.procedure)


def is_of_a_meeting(proposal: Proposal) -> bool:
    """Say whether a proposal is voted on by those who have come to a general meeting: its ballot opens there, or not at all."""
    return proposals.procedure_of(proposal).roll.is_of_a_meeting


def may_follow(last: Ballot, at: datetime) -> bool:
    """Say whether the next round after a ballot is due."""
    return last.is_over and last.next_at is not None and last.next_at <= at


def next_procedure(last: Ballot) -> Procedure:
    """Return the procedure of the round that follows: a second call asks for fewer, a second vote that ends even is lost.

    What could not be settled by talking goes to the procedure that the bylaws name for it.
    """
    fallback = last.procedure.get("fallback")
    if is_talked(last) and fallback:
        return Procedure.read(fallback, bylaws.book(version=last.bylaws_version).completed)
    if (last.result or {}).get("why") == SECRET_ASKED:
        return in_secret(procedure_of(last))
    frozen = procedure_of(last).at_second_call().frozen
    if last.procedure.get("tie") == "runoff":
        frozen = {**frozen, "tie": "status_quo"}
    return Procedure.thaw(last.procedure_name, frozen)


def in_secret(procedure: Procedure) -> Procedure:
    """Return a procedure with a secret ballot in place of an open one: it cannot be changed, and delegation does not reach it."""
    kept = {key: value for key, value in procedure.frozen.items() if key not in ("replaceable", "results", "delegation")}
    return Procedure.thaw(procedure.name, {**kept, "secrecy": "secret"})


def terms(ballot: Ballot) -> dict[str, Any]:
    """Return what a ballot asks, as it is frozen. A late quorum moves the close; what it was is kept."""
    ends_at = ballot.extended_from or ballot.closes_at
    return {
        "ballot": ballot.name, "coop": ballot.coop_id, "round": ballot.round, "question": ballot.question,
        "options": ballot.options, "method": ballot.method, "params": ballot.params,
        "procedure": {"name": ballot.procedure_name, **ballot.procedure}, "secrecy": ballot.secrecy,
        "replaceable": ballot.is_replaceable, "elsewhere": ballot.is_elsewhere,
        "opens_at": ballot.opens_at.astimezone(UTC).isoformat(), "closes_at": ends_at.astimezone(UTC).isoformat(),
    }  # fmt: skip


def confirmed(ballot: Ballot) -> Elsewhere | None:
    """Return the result that was brought from elsewhere, once two people have said so."""
    return Elsewhere.objects.filter(ballot=ballot, confirmed_by__isnull=False).first()


def notice_key(ballot: Ballot) -> str:
    """Return under which key the opening of a ballot was announced."""
    return f"{ballot.name}:opened"


def was_announced(ballot: Ballot) -> bool:
    """Say whether everybody on the roll was told by two ways. A vote that was not is void."""
    told = messaging.delivered(notice_key(ballot))
    return told.is_complete and told.people > 0


def is_talked(ballot: Ballot) -> bool:
    """Say whether it is decided by what people say to each other, and not by adding up votes."""
    return ballot.method in papers.TALKED


def roll_lines(ballot: Ballot) -> Iterator[str]:
    """Return the roll as it is published and hashed: place, number in the register, seat, class, college, votes."""
    fields = ("place", "number", "seat", "member_class", "college", "weight")
    for row in RollEntry.objects.filter(ballot=ballot).order_by("place").values_list(*fields).iterator(chunk_size=5000):
        yield ",".join(map(str, row))


def my_entries(ballot: Ballot, by: Principal) -> list[RollEntry]:
    """Return the votes that somebody may cast: their own, their organisations', and those they hold a proxy for.

    Nothing but the roll is asked: whoever is on it votes, whatever has become of their other powers since.
    """
    if by.person_id is None:
        return []
    own = mine(by)
    given = Proxy.objects.filter(ended_at=None, holder__in=RollEntry.objects.filter(own, ballot=ballot)).values("giver_id")
    entries = RollEntry.objects.filter(own | Q(pk__in=given), ballot=ballot)
    return list(entries.select_related("membership__person", "membership__organisation").order_by("place"))


def has_voted() -> Q:
    """Return which entries have voted, open or secret or by speaking, while the ballot is open or after its close."""
    marked = Mark.objects.filter(entry=OuterRef("pk"), has_voted=True)
    # What is likeliest is looked up first: after the close all are in the first.
    took_part, *others = [Q(Exists(model.objects.filter(entry=OuterRef("pk")))) for model in (TookPart, Vote, Said)]
    return reduce(or_, others, took_part | Q(Exists(marked)))


def voted(entry: RollEntry) -> bool:
    return RollEntry.objects.filter(has_voted(), pk=entry.pk).exists()


def has_given_proxy(entry: RollEntry) -> bool:
    return Proxy.objects.filter(giver=entry, ended_at=None).exists()


def takes_votes(ballot: Ballot, at: datetime) -> bool:
    return ballot.state == State.OPEN and ballot.opens_at <= at < ballot.closes_at


def due(at: datetime) -> list[Ballot]:
    """Return the ballots whose time is over, and those whose count was begun and not ended.

    One that is cast elsewhere waits for its result.
    """
    here = Q(is_elsewhere=False) | Q(elsewhere__confirmed_by__isnull=False)
    over = Q(here, state=State.OPEN, closes_at__lte=at) | Q(state=State.COUNTING, awaits="")
    return list(Ballot.objects.filter(over).order_by("closes_at", "pk"))


def coops_with_urns(at: datetime) -> list[int]:
    """Return the co-ops, among those in scope, where a secret ballot is open or has closed within a day."""
    lately = Q(state__in=(State.OPEN, State.COUNTING)) | Q(closed_at__gt=at - timedelta(days=1))
    rows = Ballot.objects.filter(lately, secrecy=Secrecy.SECRET)
    return list(rows.order_by("coop_id").values_list("coop_id", flat=True).distinct())


def waiting_rounds(at: datetime) -> list[Ballot]:
    """Return ballots whose next round is to open by now."""
    later = Ballot.objects.filter(proposal=OuterRef("proposal"), round__gt=OuterRef("round"))
    return list(
        Ballot.objects.filter(~Exists(later), state__in=(State.CLOSED, State.VOID), next_at__lte=at)
        .select_related("proposal")
        .order_by("pk")
    )


def next_opening(at: datetime) -> datetime | None:
    """Return when the next ballot opens, or the next round of one."""
    rounds = timers.first_after(at, Ballot.objects.filter(state__in=(State.CLOSED, State.VOID)), "next_at")
    announced = Proposal.objects.filter(stage=Stage.PROPOSAL, stuck_because="")
    return min((moment for moment in (timers.first_after(at, announced, "vote_from"), rounds) if moment), default=None)


def next_close(at: datetime) -> datetime | None:
    """Return when the next ballot closes."""
    return timers.first_after(at, Ballot.objects.filter(state=State.OPEN), "closes_at")
