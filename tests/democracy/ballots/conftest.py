"""A co-op with members enough to vote, and a way to put a question to them under any procedure."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from tests.conftest import run_jobs
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.proposals.models import Proposal, Stage, Support
from toadlane.democracy.proposals.policies import digest
from toadlane.democracy.proposals.services.telling import note, tell_of_vote
from toadlane.democracy.proposals.services.writing import keep_revision
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import services as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership, Standing
from toadlane.society.people.models import Person

SIMPLE = {"kind": "majority", "roll": "members", "threshold": "1/2", "op": "gt", "of": "cast", "min_days": 7, "rank": 2}


def join(count: int, member_class: str = "worker", *, joined: date = date(2026, 1, 1), name: str = "") -> list[Membership]:
    """Let so many people in at once, as members of a class."""
    start = Membership.objects.count() + 1000
    persons = Person.objects.bulk_create(
        [
            Person(email=f"{member_class}{start + n}@sparkle.test", name=name or f"{member_class} {start + n}")
            for n in range(count)
        ]
    )
    return Membership.objects.bulk_create(
        [
            Membership(
                person=person, member_class=member_class, standing=Standing.ACTIVE, joined_on=joined, number=start + n,
                accepted_version=1,
            )
            for n, person in enumerate(persons)
        ]
    )  # fmt: skip


def rules(**changes: Any) -> BylawsVersion:
    """Give the co-op other procedures or classes, as an enacted decision would: `procedures=...`, `classes=...`."""
    last = BylawsVersion.objects.order_by("-number")[0]
    document = deepcopy(last.document)
    document["procedures"] |= changes.get("procedures", {})
    if "classes" in changes:
        document["rules"]["members.classes"]["value"] = changes["classes"]
    return bylaws._append(
        document=document, changed=["members.classes"], decision=f"test-{last.number}", at=last.enacted_at, previous=last
    )


def propose(
    author: Membership, at: datetime, *, procedure: str = "simple", contents: Any = (), title: str = "The fee"
) -> Proposal:
    """Make a proposal that is ready for its vote, and was announced."""
    contents = list(contents)
    number = Proposal.objects.count() + 1
    proposal = Proposal.objects.create(
        number=number, title=title, text="Because.", contents=contents, content_hash=digest(title, "Because.", contents),
        procedure=procedure, stage=Stage.PROPOSAL, author=author, author_person=author.person, author_name=author.name,
        made_at=at, noticed_at=at, vote_from=at,
    )  # fmt: skip
    job = Principal.job(author.coop_id)
    keep_revision(proposal, because="", name=author.name, by=job, at=at)
    Support.objects.create(
        proposal=proposal, membership=author, person=author.person, name=author.name, member_class=author.member_class,
        role=Support.Role.AUTHOR, at=at,
    )  # fmt: skip
    note(proposal, "announced", by=job, at=at)
    tell_of_vote(proposal=proposal, by=job, at=at)
    return proposal


def as_member(membership: Membership, channel: Channel = Channel.WEB) -> Principal:
    assert membership.person_id
    return members.principal(person_id=membership.person_id, channel=channel)


@dataclass
class Poll:
    """An open ballot and those on its roll, for tests that vote."""

    ballot: Ballot
    voters: list[Membership]
    at: datetime

    def vote(self, n: int, choice: Any, **more: Any) -> Any:
        by = as_member(self.voters[n])
        entry = next(one for one in queries.my_entries(self.ballot, by) if one.membership_id == self.voters[n].pk)
        return services.cast(ballot=self.ballot, entry=entry, choice=choice, by=by, at=more.pop("at", self.at), **more)

    def close(self) -> Ballot:
        run_jobs()  # The notices have to be out: a vote that nobody was told of is void.
        self.ballot.refresh_from_db()
        job = Principal.job(self.ballot.coop_id)
        return services.close(ballot=self.ballot, by=job, at=self.ballot.closes_at)


@pytest.fixture
def poll(inside, at):
    """Return a maker of ballots: `poll(5, secrecy="secret")` has five workers on its roll, Alice not among them."""

    def make(count: int = 5, *, contents: Any = (), member_class: str = "worker", **terms: Any) -> Poll:
        voters = join(count, member_class)
        table = SIMPLE | {"roll": {"who": "members", "classes": [member_class], "min_days": 300}} | terms
        rules(procedures={"tried": {key: value for key, value in table.items() if value is not None}})
        proposal = propose(voters[0], at, procedure="tried", contents=contents)
        ballot = services.open_ballot(proposal=proposal, by=Principal.job(inside.pk), at=at)
        return Poll(ballot, voters, at)

    return make
