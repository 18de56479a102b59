"""A meeting from its first word to its minutes, by the pages alone and by the API alone."""

import json
from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.meetings.conftest import DAY, HOUR, invitation
from toadlane.democracy.meetings import queries
from toadlane.plumbing.clock import queries as clock

ROOT, API = "/c/sparkle/meetings", "/api/v1/coops/sparkle/meetings"


@pytest.fixture
def time(monkeypatch, at):
    """Set the time that pages and jobs are told."""
    told = {"at": at}
    monkeypatch.setattr(clock, "now", lambda tenant: told["at"])
    return told


def post(client, url, **data):
    return client.post(url, data)


def test_a_meeting_by_the_pages_alone(people, time, at):  # noqa: PLR0915
    bob, alice, dana, emil, fatou, gus = (browser(people[n]) for n in ("Bob", "Alice", "Dana", "Emil", "Fatou", "Gus"))
    starts = at + 20 * DAY
    form = {"office": "", "title": "Spring meeting", "starts_at": starts.strftime("%Y-%m-%dT%H:%M"), "place": "The boathouse"}
    assert post(bob, f"{ROOT}/new/", **form).headers["Location"] == f"{ROOT}/1/"
    assert dana.get(f"{ROOT}/1/").status_code == 404, "nobody hears of a draft"
    assert post(bob, f"{ROOT}/1/", deed="add_item", title="", kind="free").status_code == 422
    post(bob, f"{ROOT}/1/", deed="add_item", title="The year", kind="report")
    post(bob, f"{ROOT}/1/", deed="add_item", title="The vans", kind="free")
    second = queries.items(queries.find(1))[1]
    post(bob, f"{ROOT}/1/", deed=f"up:{second.pk}")
    assert "earliest day is" in bob.get(f"{ROOT}/1/").content.decode()
    post(bob, f"{ROOT}/1/", deed="call")
    run_jobs()
    page = dana.get(f"{ROOT}/1/").content.decode()
    assert "1. The vans" in page and "10 at their desks" in page and "4 of 10" in page
    assert "Spring meeting" in dana.get("/c/sparkle/members/desk/").content.decode()
    assert dana.get(f"{ROOT}/1/meeting.ics")["Content-Type"].startswith("text/calendar")
    assert "Hana" in bob.get(f"{ROOT}/1/told/").content.decode() and dana.get(f"{ROOT}/1/told/").status_code == 403

    hana = browser(people["Hana"])
    assert post(hana, f"{ROOT}/1/", deed="give_proxy", holder="Nobody", text="x").status_code == 422
    post(hana, f"{ROOT}/1/", deed="give_proxy", holder="dana", text="Speak for me.")
    assert "Dana acts for Hana." in dana.get(f"{ROOT}/1/").content.decode()

    time["at"] = starts - HOUR
    room = f"{ROOT}/1/room/"
    for who, task in (("Bob", "chair"), ("Alice", "minutes"), ("Dana", "teller"), ("Emil", "teller"), ("Fatou", "signer"),
                      ("Gus", "signer"), ("Alice", "door")):  # fmt: skip
        post(bob, room, deed="helper", who=who, task=task)
    for client in (bob, alice):
        post(client, room, deed="check_in", mode="room")
    post(dana, room, deed="check_in", mode="remote")
    meeting = queries.find(1)
    assert "Emil is here" in alice.get(f"{ROOT}/1/door/?q=emil").content.decode()
    post(alice, f"{ROOT}/1/door/", deed=f"room:{invitation(meeting, people['Emil']).pk}")
    assert dana.get(f"{ROOT}/1/door/").status_code == 403
    page = bob.get(room).content.decode()
    assert "5 of 10 are here" in page and "by proxy 1" in page and "disabled" in page
    time["at"] = starts
    post(bob, room, deed="open")
    first = queries.items(meeting)[0]
    post(bob, room, deed=f"open_item:{first.pk}")
    post(dana, room, deed="raise")
    post(bob, room, deed="next")
    assert "Has the floor" in emil.get(room).content.decode()
    post(dana, room, deed="done")
    assert post(bob, room, deed=f"motion:{first.pk}", text="").status_code == 422
    post(bob, room, deed=f"motion:{first.pk}", text="We go on until ten.")
    motion = queries.motions(meeting)[0]
    refused = post(bob, room, deed=f"close_item:{first.pk}", notes="Two are old, says Emil.", conclusion="")
    said = refused.content.decode()
    assert refused.status_code == 422 and "A count is under way" in said and "Two are old, says Emil." in said
    for client in (dana, emil):
        post(client, room, deed=f"count:{motion.pk}", votes_for=4, votes_against=1, abstained=0)
    assert "4 for, 1 against" in bob.get(room).content.decode()
    post(emil, room, deed="remark", kind="objection", text="Too late for me.")
    post(bob, room, deed=f"close_item:{first.pk}", notes="Two are old.", conclusion="The board asks for offers.")
    live = bob.get(room, headers={"HX-Request": "true"}).content.decode()
    assert live.lstrip().startswith('<div class="stack stack-l" id="live"') and "Between two items" in live
    assert "Take it up again" in bob.get(room).content.decode()
    post(bob, room, deed="close")
    assert "Closed." in dana.get(f"{ROOT}/1/").content.decode()
    run_jobs()

    minutes = f"{ROOT}/1/minutes/"
    assert "They are being written" in dana.get(minutes).content.decode()
    post(
        alice,
        minutes,
        deed="revise",
        opening="Bob greets.",
        **{f"notes-{first.pk}": "Three are old.", f"conclusion-{first.pk}": "Offers."},
    )
    post(alice, minutes, deed="circulate")
    assert post(dana, minutes, deed="correct", text="").status_code == 422
    post(dana, minutes, deed="correct", text="Two are old.")
    correction = queries.corrections(queries.minutes_of(meeting)).get()
    post(alice, minutes, deed=f"accept:{correction.pk}", answer="")
    early = bob.get(minutes).content.decode()
    assert "That is how it was" not in early and "members can still have something recorded." in early
    time["at"] = starts + 3 * DAY
    for client in (bob, fatou, gus):
        assert "That is how it was" in client.get(minutes).content.decode()
        post(client, minutes, deed="approve")
    run_jobs()
    page = hana.get(minutes).content.decode()
    assert "Three are old." in page and "Emil objects: Too late for me." in page and "by proxy, Dana" in page
    assert hana.get(f"{ROOT}/1/minutes.pdf").content.startswith(b"%PDF-")
    assert hana.get(f"{ROOT}/1/minutes.sig.json").json()["number"] == 1
    assert "Spring meeting" in hana.get(f"{ROOT}/book/").content.decode()


def test_asking_for_a_meeting_by_the_pages(people, time, at):
    dana, bob = browser(people["Dana"]), browser(people["Bob"])
    assert post(dana, f"{ROOT}/ask/", title="Fee", text="").status_code == 422
    assert "When 1 of 10 members ask" in dana.get(f"{ROOT}/ask/").content.decode()
    where = post(dana, f"{ROOT}/ask/", title="The fee", text="It went up.").headers["Location"]
    assert "The board owes a date" in dana.get(where).content.decode()
    assert "Members asked for a meeting: The fee" in bob.get("/c/sparkle/members/desk/").content.decode()
    pk = where.rstrip("/").rsplit("/", 1)[-1]
    assert "Call the meeting" not in dana.get(where).content.decode()
    time["at"] = at + 14 * DAY
    assert "Call the meeting" in dana.get(where).content.decode()
    assert dana.get(f"{ROOT}/new/?demand={pk}").status_code == 200


def test_a_date_that_cannot_be_is_said_beside_its_field(people, time, at):
    bob = browser(people["Bob"])
    form = {"office": "", "title": "Past", "starts_at": "2027-01-01T10:00", "place": "Here"}
    page = post(bob, f"{ROOT}/new/", **form)
    assert (
        page.status_code == 422 and "That is past." in page.content.decode() and 'href="#id_starts_at"' in page.content.decode()
    )


def test_a_stranger_sees_no_meeting(called, charlie, client):
    other = browser(charlie)
    for url in ("", "new/", "ask/", "book/", f"{called.number}/", f"{called.number}/room/", f"{called.number}/minutes/"):
        assert other.get(f"{ROOT}/{url}").status_code == 404, url
        assert client.get(f"{ROOT}/{url}").status_code in (302, 404), url
    assert other.get(f"{API}/{called.number}").status_code == 404 and client.get(API).status_code == 401


def send(client, method, path, data=None):
    answer = client.generic(method, f"{API}{path}", json.dumps(data or {}), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_a_meeting_by_the_api_alone(people, time, at):  # noqa: PLR0915
    bob, alice, dana, emil, fatou, gus = (browser(people[n]) for n in ("Bob", "Alice", "Dana", "Emil", "Fatou", "Gus"))
    starts = (at + 20 * DAY).isoformat()
    code, made = send(bob, "POST", "", {"title": "Spring", "starts_at": (at + DAY).isoformat(), "place": "Here"})
    assert code == 201 and made["window"]["earliest"] == "2027-03-16"
    assert send(bob, "POST", "/1/call")[1]["code"] == "not_then"
    assert send(bob, "PUT", "/1", {"title": "Spring", "starts_at": starts, "place": "Here"})[0] == 200
    code, item = send(bob, "POST", "/1/items", {"title": "The vans"})
    assert send(bob, "POST", "/1/items", {"title": "Tea"})[0] == 201
    assert send(bob, "POST", f"/1/items/{item['id']}/up")[0] == 200
    code, extra = send(bob, "POST", "/1/items", {"title": "Gone"})
    assert send(bob, "DELETE", f"/1/items/{extra['id']}") == (204, None)
    assert send(bob, "POST", "/1/call")[1]["state"] == "called"
    run_jobs()
    assert send(dana, "GET", "/1")[1]["told"] == {"people": 10, "written": 10, "unreachable": 0, "failed": 0, "read": 0}
    code, asked = send(dana, "POST", "/demands", {"title": "Pay", "text": "Low.", "meeting": 1})
    assert code == 201 and asked["reached_at"] and send(emil, "POST", f"/demands/{asked['id']}/support")[0] == 409
    rows = {row["name"]: row["id"] for row in send(bob, "GET", "/1/roll")[1]["items"]}
    assert send(dana, "GET", "/1/roll")[0] == 403 and send(dana, "GET", "/1/mine")[1][0]["name"] == "Dana"
    for who, task in (("Bob", "chair"), ("Alice", "minutes"), ("Dana", "teller"), ("Emil", "teller"), ("Fatou", "signer"),
                      ("Gus", "signer")):  # fmt: skip
        assert send(bob, "POST", "/1/helpers", {"invitation": rows[who], "task": task})[0] == 201
    hana = browser(people["Hana"])
    code, proxy = send(hana, "POST", "/1/proxies", {"giver": rows["Hana"], "holder": rows["Dana"], "text": "For me."})
    assert code == 201
    assert send(hana, "DELETE", f"/1/proxies/{proxy['id']}")[0] == 200
    time["at"] = at + 20 * DAY
    for client in (bob, alice, dana):
        assert send(client, "POST", "/1/check-in", {})[0] == 200
    assert send(bob, "POST", "/1/open")[1]["code"] == "no_quorum"
    assert send(bob, "POST", "/1/let-in", {"invitation": rows["Emil"], "person": people["Emil"].pk})[0] == 200
    assert send(bob, "POST", "/1/let-in", {"invitation": rows["Emil"], "person": people["Gus"].pk})[0] == 404
    assert send(dana, "GET", "/1/quorum")[1]["is_met"] is True
    assert send(bob, "POST", "/1/open")[1]["opened_with"]["present"] == 4
    assert send(bob, "POST", "/1/floor", {"matter": "recall"})[1]["code"] == "agenda_closed"
    assert send(bob, "POST", f"/1/items/{item['id']}/open")[1]["state"] == "open"
    assert send(dana, "POST", "/1/hand")[1]["queue"][0]["name"] == "Dana"
    assert send(emil, "POST", "/1/hand")[0] == 200 and send(emil, "DELETE", "/1/hand")[0] == 200
    assert send(bob, "POST", "/1/speakers/next")[1]["speaking"]["name"] == "Dana"
    assert send(dana, "POST", "/1/speakers/done")[1]["speaking"] is None
    code, motion = send(bob, "POST", f"/1/items/{item['id']}/motions", {"text": "Go on."})
    count = {"votes_for": 3, "votes_against": 1, "abstained": 0}
    for client in (dana, emil):
        code, motion = send(client, "POST", f"/1/motions/{motion['id']}/count", count)
    assert motion["is_carried"] and send(bob, "GET", "/1/motions")[1]["items"][0]["votes_for"] == 3
    assert send(emil, "POST", "/1/remarks", {"kind": "objection", "text": "No.", "item": item["id"]})[0] == 201
    assert send(bob, "POST", f"/1/items/{item['id']}/notes", {"notes": "Long talk."})[0] == 200
    assert send(bob, "POST", f"/1/items/{item['id']}/close", {"conclusion": "Offers."})[1]["state"] == "closed"
    assert send(emil, "POST", "/1/leave", {"invitation": rows["Emil"]})[1]["present"] == 3
    assert send(bob, "POST", "/1/close")[1]["state"] == "closed"
    run_jobs()
    assert send(dana, "GET", "/1/minutes")[0] == 403 and send(alice, "GET", "/1/minutes")[1]["state"] == "draft"
    assert send(alice, "PUT", "/1/minutes", {"opening": "Hello."})[1]["revision"] == 2
    assert send(alice, "POST", "/1/minutes/circulate")[1]["state"] == "circulated"
    code, correction = send(dana, "POST", "/1/minutes/corrections", {"text": "No, five."})
    assert send(alice, "POST", f"/1/minutes/corrections/{correction['id']}", {"accept": True})[0] == 200
    time["at"] += timedelta(days=3)
    for client in (bob, fatou, gus):
        code, told = send(client, "POST", "/1/minutes/approve")
    assert told["state"] == "approved" and told["missing"] == []
    run_jobs()
    assert send(dana, "GET", "/1/minutes/signature")[1]["minutes"] == told["hash"]
    assert send(dana, "GET", "/book")[1]["items"][0]["hash"] == told["hash"]
    assert send(dana, "GET", "")[1]["items"][0]["state"] == "closed"
