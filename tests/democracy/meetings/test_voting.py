"""One ballot for those in the room and those elsewhere: each member once, by phone, by paper, or through who acts for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import SIMPLE, propose, rules
from tests.democracy.meetings.conftest import DAY, asker, come, invitation
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as voting
from toadlane.democracy.ballots.models import Vote
from toadlane.democracy.ballots.services.errors import Differs
from toadlane.democracy.ballots.tasks import close_ballots, open_ballots
from toadlane.democracy.circles import queries as circle_queries
from toadlane.democracy.circles import services as circles
from toadlane.democracy.circles.tasks import close_nominations
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.models import Meeting
from toadlane.democracy.meetings.services.voting import NotThatLong
from toadlane.democracy.proposals.models import Decision, Proposal
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.once.models import Replay
from toadlane.society.bylaws.rules import packs
from toadlane.society.members.models import Membership

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proposal(people, at):
    return propose(Membership.objects.get(person=people["Dana"]), at)


@pytest.fixture
def meeting(proposal, draft, people, board, at):
    """A meeting that votes on a proposal, open, with five in the room, one elsewhere, and one by proxy."""
    services.add_item(meeting=draft, title="The fee", kind="proposal", subject="proposal:1", by=board, at=at)
    services.call_meeting(meeting=draft, by=board, at=at)
    run_jobs()
    for name, task in (("Bob", "chair"), ("Alice", "minutes"), ("Dana", "teller"), ("Emil", "teller"), ("Fatou", "signer"),
                       ("Gus", "signer")):  # fmt: skip
        services.name_helper(meeting=draft, person=people[name], task=task, by=board, at=at)
    services.give_proxy(
        meeting=draft, giver=invitation(draft, people["Hana"]), holder=invitation(draft, people["Dana"]), text="For me.",
        by=asker(people["Hana"]), at=at,
    )  # fmt: skip
    begins = draft.starts_at
    come(draft, people, "Bob", "Alice", "Dana", "Emil", "Fatou", at=begins)
    come(draft, people, "Ivo", at=begins, mode="remote")
    return services.open_meeting(meeting=queries.find(draft.number), by=asker(people["Bob"]), at=begins)


@pytest.fixture
def item(meeting, people):
    return services.open_item(item=queries.items(meeting)[2], by=asker(people["Bob"]), at=meeting.opened_at)


@pytest.fixture
def ballot(item, people):
    services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=item.meeting.opened_at)
    run_jobs()
    item.refresh_from_db()
    return queries.ballot_of(item)


def cast(ballot, person, choice, at):
    by = asker(person)
    entry = next(one for one in ballots.my_entries(ballot, by) if one.membership.person_id == person.pk)
    return voting.cast(ballot=ballot, entry=entry, choice=choice, by=by, at=at)


def place(ballot, person):
    return ballot.entries.get(membership__person=person).place


def test_a_quorum_met_at_a_meeting_does_not_keep_its_vote_open_for_days(item, people):
    rules(procedures={"simple": {**SIMPLE, "quorum": "1/4", "late_quorum_hours": 48}})
    opened_at = item.meeting.opened_at
    ballot = services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=opened_at)
    for name in ("Bob", "Alice", "Dana", "Emil", "Fatou"):
        cast(ballot, people[name], "for", opened_at + 19 * MINUTE)
    ballot.refresh_from_db()
    assert ballot.closes_at == opened_at + 20 * MINUTE and ballot.extended_from is None


def test_a_proposal_of_a_meeting_waits_for_it(proposal, draft, board, job, at):
    services.add_item(meeting=draft, title="The fee", kind="proposal", subject="proposal:1", by=board, at=at)
    assert queries.waits_for_a_meeting(at) == set(), "a draft keeps nobody waiting"
    services.call_meeting(meeting=draft, by=board, at=at)
    run_jobs()
    open_ballots(by=job, at=at + DAY)
    assert not list(ballots.every())
    services.cancel_meeting(meeting=queries.find(draft.number), reason="Rain.", by=board, at=at + DAY)
    open_ballots(by=job, at=at + DAY)
    assert [one.proposal_id for one in ballots.every()] == [proposal.pk]


def test_no_vote_waits_for_a_meeting_that_is_far_away_or_was_never_held(proposal, draft, board, at):
    services.add_item(meeting=draft, title="The fee", kind="proposal", subject="proposal:1", by=board, at=at)
    services.change_draft(meeting=draft, starts_at=at + 31 * DAY, by=board, at=at)
    services.call_meeting(meeting=draft, by=board, at=at)
    assert queries.waits_for_a_meeting(at) == set()
    Proposal.objects.update(vote_from=at + DAY)
    assert queries.waits_for_a_meeting(at) == {1}
    assert queries.waits_for_a_meeting(at + 33 * DAY - MINUTE) == {1} and queries.waits_for_a_meeting(at + 33 * DAY) == set()


def test_room_phones_papers_proxies_and_those_elsewhere_are_one_result(ballot, item, meeting, people, job):
    at = meeting.opened_at + MINUTE
    assert ballot.closes_at == meeting.opened_at + 20 * MINUTE and ballot.present == 7
    cast(ballot, people["Ivo"], "for", at)
    cast(ballot, people["Dana"], "for", at)
    dana = asker(people["Dana"])
    hers = next(one for one in ballots.my_entries(ballot, dana) if one.membership.person_id == people["Hana"].pk)
    voting.cast(ballot=ballot, entry=hers, choice="against", by=dana, at=at)
    room = [one.name for one in queries.not_yet_voted(meeting, ballot)]
    assert room == ["Bob", "Alice", "Emil", "Fatou"]
    hands = {"Bob": "for", "Alice": "for", "Emil": "against", "Fatou": "abstain"}
    given = {"places": [place(ballot, people[name]) for name in hands], "choices": list(hands.values())}
    services.hand_in(item=item, **given, by=dana, at=at)
    assert queries.voting(item, at=at).voted == 3, "nothing counts before a second teller has the same"
    services.hand_in(item=item, **given, by=asker(people["Emil"]), at=at)
    seen = queries.voting(item, at=at)
    assert (seen.voted, seen.size, seen.is_open, seen.outcome) == (7, 10, True, "")
    with pytest.raises(services.NotNow):
        services.close_item(item=item, by=asker(people["Bob"]), at=at)
    close_ballots(by=job, at=ballot.closes_at)
    seen = queries.voting(item, at=ballot.closes_at)
    assert seen.outcome == "passed" and seen.figures == {
        "eligible": 10, "voted": 7, "for": 4, "against": 2, "abstain": 1, "block": 0,
    }  # fmt: skip
    assert Decision.objects.get().name == seen.decision
    services.close_item(item=item, conclusion="Passed.", by=asker(people["Bob"]), at=ballot.closes_at)


def test_whoever_has_voted_elsewhere_is_not_counted_again_in_the_room(ballot, item, meeting, people):
    at, emil = meeting.opened_at + MINUTE, people["Emil"]
    cast(ballot, emil, "for", at)
    with pytest.raises(services.Missing):
        services.hand_in(item=item, places=[place(ballot, emil)], choices=["against"], by=asker(people["Dana"]), at=at)
    assert Vote.objects.filter(ballot=ballot).count() == 1


def test_only_those_in_the_room_raise_a_hand_there(ballot, item, meeting, people):
    at = meeting.opened_at + MINUTE
    for name in ("Ivo", "Jun"):
        with pytest.raises(services.Missing):
            services.hand_in(item=item, places=[place(ballot, people[name])], choices=["for"], by=asker(people["Dana"]), at=at)


def test_two_tellers_who_differ_count_nothing(ballot, item, meeting, people):
    at, bob = meeting.opened_at + MINUTE, place(ballot, people["Bob"])
    dana, emil = asker(people["Dana"]), asker(people["Emil"])
    services.hand_in(item=item, places=[bob], choices=["for"], by=dana, at=at)
    with pytest.raises(Differs) as refused:
        services.hand_in(item=item, places=[bob], choices=["against"], by=emil, at=at)
    assert "Bob" in str(refused.value.hint)
    assert not Vote.objects.filter(ballot=ballot).exists()
    services.hand_in(item=item, places=[bob], choices=["against"], by=dana, at=at)
    services.hand_in(item=item, places=[bob], choices=["for"], by=dana, at=at)
    services.hand_in(item=item, places=[bob], choices=["for"], by=emil, at=at)
    assert Vote.objects.get(ballot=ballot).entry.place == bob


def test_only_tellers_of_the_meeting_enter_papers_and_only_who_runs_it_opens_a_vote(ballot, item, meeting, people):
    at = meeting.opened_at + MINUTE
    with pytest.raises(Refused):
        services.hand_in(item=item, places=[1], choices=["for"], by=asker(people["Bob"]), at=at)
    with pytest.raises(Refused):
        services.open_vote(item=item, minutes=20, by=asker(people["Dana"]), at=at)
    with pytest.raises(services.NotNow):
        services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=at)


@pytest.mark.parametrize(("minutes", "fits"), [(1, False), (2, True), (7 * 24 * 60, True), (7 * 24 * 60 + 1, False)])
def test_a_vote_has_time_and_not_too_much(item, meeting, people, minutes, fits):
    deed = lambda: services.open_vote(item=item, minutes=minutes, by=asker(people["Bob"]), at=meeting.opened_at)  # noqa: E731
    if fits:
        assert deed().closes_at == meeting.opened_at + minutes * MINUTE
    else:
        with pytest.raises(NotThatLong):
            deed()


def test_nothing_is_voted_on_that_is_not_on_the_agenda(meeting, people, at):
    talk = services.open_item(item=queries.items(meeting)[0], by=asker(people["Bob"]), at=meeting.opened_at)
    with pytest.raises(services.Missing):
        services.open_vote(item=talk, minutes=20, by=asker(people["Bob"]), at=meeting.opened_at)


def test_who_comes_while_a_vote_is_open_counts_as_present(ballot, meeting, people):
    come(meeting, people, "Jun", at=meeting.opened_at + MINUTE)
    ballot.refresh_from_db()
    assert ballot.present == 8


def test_what_cannot_be_voted_on_is_not_put_on_an_agenda(draft, board, at):
    for subject in ("proposal:9", "election:9", "proposal:x", "fee"):
        with pytest.raises(services.Missing):
            services.add_item(meeting=draft, title="X", kind="proposal", subject=subject, by=board, at=at)


def test_the_minutes_say_how_the_vote_went(ballot, item, meeting, people, job):
    at = meeting.opened_at + MINUTE
    for name in ("Bob", "Alice", "Fatou"):
        cast(ballot, people[name], "for", at)
    close_ballots(by=job, at=ballot.closes_at)
    by = asker(people["Bob"])
    services.close_item(item=item, by=by, at=ballot.closes_at)
    services.close_meeting(meeting=meeting, by=by, at=ballot.closes_at)
    run_jobs()
    said = queries.document(queries.minutes_of(meeting))["items"][2]["vote"]
    ballot.refresh_from_db()
    assert said["outcome"] == "passed" and said["result_hash"] == ballot.result_hash and said["signature"] == ballot.signature
    assert said["figures"]["for"] == 3 and said["decision"] == Decision.objects.get().name


# ----------------------------------------------------------------------------------------------------------- elections


@pytest.fixture
def closed(people, board, job, at):
    from tests.democracy.circles.conftest import terms

    circles.found_circle(terms=terms(), decision="2027-1", by=Principal.job(job.coop_id, "enactment"), at=at)
    election = circles.open_election(office="harbor", member_class="worker", closes_at=at + 14 * DAY, by=board, at=at)
    for name in ("Dana", "Emil", "Fatou"):
        own = circle_queries.standing_members().get(person=people[name])
        circles.nominate(election=election, membership=own, statement="I row.", by=asker(people[name]), at=at)
    close_nominations(by=job, at=at + 14 * DAY)
    run_jobs()
    election.refresh_from_db()
    return election


def test_closed_nominations_are_before_the_members_by_themselves(closed):
    proposal = Proposal.objects.get()
    assert closed.state == "proposed" and closed.proposal == str(proposal.number)
    [content] = proposal.contents
    assert content["kind"] == "elect" and [one["name"] for one in content["payload"]["candidates"]] == ["Dana", "Emil", "Fatou"]
    assert proposal.author.person.name == "Bob" and proposal.stage in ("discussion", "proposal")


def test_a_vote_that_elects_nobody_frees_the_seats_for_another_election(closed, job, board, at):
    services.end_election(number=int(closed.proposal), outcome="rejected", by=job, at=at)
    closed.refresh_from_db()
    assert closed.state == "cancelled" and closed.cancelled_because == "rejected"
    assert circles.open_election(office="harbor", member_class="worker", closes_at=at + 14 * DAY, by=board, at=at)


def test_an_election_goes_onto_an_agenda_by_its_own_number(closed, draft, board, at):
    item = services.add_item(meeting=draft, title="Harbor", kind="election", subject=f"election:{closed.pk}", by=board, at=at)
    assert queries.proposal_of(item).number == int(closed.proposal)


# ------------------------------------------------------------------------------------------------------- by page and API


def test_a_vote_by_the_page_of_the_room(item, meeting, people, job, monkeypatch):
    told = {"at": meeting.opened_at}
    monkeypatch.setattr(clock, "now", lambda tenant: told["at"])
    bob, dana, emil = (browser(people[name]) for name in ("Bob", "Dana", "Emil"))
    room = f"/c/sparkle/meetings/{meeting.number}/room/"
    assert bob.post(room, {"deed": f"vote:{item.pk}", "minutes": "1"}).status_code == 422
    bob.post(room, {"deed": f"vote:{item.pk}", "minutes": "20"})
    run_jobs()
    item.refresh_from_db()
    ballot = queries.ballot_of(item)
    page = browser(people["Ivo"]).get(room).content.decode()
    assert f'href="/c/sparkle/ballots/{ballot.number}/"' in page and "0 of 10 have voted" in page
    assert "Hands and papers" not in page and "Hands and papers" in dana.get(room).content.decode()
    count = {f"place-{place(ballot, people[name])}": "1" for name in ("Bob", "Alice", "Hana")}
    dana.post(room, {"deed": f"hands:{item.pk}", **count})
    assert "Another teller has entered theirs." in emil.get(room).content.decode()
    emil.post(room, {"deed": f"hands:{item.pk}", **count})
    assert "3 of 10 have voted" in bob.get(room).content.decode()
    close_ballots(by=job, at=ballot.closes_at)
    told["at"] = ballot.closes_at
    page = bob.get(room).content.decode()
    assert "Passed" in page and "/decisions/" in page


def test_a_secret_vote_on_paper_is_entered_in_two_heaps(meeting, people, item, job):
    from toadlane.democracy.meetings.forms import HandsForm

    Proposal.objects.update(procedure="secret")
    rules(procedures={"secret": SIMPLE | {"secrecy": "secret"}})
    services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=meeting.opened_at)
    item.refresh_from_db()
    ballot, at = queries.ballot_of(item), meeting.opened_at + MINUTE
    assert ballot.is_secret
    who = [place(ballot, people[name]) for name in ("Bob", "Alice", "Fatou")]

    def typed(papers):
        form = HandsForm({**{f"place-{n}": "on" for n in who}, "papers": papers},
                         here=queries.not_yet_voted(meeting, ballot), ballot=ballot)  # fmt: skip
        assert form.is_valid(), form.errors
        return form.said()

    services.hand_in(item=item, **typed("1\n1\n2"), by=asker(people["Dana"]), at=at)
    services.hand_in(item=item, **typed("2\n1\n1"), by=asker(people["Emil"]), at=at)
    assert queries.voting(item, at=at).voted == 3
    with pytest.raises(services.Missing):
        services.hand_in(item=item, **{"places": who[:1], "choices": ["for"]}, by=asker(people["Dana"]), at=at)
    run_jobs()
    close_ballots(by=job, at=ballot.closes_at)
    assert queries.voting(item, at=ballot.closes_at).figures["for"] == 2


def test_a_vote_by_the_api(item, meeting, people, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda tenant: meeting.opened_at)
    root = f"/api/v1/coops/sparkle/meetings/{meeting.number}/items/{item.pk}"
    bob, dana, emil = (browser(people[name]) for name in ("Bob", "Dana", "Emil"))
    assert bob.get(f"{root}/vote").status_code == 404
    made = bob.post(f"{root}/vote", {"minutes": 20}, content_type="application/json")
    assert made.status_code == 201 and made.json()["is_open"], made.content
    assert bob.get(f"{root}/hands").status_code == 403
    rows = {row["name"]: row["place"] for row in dana.get(f"{root}/hands").json()["items"]}
    given = {"places": [rows["Bob"], rows["Hana"]], "choices": ["for", "against"]}
    for client, state in ((dana, "once"), (emil, "agreed")):
        told = client.post(f"{root}/hands", given, content_type="application/json", headers={"Idempotency-Key": "hands"})
        assert told.json() == {"state": state, "count": 2}, told.content
    assert bob.get(f"{root}/vote").json()["voted"] == 2
    assert not Replay.objects.exists(), "what was sent would say whose paper is whose"


# ---------------------------------------------------------------------------------------------- where the bylaws change


BYLAWS = [{"kind": "patch", "payload": {"base": 1, "ops": [{"rule": "gov.simple.quorum", "expect": "0.20", "set": "0.25"}]}}]
POLICY = [{"kind": "patch", "payload": {"base": 1, "ops": [{"rule": "fees.commission", "expect": "0.05", "set": "0.06"}]}}]


@pytest.mark.parametrize(
    ("law", "contents", "left", "call", "opens"),
    [
        ("sce", BYLAWS, 5, 1, True),  # Half of ten.
        ("sce", BYLAWS, 4, 1, False),
        ("sce", BYLAWS, 4, 2, True),  # Whoever comes at the second call.
        ("sce", POLICY, 4, 1, True),
        ("es-27-1999", BYLAWS, 4, 1, True),  # That law asks for no more than at any meeting.
    ],
)
def test_the_law_may_ask_for_more_at_a_call_where_the_bylaws_change(
    meeting, item, people, monkeypatch, law, contents, left, call, opens
):
    real = packs.load
    monkeypatch.setattr(packs, "load", lambda name: replace(real(name), assembly=real(law).assembly))
    Proposal.objects.update(contents=contents)
    Meeting.objects.update(opened_call=call)
    item.refresh_from_db()
    at = meeting.opened_at
    for name in ("Ivo", "Fatou", "Alice")[: 7 - left]:  # Seven are there: Dana acts for Hana.
        services.leave(meeting=meeting, invitation=invitation(meeting, people[name]), by=asker(people[name]), at=at)
    assert queries.quorum(meeting, at=at).present == left
    if opens:
        services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=at)
        return
    with pytest.raises(services.NotNow) as refused:
        services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=at)
    assert "5 of 10" in str(refused.value) and "second call" in str(refused.value.hint)
    assert not list(ballots.every())
