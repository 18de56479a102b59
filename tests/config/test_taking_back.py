"""Whoever takes back what they gave keeps what is their own; whoever loses it keeps theirs; and only the giver takes it back."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.audit import services as audit
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.members import queries as members
from toadlane.society.members import services as joining
from toadlane.society.members.models import Office, Organisation
from toadlane.society.messaging import queries as threads
from toadlane.society.messaging import services as messaging
from toadlane.society.messaging.services import Side
from toadlane.society.people import services as people
from toadlane.society.people.models import Person
from toadlane.trade.booking.models import Resource

ROOT = "/api/v1/coops/sparkle"


def ask(person):
    return members.principal(person_id=person.pk, channel=Channel.WEB)


def with_token(secret):
    return Client(headers={"Authorization": f"Bearer {secret}"})


def own_things(client) -> list[int]:
    """Return how the addresses of what is somebody's own answer."""
    return [
        client.get(path).status_code for path in ("/api/v1/me", "/api/v1/me/data", f"{ROOT}/members/mine", f"{ROOT}/messages")
    ]


def test_a_token_taken_back_takes_nothing_else_along(inside, alice, bob):
    now = clock.machine_time()
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=alice.pk)
    with outside():
        made = [people.issue_token(person=alice, name=n, scopes=["money"], by=by, at=now) for n in ("till", "phone", "all")]
        (till, lost), (_phone, kept), (_all, last) = made
        assert browser(bob).delete(f"/api/v1/me/tokens/{till.pk}").status_code == 404, "it is not his to take back"
        for _time in range(2):
            people.revoke_token(token=till, by=by, at=now)
        assert with_token(lost).get("/api/v1/me").status_code == 401
        for mine in (with_token(kept), with_token(last), browser(alice)):
            assert own_things(mine) == [200] * 4
        # Even one that takes itself back leaves its owner everything.
        assert with_token(last).delete(f"/api/v1/me/tokens/{_all.pk}").status_code == 204
        assert own_things(with_token(kept)) == own_things(browser(alice)) == [200] * 4


@pytest.fixture
def tidewater(inside, alice, bob, board, at):
    """A member organisation for which Alice speaks, who is a member herself, and Dora, who is none."""
    dora = Person.objects.create(email="dora@tidewater.test", name="Dora")
    membership = joining.admit(organisation=Organisation.objects.create(name="Tidewater"), member_class="co_op", by=board, at=at)
    named = [joining.name_delegate(membership=membership, person=one, by=board, at=at) for one in (alice, dora)]
    return membership, named, dora


def test_who_no_longer_speaks_for_others_still_speaks_for_themselves(tidewater, inside, alice, board, at):
    membership, (for_alice, for_dora), dora = tidewater
    own = ask(alice).membership_id
    joining.end_delegation(delegate=for_alice, by=board, at=at)
    assert ask(alice).membership_id == own and ask(alice).roles == {"member", "class:worker"} and not ask(alice).delegate_of
    assert ask(dora).delegate_of == {membership.pk}, "the other one still speaks"
    with pytest.raises(Expected, match="Name another delegate first"):
        joining.end_delegation(delegate=for_dora, by=board, at=at)
    assert ask(dora).delegate_of == {membership.pk}, "an organisation is never left without anybody who can act for it"
    with outside():
        assert own_things(browser(alice)) == [200] * 4 and browser(dora).get("/api/v1/me").status_code == 200


def test_whoever_is_taken_off_a_list_of_workers_keeps_their_own_membership(tidewater, inside, alice, board, at):
    membership, _named, _dora = tidewater
    before = ask(alice)
    worker = joining.add_worker(membership=membership, name="Alice", person=alice, by=board, at=at)
    joining.end_worker(worker=worker, by=board, at=at)
    assert ask(alice) == before


def test_an_office_that_ends_leaves_a_member(inside, bob, at):
    held = Office.objects.get(person=bob, office="board", until=None)
    joining.end_office(office=held, by=Principal.job(inside.pk, "enactment"), at=at)
    assert ask(bob).roles == {"member", "class:worker"} and ask(bob).membership_id


def test_a_calendar_address_that_ends_leaves_the_calendar_and_the_other_address(inside, alice, bob, charlie, wheels, at):
    own = ask(alice).membership_id
    room = Resource.objects.create(membership_id=own, name="Studio", time_zone="UTC", is_always_open=True)
    with outside():
        hers, feeds = browser(alice), f"{ROOT}/calendar/resources/{room.pk}/feeds"
        hers.post(feeds, {}, content_type="application/json")
        ended, kept = hers.post(feeds, {}, content_type="application/json").json()
        assert browser(charlie).delete(f"{ROOT}/calendar/feeds/{ended['id']}").status_code in (403, 404)
        for _time in range(2):
            assert hers.delete(f"{ROOT}/calendar/feeds/{ended['id']}").status_code in (204, 404)
        assert Client().get(ended["url"]).status_code == 404 and Client().get(kept["url"]).status_code == 200
        assert hers.get(f"{ROOT}/calendar/resources/{room.pk}").status_code == 200
        assert [one["id"] for one in hers.get(feeds).json()["items"]] == [kept["id"]]


def test_a_visit_that_ends_leaves_what_the_visitor_is_besides(inside, bob, at):
    """Bob runs the server, and sits on the board of Sparkle."""
    bob.is_operator = True
    bob.save()
    now = clock.machine_time()
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=bob.pk, roles=frozenset({"operator"}))
    with outside():
        visit = audit.open_staff_session(
            coop_id=inside.pk,
            name="Bob",
            reason="Looking into a refund.",
            until=now + timedelta(hours=1),
            by=by,
            at=at,
            real_time=now,
        )
    audit.end_staff_session(session=visit, by=ask(bob), at=at, real_time=now)
    assert ask(bob).roles == {"member", "class:worker", "board"}
    with outside():
        assert browser(bob).get(f"{ROOT}/trail").status_code == 200


def test_whoever_leaves_a_conversation_shuts_nobody_else_out(inside, alice, bob, board, worker, at):
    sides = [
        Side(side="a", name="Alice", membership_id=worker.membership_id),
        Side(side="b", name="Bob", membership_id=board.membership_id),
    ]
    thread = messaging.open_thread(subject="test:1", title="Keys", sides=sides, by=board, at=at)
    messaging.say(thread=threads.thread(thread.pk, by=worker), text="They are at the bakery.", by=worker, at=at)
    gone = next(one for one in threads.sides(threads.thread(thread.pk, by=board)) if one.side == "b")
    messaging.leave(thread=thread, side=gone, by=board, at=at)
    with outside():
        assert browser(bob).get(f"{ROOT}/messages/{thread.pk}").status_code == 404
        assert browser(alice).get(f"{ROOT}/messages/{thread.pk}").json()["items"][0]["mine"]
