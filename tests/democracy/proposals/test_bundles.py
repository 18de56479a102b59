"""What goes together passes together: in the strictest way, after the longest delay, as one version of the rules."""

import pytest

from tests.democracy.proposals.conftest import FEE, change
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.queries import decisions, procedures
from toadlane.society.bylaws import queries as bylaws

GREETING = {"kind": "resolution", "payload": {"text": "We greet the strikers."}}
NOTICE = ("members.notice_days", 30)


def test_the_strictest_way_and_the_longest_delay(inside, idea, decided):
    floor = bylaws.book().rule("pay.floor_hour")
    bundle = [change(set="0.06"), change("pay.floor_hour", floor["value"], set=1600), GREETING]
    proposal = idea(*bundle, title="Three things")
    ranks = {name: one["rank"] for name, one in bylaws.book().document["procedures"].items()}
    assert ranks[proposal.procedure] == max(ranks["simple"], ranks[floor["procedure"]])
    assert procedures.delay_days(proposal.contents, bylaws.book()) == max(15, floor["delay_days"])
    decision = decided(proposal)
    assert (decision.enactment.effective_on - decision.decided_at.date()).days == max(15, floor["delay_days"])


def test_two_changes_of_rules_make_one_version(inside, idea, decided, job):
    decision = decided(idea(change(set="0.06"), change(*NOTICE, set=60), title="Two rules"))
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert bylaws.book().number == 2
    assert {bylaws.book().decided(rule).decision for rule in (FEE, NOTICE[0])} == {"2027-1"}


def test_one_part_that_cannot_be_keeps_all_from_being_brought(inside, idea):
    with pytest.raises(services.CannotBeDecided) as refused:
        idea(change(set="0.06"), {"kind": "resolution", "payload": {"text": " "}})
    assert [one["field"] for one in refused.value.errors] == ["text"]


def test_one_part_that_cannot_be_carried_out_keeps_all_from_happening(inside, idea, decided, job, monkeypatch):
    from toadlane.democracy.proposals.handlers import decisions as handlers
    from toadlane.society.bylaws.rules import decisions as kinds

    decision = decided(idea(change(set="0.06"), GREETING, title="Two things"))

    def refuse(**_more):
        raise services.NotNow("The second part cannot be.")

    monkeypatch.setitem(kinds._kinds, "resolution", type(handlers.RESOLUTION)(**{**vars(handlers.RESOLUTION), "enact": refuse}))
    services.enact_due(by=job, at=decision.enactment.due_at)
    decision.enactment.refresh_from_db()
    assert decision.enactment.state == "failed" and bylaws.book().number == 1, "never a part of it"


def test_a_stricter_way_may_be_chosen_and_a_weaker_one_never(inside, idea, worker, at):
    assert idea(procedure="special").procedure == "special"
    with pytest.raises(services.TooWeak):
        idea(procedure="coordinators")
    with pytest.raises(services.TooWeak):
        idea(procedure="never")
    proposal = idea()
    services.use_procedure(proposal=proposal, procedure="special", by=worker, at=at)
    with pytest.raises(services.TooWeak):
        services.use_procedure(proposal=proposal, procedure="coordinators", by=worker, at=at)


def test_weakening_a_guard_takes_the_rank_above(inside, idea):
    proposal = idea(change(procedure="coordinators"), title="Let the coordinators do it")
    ranks = {name: one["rank"] for name, one in bylaws.book().document["procedures"].items()}
    assert ranks[proposal.procedure] == ranks["simple"] + 1
    with pytest.raises(services.TooWeak):
        idea(change(procedure="coordinators"), procedure="simple")


@pytest.mark.parametrize("rule", ["votes.one_member_one_vote", "surplus.asset_lock"])
def test_what_is_entrenched_is_nobodys_to_propose(inside, idea, rule):
    with pytest.raises(services.CannotBeDecided):
        idea(change(rule, True, set=False))


@pytest.mark.parametrize(
    "contents", [[{"kind": "no_such", "payload": {}}], [{"kind": "patch", "payload": {"base": 1.5, "ops": []}}]]
)
def test_what_cannot_be_read_is_refused_kindly(inside, idea, contents):
    with pytest.raises(services.CannotBeDecided):
        idea(*contents)


def test_too_many_parts_are_too_many(inside, worker, at):
    parts = [{"kind": "resolution", "payload": {"text": str(n)}} for n in range(13)]
    with pytest.raises(services.CannotBeDecided):
        services.propose(title="Everything", contents=parts, by=worker, at=at)
    assert services.propose(title="Nearly", contents=parts[:12], by=worker, at=at).number == 1


def test_the_chain_of_decisions_shows_what_was_tampered_with(inside, idea, decided, job):
    from django.db import connection

    from toadlane.democracy.proposals.models import Decision
    from toadlane.plumbing.triggers import refusals

    decided(idea())
    assert decisions.chain().looked_at == 1 and not decisions.chain().faults
    refusals.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE proposals_decision SET outcome = 'rejected'")
    assert decisions.chain().faults == ["decision 2027-1 is not what it was"]
    refusals.install()
    assert Decision.objects.count() == 1
