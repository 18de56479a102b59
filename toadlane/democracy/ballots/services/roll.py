"""The roll: who may vote, frozen in a few statements however many they are."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.fields import CharField
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, RollEntry, VotesAs
from toadlane.democracy.counting.policies import plural
from toadlane.democracy.counting.policies.eligibility import RollRule
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import queries as members
from toadlane.society.members.models import Delegate, Membership, Office
from toadlane.society.members.policies import MemberClass

COLUMNS = ("membership_id", "number", "seat", "person_id", "member_class", "college", "weight")
Rows = QuerySet[Any, Any]


def freeze(*, ballot: Ballot, procedure: Procedure, excluded: Collection[int], at: datetime) -> int:
    """Write the roll of a ballot; return how many entries it has. The order is that of the register."""
    parts = _members(procedure, excluded, at) if procedure.roll.is_of_members else _seats(procedure, excluded, at)
    found = " UNION ALL ".join(sql for sql, _ in parts)
    table = RollEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found ({', '.join(COLUMNS)}) AS ({found}) "
            f"INSERT INTO {table} (coop_id, ballot_id, place, {', '.join(COLUMNS)}) "
            f"SELECT %s, %s, ROW_NUMBER() OVER (ORDER BY number, membership_id, seat), {', '.join(COLUMNS)} FROM found "
            "ORDER BY number, membership_id, seat",
            [*(value for _, values in parts for value in values), ballot.coop_id, ballot.pk],
        )
        return int(cursor.rowcount)


def _voting(rule: RollRule) -> dict[str, MemberClass]:
    return {
        name: one
        for name, one in members.member_classes().items()
        if "vote" in one.rights and (not rule.classes or name in rule.classes)
    }


def _eligible(rule: RollRule, excluded: Collection[int], at: datetime) -> QuerySet[Membership]:
    """Return the memberships that meet the rule on the day of the roll, whatever seats it asks for."""
    today = timezone.localdate(at, queries.zone())
    rows = Membership.objects.filter(standing__in=rule.statuses, joined_on__lte=rule.latest_joining(today))
    if rule.classes:
        rows = rows.filter(member_class__in=rule.classes)
    if rule.arrears_block:
        rows = rows.exclude(in_arrears_since__lte=today)
    return rows.exclude(pk__in=sorted(excluded)) if excluded else rows


def _members(procedure: Procedure, excluded: Collection[int], at: datetime) -> list[tuple[str, tuple[Any, ...]]]:
    """One vote for each member, in the one class they vote in; an organisation of several votes has one for each delegate."""
    voting = _voting(procedure.roll)
    many = sorted(name for name, one in voting.items() if one.delegates > 1)
    rows = _eligible(procedure.roll, excluded, at).filter(member_class__in=sorted(voting))
    last = VotesAs.objects.filter(person_id=OuterRef("person_id")).order_by("-pk").values("member_class")[:1]
    in_order = [When(member_class=name, then=Value(n)) for n, name in enumerate(_precedence(procedure, voting))]
    one_each = Window(
        RowNumber(), partition_by=[Coalesce("person_id", 0), Coalesce("organisation_id", 0)],
        order_by=[
            Case(When(member_class=Subquery(last), then=Value(0)), default=Value(1)),
            Case(*in_order, default=Value(999)),
            F("pk"),
        ],
    )  # fmt: skip
    rows = rows.annotate(nth=one_each).filter(nth=1)
    single = rows.exclude(organisation__isnull=False, member_class__in=many)
    own = single.annotate(seated=Value(1), **_voice(voting, procedure, "member_class"))
    parts = [own.order_by().values_list("pk", "number", "seated", "person_id", "member_class", "chamber", "votes_n")]
    if many:
        parts.append(_delegates(rows.filter(member_class__in=many), voting, procedure))
    return [part.query.sql_with_params() for part in parts]


def _delegates(organisations: QuerySet[Membership], voting: dict[str, MemberClass], procedure: Procedure) -> Rows:
    nth = Window(RowNumber(), partition_by=[F("membership_id")], order_by=[F("since"), F("pk")])
    seats = [When(membership__member_class=name, then=Value(one.delegates)) for name, one in voting.items()]
    named = Delegate.objects.filter(ended_on__isnull=True, membership_id__in=organisations.order_by().values("pk"))
    spoken = named.annotate(
        seated=nth, allowed=Case(*seats, default=Value(1), output_field=IntegerField()),
        **_voice(voting, procedure, "membership__member_class"),
    ).filter(seated__lte=F("allowed"))  # fmt: skip
    return spoken.order_by().values_list(
        "membership_id", "membership__number", "seated", "person_id", "membership__member_class", "chamber", "votes_n"
    )


def _seats(procedure: Procedure, excluded: Collection[int], at: datetime) -> list[tuple[str, tuple[Any, ...]]]:
    """One vote for each person in an office or a circle; who sits there for an organisation is of its class."""
    voting = _voting(procedure.roll)
    _, _, office = procedure.roll.who.partition(":")
    eligible = _eligible(procedure.roll, excluded, at)
    own = eligible.filter(person_id=OuterRef("person_id")).order_by("number", "pk").values("pk")[:1]
    spoken = Delegate.objects.filter(
        person_id=OuterRef("person_id"), ended_on__isnull=True, membership_id__in=eligible.values("pk")
    )
    sitting = Office.objects.filter(office=office, ended_on__isnull=True).annotate(
        holder=Coalesce(
            Subquery(own), Subquery(spoken.order_by("since", "pk").values("membership_id")[:1]), output_field=BigIntegerField()
        )
    )
    member = Membership.objects.filter(pk=OuterRef("holder"))
    rows = sitting.filter(holder__isnull=False).annotate(
        listed=Subquery(member.values("number")[:1]), kind=Subquery(member.values("member_class")[:1]),
        seated=Window(RowNumber(), partition_by=[F("holder")], order_by=[F("person_id")]),
    )  # fmt: skip
    rows = rows.annotate(chamber=_college(voting, "kind"), votes_n=Value(1)).order_by()
    found = rows.values_list("holder", "listed", "seated", "person_id", "kind", "chamber", "votes_n")
    return [found.query.sql_with_params()]


def _precedence(procedure: Procedure, voting: dict[str, MemberClass]) -> list[str]:
    """Return the classes in the order in which somebody in several of them votes, who has not chosen."""
    rank = {college: n for n, college in enumerate(procedure.precedence)}
    return sorted(voting, key=lambda name: (rank.get(voting[name].college, len(rank)), list(voting).index(name)))


def _college(voting: dict[str, MemberClass], field: str) -> Case:
    known = [When(Q(**{field: name}), then=Value(one.college)) for name, one in voting.items()]
    return Case(*known, default=Value(""), output_field=CharField())


def _voice(voting: dict[str, MemberClass], procedure: Procedure, field: str) -> dict[str, Case]:
    """Return college and votes of a class. Plural votes lapse where the law of the form lets nobody have more than one."""
    pack = packs.load(bylaws.book().pack)
    most = {
        name: int(plural.weight(pack, min(one.votes, procedure.plural), mandatory_majority=procedure.mandatory_majority))
        for name, one in voting.items()
    }
    votes = [When(Q(**{field: name}), then=Value(count)) for name, count in most.items()]
    return {"chamber": _college(voting, field), "votes_n": Case(*votes, default=Value(1), output_field=IntegerField())}
