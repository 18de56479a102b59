"""Reports: a moderator decides with reasons, it takes effect, and somebody else looks again."""

from datetime import timedelta

import pytest

from tests.conftest import browser
from tests.trade.reviews.test_complaints import officer
from toadlane.plumbing.access.principals import Refused
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.trade.catalog.models import Listing
from toadlane.trade.reviews import queries, services
from toadlane.trade.reviews.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(inside, worker, at) -> Listing:
    return Listing.objects.create(title="Miracle soap", text="Cures all", kind="home_clean", currency="EUR", state="live",
                                  provider_id=worker.membership_id, created_at=at, changed_at=at, live_since=at)  # fmt: skip


@pytest.fixture
def mo(inside, at):
    return officer(inside, at, "mo", "moderator")


@pytest.fixture
def reported(listing, customer, at) -> Report:
    return services.report(subject=f"listing:{listing.pk}", reason="fraud", text="It cures nothing", by=customer, at=at)


def decide(report, by, at, decision="hide", **more):
    said = {"statement": "Claims to heal.", "rule": "Directive 2005/29/EC, annex I, 17"} | more
    return services.decide_report(report=report, decision=decision, by=by, at=at, **said)


def test_a_listing_is_hidden_with_reasons_and_comes_back_on_appeal(reported, listing, mo, board, worker, at):
    decide(reported, mo, at)
    listing.refresh_from_db()
    assert (listing.state, listing.reason) == ("hidden", "Claims to heal.")
    report = queries.report(reported.pk)
    with pytest.raises(services.NotNow):
        services.appeal_report(report=report, text="Late", by=worker, at=report.appeal_until)
    services.appeal_report(report=report, text="It is only soap", by=worker, at=report.appeal_until - timedelta(seconds=1))
    again = queries.report(reported.pk)
    with pytest.raises(Refused):
        services.close_report(report=again, is_upheld=True, statement="I said so", by=mo, at=at)
    services.close_report(report=again, is_upheld=False, statement="The text is gone", by=board, at=at)
    listing.refresh_from_db()
    assert listing.state == "paused"


def test_no_decision_without_reasons_and_none_against_somebody_without_a_rule(reported, mo, at):
    for missing in ({"statement": " "}, {"rule": ""}):
        with pytest.raises(services.SayWhy):
            decide(reported, mo, at, **missing)
    with pytest.raises(services.SayWhy):
        decide(reported, mo, at, decision="suspend")
    assert decide(reported, mo, at, decision="nothing", rule="").state == "decided"
    with pytest.raises(services.NotNow):
        decide(reported, mo, at)


def test_only_the_board_suspends_a_member(inside, customer, worker, mo, board, at):
    report = services.report(subject=f"member:{worker.membership_id}", reason="harassment", text="Shouts", by=board, at=at)
    with pytest.raises(Refused):
        decide(report, mo, at, decision="suspend")
    decide(report, board, at, decision="suspend")
    member = Membership.objects.get(pk=worker.membership_id)
    assert member.standing == "suspended"
    # Suspended, and still heard.
    now = queries.report(report.pk)
    services.appeal_report(report=now, text="I did not", by=worker, at=at)


def test_nobody_moderates_their_own_case_and_strangers_do_not_report(reported, customer, worker, listing, inside, at, guest):
    with pytest.raises(Refused):
        decide(reported, worker, at)
    with pytest.raises(Refused):
        services.report(subject=f"listing:{listing.pk}", reason="fraud", text="x", by=guest, at=at)
    for nothing in ("listing:99", "listing:x", "nonsense", "member:1", f"message:{listing.pk}"):
        with pytest.raises(services.NothingThere):
            services.report(subject=nothing, reason="fraud", text="x", by=customer, at=at)


def test_the_pages_and_the_api(*, listing, nuala, alice, mo, charlie, client, inside, customer):
    hers, keeper, stranger = browser(nuala), browser(alice), browser(charlie)
    moderator = browser(Person.objects.get(pk=mo.person_id))
    root, api = "/c/sparkle/reviews/", "/api/v1/coops/sparkle/reviews"
    form = f"{root}report/?about=listing:{listing.pk}"
    assert hers.get(form).status_code == 200 and "/sign-in/?next=" in client.get(form)["Location"]
    assert hers.post(form, {"reason": "fraud"}).status_code == 422
    hers.post(form, {"reason": "fraud", "text": "It cures nothing"})
    one = Report.objects.get()
    for who in (stranger, client):
        assert who.get(f"{root}reports/{one.pk}/").status_code == 404
    assert stranger.get(f"{api}/reports/{one.pk}").status_code == stranger.get(f"{api}/reports").status_code == 404
    assert keeper.get(f"{api}/reports").status_code == 403
    assert "Miracle soap" in moderator.get(root).content.decode()
    assert moderator.post(f"{root}reports/{one.pk}/", {"decision": "hide", "statement": "No"}).status_code == 422
    moderator.post(f"{root}reports/{one.pk}/", {"decision": "hide", "statement": "Claims to heal", "rule": "2005/29/EC"})
    shown = keeper.get(f"{root}reports/{one.pk}/").content.decode()
    assert "Claims to heal" in shown and "Nuala" not in shown
    assert keeper.post(f"{api}/reports/{one.pk}/appeal", {"text": "Soap"}, content_type="application/json").status_code == 200
    told = moderator.post(f"{api}/reports/{one.pk}/close", {"is_upheld": True, "statement": "x"}, content_type="application/json")
    assert told.status_code == 403
