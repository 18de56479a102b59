"""Names under an idea, class by class; petitions that open by themselves."""

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import OPERATOR
from toadlane.blueprints import installer
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Proposal, Stage, Support
from toadlane.democracy.proposals.queries import proposals
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person

GREETING = {"kind": "resolution", "payload": {"text": "We greet the strikers."}}
# Stocksy's third class decides what goes on: a tenth of it starts seven days, and then the board votes.
RESOLUTION = {
    "kind": "majority", "roll": "office:board", "threshold": "1/2", "op": "gt", "of": "cast", "rank": 2, "discussion_days": 7,
    "notice_days": 0, "min_days": 7, "support": {"fraction": "0.10", "of": "class"},
}  # fmt: skip


def crowd(count, member_class, at, start):
    """Make members of a class; return them as principals."""
    people = [Person(email=f"{member_class}{n}@crowd.test", name=f"{member_class} {n}") for n in range(count)]
    Person.objects.bulk_create(people)
    rows = [
        Membership(person=one, member_class=member_class, standing="active", joined_on=at.date(), number=start + n)
        for n, one in enumerate(
            Person.objects.filter(email__startswith=member_class, email__endswith="@crowd.test").order_by("pk")
        )
    ]
    Membership.objects.bulk_create(rows)
    return [members.principal(person_id=row.person_id, channel=Channel.WEB) for row in rows]


@pytest.fixture
def market(db, at, bob):
    """A marketplace where traders decide on resolutions in the way of SYSTEMS 3: Bob and 40 traders, 500 customers."""
    coop = installer.found(blueprint="marketplace", name="Prints", slug="prints", founder=bob, by=OPERATOR, at=at)
    with scope(coop.pk):
        yield coop


@pytest.fixture
def resolution(market, at):
    """The co-op's own way of deciding on resolutions, in its bylaws."""
    last = bylaws.version(1)
    procedures = {**last.document["procedures"], "simple": RESOLUTION}
    rules._append(document={**last.document, "procedures": procedures}, changed=[], decision="2026-1", at=at, previous=last)


def propose(by, at, **more):
    return services.propose(title="A greeting", contents=[GREETING], by=by, at=at, **more)


def test_an_idea_that_reaches_a_tenth_of_a_class_starts_seven_days_and_goes_to_the_board(market, resolution, at):
    traders = crowd(40, "provider", at, 100)  # With Bob, who founded it, there are 41: a tenth is 4.1, so five names.
    crowd(100, "customer", at, 1000)
    proposal = propose(traders[0], at)
    assert proposal.stage == Stage.IDEA
    for one in traders[1:4]:
        services.support(proposal=proposal, by=one, at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.IDEA, "four of 41 are less than a tenth"
    services.support(proposal=proposal, by=traders[4], at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.DISCUSSION and (proposal.talk_until.date() - at.date()).days == 7
    job = Principal.job(market.pk)
    services.advance(by=job, at=proposal.talk_until)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.PROPOSAL and proposal.vote_from == proposal.talk_until, "a board needs no notice"
    assert [row.person.name for row in proposals.eligible(proposal)] == ["Bob"]


def test_names_of_another_class_are_counted_for_theirs(market, resolution, at):
    traders, customers = crowd(40, "provider", at, 100), crowd(100, "customer", at, 1000)
    proposal = propose(traders[0], at)
    for one in customers[:9]:
        services.support(proposal=proposal, by=one, at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.IDEA
    assert {one.of: (one.names, one.needed) for one in proposals.backing(proposal)} == {"provider": (1, 5), "customer": (9, 10)}
    services.support(proposal=proposal, by=customers[9], at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.DISCUSSION


def test_who_has_left_supports_nothing(market, resolution, at):
    traders = crowd(40, "provider", at, 100)
    proposal = propose(traders[0], at)
    for one in traders[1:4]:
        services.support(proposal=proposal, by=one, at=at)
    Membership.objects.filter(pk=traders[1].membership_id).update(standing="former", left_on=at.date())
    services.support(proposal=proposal, by=traders[4], at=at)
    proposal.refresh_from_db()
    # Forty are left: a tenth is four, and four names are still there.
    assert proposal.stage == Stage.DISCUSSION
    assert proposals.backing(proposal)[-1].names == 4


def test_one_name_each_and_the_database_holds_to_it(inside, idea, worker, board, at):
    proposal = idea()
    with pytest.raises(services.AlreadySigned):
        services.support(proposal=proposal, by=worker, at=at)
    mine = proposal.supports.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.create(
            proposal=proposal, membership=mine.membership, person=mine.person, name="x", member_class="worker", at=at
        )


def test_a_name_can_be_taken_back_while_it_is_an_idea_and_not_after(market, resolution, at):
    traders = crowd(40, "provider", at, 100)
    proposal = propose(traders[0], at)
    services.support(proposal=proposal, by=traders[1], at=at)
    services.take_back_support(proposal=proposal, by=traders[1], at=at)
    assert proposal.supports.count() == 1
    for one in traders[1:5]:
        services.support(proposal=proposal, by=one, at=at)
    with pytest.raises(services.NotNow):
        services.take_back_support(proposal=Proposal.objects.get(), by=traders[1], at=at)


def test_a_class_without_the_right_begins_a_petition_and_that_opens_by_itself(market, at):
    traders, customers = crowd(19, "provider", at, 100), crowd(60, "customer", at, 1000)
    with pytest.raises(Refused):
        propose(Principal(coop_id=market.pk, channel=Channel.WEB, person_id=1, roles=frozenset({"member"})), at)
    proposal = propose(customers[0], at, is_petition=True)
    assert proposal.stage == Stage.IDEA and [one.needed for one in proposals.backing(proposal)] == [8], "a tenth of 80"
    for one in (*traders[:3], *customers[1:4]):
        services.support(proposal=proposal, by=one, at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.IDEA
    services.support(proposal=proposal, by=customers[4], at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.DISCUSSION


def test_the_words_that_people_signed_are_fixed_and_the_petition_is_theirs(market, at):
    customers = crowd(60, "customer", at, 1000)
    proposal = propose(customers[0], at, is_petition=True)
    services.revise(proposal=proposal, title="A better greeting", contents=[GREETING], by=customers[0], at=at)
    services.support(proposal=proposal, by=customers[1], at=at)
    for deed in (
        lambda: services.revise(proposal=proposal, title="Another", contents=[GREETING], by=customers[0], at=at),
        lambda: services.withdraw(proposal=proposal, by=customers[0], at=at),
        lambda: services.offer_amendment(proposal=proposal, title="x", contents=[GREETING], why="x", by=customers[2], at=at),
    ):
        with pytest.raises(services.NotNow):
            deed()
    assert queries.find(1).title == "A better greeting"


def test_a_sponsor_stands_beside_and_can_become_an_author(inside, idea, board, worker, at):
    proposal = idea()
    found = services.support(proposal=proposal, as_sponsor=True, by=board, at=at)
    with pytest.raises(Refused):
        services.add_author(proposal=proposal, support=found, by=board, at=at)
    services.add_author(proposal=proposal, support=found, by=worker, at=at)
    services.withdraw(proposal=proposal, by=board, at=at)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.WITHDRAWN


def test_charlie_supports_nothing_here(inside, wheels, charlie, idea, at):
    proposal = idea()
    with scope(wheels.pk):
        by = members.principal(person_id=charlie.pk, channel=Channel.WEB)
        with pytest.raises(Refused):
            services.support(proposal=proposal, by=by, at=at)
        assert queries.find(1) is None
    with pytest.raises(Refused):
        services.support(proposal=proposal, by=by, at=at)
