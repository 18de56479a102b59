"""Every version of a proposal that touches money shows what it would have done to last year's orders."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser
from tests.democracy.proposals.conftest import FEE, change
from tests.trade.orders.conftest import book, guest, slate, wish  # noqa: F401
from tests.trade.orders.conftest import day as day  # noqa: PLC0414
from tests.trade.orders.test_replay import visit  # noqa: F401
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.queries import proposals
from toadlane.plumbing.clock import queries as clock
from toadlane.society.bylaws import queries as bylaws

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    """By the co-op's own clock, as orders are."""
    return clock.machine_time().replace(microsecond=0)


@pytest.fixture
def raised(visit, slate, day):  # noqa: F811
    """A delegate proposes 6 %, two days after the visit."""
    return services.propose(title="Raise the fee", contents=[change(set="0.06")], by=slate.by, at=day + timedelta(days=2))


def test_it_is_stored_with_the_proposal_when_it_is_proposed(raised):
    seen = proposals.simulation_of(raised)
    assert seen.state == "done" and seen.result["rules"] == [FEE]
    assert raised.revisions.get().simulation_id == seen.pk


def test_another_version_has_its_own_and_the_first_keeps_what_its_readers_saw(raised, slate, day):  # noqa: F811
    first = proposals.simulation_of(raised)
    services.revise(
        proposal=raised, title="Raise it more", contents=[change(set="0.07")], by=slate.by, at=day + timedelta(days=3)
    )
    raised.refresh_from_db()
    second = proposals.simulation_of(raised)
    assert second.pk != first.pk
    assert second.result["replays"]["orders"]["currencies"]["EUR"]["after"]["fee"] == 903
    assert raised.revisions.get(number=1).simulation_id == first.pk


def test_all_changes_of_a_bundle_are_replayed_together(visit, slate, day):  # noqa: F811
    vat = bylaws.book().rules["trade.vat_rate"]["value"]
    bundle = [change(set="0.06"), change("trade.vat_rate", vat, set="0.10")]
    proposal = services.propose(title="Both", contents=bundle, by=slate.by, at=day + timedelta(days=2))
    came = proposals.simulation_of(proposal).result["replays"]["orders"]["currencies"]["EUR"]["after"]
    assert (came["fee"], came["vat"]) == (774, 1290)


def test_what_touches_no_money_has_none(visit, slate, day):  # noqa: F811
    notice = change("members.notice_days", 30, set=60)
    proposal = services.propose(title="Longer notice", contents=[notice], by=slate.by, at=day + timedelta(days=2))
    assert proposals.simulation_of(proposal) is None
    page = browser(slate.delegate).get(f"/c/sparkle/proposals/{proposal.number}/").content.decode()
    assert "On last year’s orders" not in page


def test_pages_and_api_show_it(raised, slate, charlie):  # noqa: F811
    client, kept = browser(slate.delegate), proposals.simulation_of(raised)
    page = client.get(f"/c/sparkle/proposals/{raised.number}/").content.decode()
    assert "On last year’s orders" in page and "The platform would have kept €1.29 more." in page and kept.hash[:12] in page
    told = client.get(f"/api/v1/coops/sparkle/proposals/{raised.number}").json()
    assert (told["simulation"], told["simulation_hash"]) == (kept.pk, kept.hash)
    assert browser(charlie).get(f"/api/v1/coops/wheels/simulations/{kept.pk}").status_code == 404


def test_whoever_writes_can_try_it_first(visit, slate, charlie):  # noqa: F811
    client, address = browser(slate.delegate), "/c/sparkle/simulations/try/"
    ops = f'[{{"rule": "{FEE}", "expect": "0.05", "set": "0.06"}}]'
    answer = client.post(address, {"ops": ops})
    assert answer.status_code == 302 and client.get(answer["Location"]).status_code == 200
    for wrong, words in (
        ("{", "not a change"), ("[]", "not a change"), ('[{"rule": 1}]', "no rule"), ('[{"set": 1}]', "not a change"),
        (ops.replace("0.05", "0.04"), "no longer what it was"),
        ('[{"rule": "members.notice_days", "expect": 30, "set": 60}]', "touches no money"),
    ):  # fmt: skip
        answer = client.post(address, {"ops": wrong})
        assert answer.status_code == 422 and words in answer.content.decode(), wrong
    for other in (browser(charlie), Client()):
        assert other.post(address, {"ops": ops}).status_code == 404
