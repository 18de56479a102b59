"""A co-op that is older than a rule: it can open an idea all the same, and its members adopt the rule by a proposal."""

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Proposal, Stage
from toadlane.democracy.proposals.queries import decisions
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import undecided
from toadlane.society.members import queries as members

SUPPORT = "gov.support_share"


@pytest.fixture
def by(older, alice):
    return members.principal(person_id=alice.pk, channel=Channel.WEB)


def adoption(**changed):
    book = bylaws.book()
    return {"kind": "patch", "payload": {"base": book.number, "ops": [{**undecided.adoption(book.document, SUPPORT), **changed}]}}


def propose(by, at, *contents, title="Adopt it", **more):
    return services.propose(title=title, contents=contents, by=by, at=at, **more)


def carried(proposal, by, at, state="passed"):
    """Take a proposal through its vote; return the decision."""
    job = Principal.job(by.coop_id)
    services.advance(by=job, at=proposal.talk_until)
    proposal.refresh_from_db()
    run_jobs()
    opens = proposal.vote_from
    more = {"ballot": "b", "opens_at": opens, "closes_at": opens, "by": job, "at": opens}
    services.voting_began(proposal=proposal, **more)
    decision = services.decide(proposal=proposal, outcome={"state": state, "figures": {}}, by=job, at=opens)
    if state == "passed":
        assert services.enact_due(by=job, at=decision.enactment.due_at) == 1
    return decision


def test_an_idea_opens_by_the_share_that_the_software_starts_with(older, by, at):
    assert propose(by, at, change("members.notice_days", 30, set=60)).stage == Stage.DISCUSSION


def test_members_adopt_a_rule_by_a_vote_on_it(older, by, at):
    proposal = propose(by, at, adoption(set="0.05"))
    assert proposal.procedure == "special", "what its tier asks for at a founding"
    decision = carried(proposal, by, at)
    told = bylaws.book().decided(SUPPORT)
    assert (told.is_decided, told.decision, told.value) == (True, decision.name, "0.05")
    assert not decisions.chain().faults and bylaws.first_broken_link() is None


def test_what_was_adopted_meanwhile_goes_back_and_can_be_written_again(older, by, at):
    first, second = propose(by, at, adoption(set="0.05")), propose(by, at, adoption(set="0.02"), title="Otherwise")
    carried(first, by, at)
    run_jobs()
    second.refresh_from_db()
    assert "has changed since" in second.stuck_because
    again = services.rebase(proposal=second, by=by, at=at)
    op = again.contents[0]["payload"]["ops"][0]
    assert (op["expect"], op["set"], "adopt" in op) == ("0.05", "0.02", False)


def test_the_pages_ask_for_value_and_guard_and_say_what_is_adopted(older, alice, at):
    client, root = browser(alice), "/c/sparkle/"
    rule = client.get(f"{root}rules/{SUPPORT}/").content.decode()
    assert "Propose to adopt it" in rule
    first = client.get(f"{root}proposals/change/{SUPPORT}/")
    assert first.status_code == 200, "found by the link beside the rule"
    page = client.post(f"{root}proposals/change/{SUPPORT}/", {"value": "5"})
    assert page.status_code == 302 and page.url.endswith("/guard/")
    page = client.post(page.url, {"procedure": "special"})
    assert page.status_code == 302 and page.url.endswith("/when/")
    page = client.post(page.url, {"effective": ""})
    page = client.post(page.url, {"title": "Adopt how an idea opens"})
    review = client.get(page.url).content.decode()
    assert "do not have this rule yet" in review and "5%" in review and "cannot be brought forward" not in review
    client.post(page.url, {"procedure": "special"})
    proposal = Proposal.objects.get()
    assert proposal.contents[0]["payload"]["ops"][0]["set"] == "0.05"
    shown = client.get(f"{root}proposals/{proposal.number}/").content.decode()
    assert "With this vote the members adopt it" in shown
    assert "Adopt how an idea opens" in client.get(f"{root}rules/{SUPPORT}/").content.decode(), "under way, beside the rule"
