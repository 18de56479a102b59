"""Meetings while they last: who is there, who speaks, what is counted."""

from typing import Any

from django.http import Http404

from toadlane.democracy.meetings import permissions, queries, schemas, services
from toadlane.democracy.meetings.api.shapes import helper_out, item_of, item_out, readable, router, whole
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest


def _row(request: CoopRequest, meeting: Any, pk: int) -> Any:
    found = queries.invitations(meeting).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _invited(one: Any) -> dict[str, Any]:
    now = queries.is_there(one)
    return {
        "id": one.pk, "name": queries.name_of(one), "number": one.membership.number if one.membership else None,
        "member_class": one.member_class, "is_there": now is not None, "mode": now.mode if now else "",
    }  # fmt: skip


def _presence(one: Any) -> dict[str, Any]:
    return {"invitation": one.invitation_id, "person": one.person.name, "deed": one.deed, "mode": one.mode, "at": one.at}


def _hand(one: Any) -> dict[str, Any]:
    return {"person": one.person_id, "name": one.person.name, "raised_at": one.raised_at, "called_at": one.called_at}


def _speakers(meeting: Any) -> dict[str, Any]:
    speaking = queries.speaking(meeting)
    return {"speaking": _hand(speaking) if speaking else None, "queue": [_hand(one) for one in queries.queue(meeting)]}


def _proxy(one: Any) -> dict[str, Any]:
    names = {"giver": queries.name_of(one.giver), "holder": queries.name_of(one.holder)}
    return {"id": one.pk, "given_at": one.given_at, "revoked_at": one.revoked_at, **names}


def _motion(one: Any) -> dict[str, Any]:
    return {"id": one.pk} | {name: getattr(one, name) for name in schemas.MotionOut.model_fields if name != "id"}


@router.get("/{number}/roll", response={200: schemas.RollOut}, summary="Whom it is for, and who is there")
def meeting_roll(request: CoopRequest, number: int, q: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    one = readable(request, number)
    request.by.must(permissions.DOOR, one)
    found = page(queries.looked_up(one, q.strip()[:80]), cursor=cursor, limit=limit, order=("pk",))
    return {"items": [_invited(row) for row in found.items], "next": found.next}


@router.get("/{number}/mine", response={200: list[schemas.InvitationOut]}, summary="For whom I may come")
@bounded("one for each membership that you may come for")
def mine(request: CoopRequest, number: int) -> Any:
    return [_invited(row) for row in queries.mine(request.by, readable(request, number))]


@router.get("/{number}/quorum", response={200: schemas.QuorumOut}, summary="Who is there, and whether it is enough")
def quorum(request: CoopRequest, number: int) -> Any:
    return queries.quorum(readable(request, number), at=request.now)


@router.post("/{number}/check-in", response={200: schemas.PresenceOut}, summary="Come to a meeting")
def check_in(request: CoopRequest, number: int, data: schemas.CheckInIn) -> Any:
    one = readable(request, number)
    own = [row for row in queries.mine(request.by, one) if data.invitation in (None, row.pk)]
    if not own:
        raise Http404
    return _presence(services.check_in(meeting=one, invitation=own[0], mode=data.mode, by=request.by, at=request.now))


@router.post("/{number}/let-in", response={200: schemas.PresenceOut}, summary="Write down at the door who comes")
def let_in(request: CoopRequest, number: int, data: schemas.DoorIn) -> Any:
    one = readable(request, number)
    row = _row(request, one, data.invitation)
    person = next((found for found in queries.persons_of(row) if found.pk == data.person), None)
    if person is None:
        raise Http404
    came = services.let_in(meeting=one, invitation=row, person=person, mode=data.mode, by=request.by, at=request.now)
    return _presence(came)


@router.post("/{number}/leave", response={200: schemas.QuorumOut}, summary="Go")
def leave(request: CoopRequest, number: int, data: schemas.LeaveIn) -> Any:
    one = readable(request, number)
    services.leave(meeting=one, invitation=_row(request, one, data.invitation), by=request.by, at=request.now)
    return queries.quorum(one, at=request.now)


@router.post("/{number}/proxies", response={201: schemas.ProxyOut}, summary="Let another member act for you")
def give_meeting_proxy(request: CoopRequest, number: int, data: schemas.ProxyIn) -> Any:
    one = readable(request, number)
    giver, holder = _row(request, one, data.giver), _row(request, one, data.holder)
    made = services.give_proxy(meeting=one, giver=giver, holder=holder, text=data.text, by=request.by, at=request.now)
    return 201, _proxy(made)


@router.delete("/{number}/proxies/{pk}", response={200: schemas.ProxyOut}, summary="Take a proxy back")
def revoke_proxy(request: CoopRequest, number: int, pk: int) -> Any:
    one = queries.proxies(readable(request, number)).filter(pk=pk).first() if 0 < pk < 2**62 else None
    if one is None:
        raise Http404
    return _proxy(services.revoke_proxy(proxy=one, by=request.by, at=request.now))


@router.post("/{number}/helpers", response={201: schemas.HelperOut}, summary="Ask somebody to chair, write, count")
def name_helper(request: CoopRequest, number: int, data: schemas.HelperIn) -> Any:
    one = readable(request, number)
    persons = queries.persons_of(_row(request, one, data.invitation))
    person = next((found for found in persons if data.person in (None, found.pk)), None)
    if person is None:
        raise Http404
    return 201, helper_out(services.name_helper(meeting=one, person=person, task=data.task, by=request.by, at=request.now))


@router.delete("/{number}/helpers/{pk}", response={204: None}, summary="End somebody's task")
def end_task(request: CoopRequest, number: int, pk: int) -> Any:
    one = queries.helpers(readable(request, number)).filter(pk=pk).first() if 0 < pk < 2**62 else None
    if one is None:
        raise Http404
    services.end_task(helper=one, by=request.by, at=request.now)
    return 204, None


@router.post("/{number}/open", response={200: schemas.WholeMeeting}, summary="Open a meeting")
def open_meeting(request: CoopRequest, number: int) -> Any:
    return whole(request, services.open_meeting(meeting=readable(request, number), by=request.by, at=request.now))


@router.post("/{number}/close", response={200: schemas.WholeMeeting}, summary="Close a meeting")
def close_meeting(request: CoopRequest, number: int) -> Any:
    return whole(request, services.close_meeting(meeting=readable(request, number), by=request.by, at=request.now))


@router.post("/{number}/floor", response={201: schemas.ItemOut}, summary="Take up what is not on the agenda")
def floor(request: CoopRequest, number: int, data: schemas.FloorIn) -> Any:
    one = readable(request, number)
    return 201, item_out(services.take_up(meeting=one, **data.dict(), by=request.by, at=request.now))


@router.post("/{number}/items/{pk}/open", response={200: schemas.ItemOut}, summary="Take up an item")
def open_item(request: CoopRequest, number: int, pk: int) -> Any:
    return item_out(services.open_item(item=item_of(readable(request, number), pk), by=request.by, at=request.now))


@router.post("/{number}/items/{pk}/notes", response={200: schemas.ItemOut}, summary="Write down what is said")
def write_notes(request: CoopRequest, number: int, pk: int, data: schemas.NotesIn) -> Any:
    one = item_of(readable(request, number), pk)
    return item_out(services.write_notes(item=one, **data.dict(), by=request.by, at=request.now))


@router.post("/{number}/items/{pk}/close", response={200: schemas.ItemOut}, summary="Close an item")
def close_item(request: CoopRequest, number: int, pk: int, data: schemas.ConclusionIn) -> Any:
    one = item_of(readable(request, number), pk)
    return item_out(services.close_item(item=one, conclusion=data.conclusion, by=request.by, at=request.now))


@router.get("/{number}/speakers", response={200: schemas.SpeakersOut}, summary="Who speaks, and who is next")
def speakers(request: CoopRequest, number: int) -> Any:
    return _speakers(readable(request, number))


@router.post("/{number}/hand", response={200: schemas.SpeakersOut}, summary="Ask to speak")
def raise_hand(request: CoopRequest, number: int) -> Any:
    one = readable(request, number)
    services.raise_hand(meeting=one, by=request.by, at=request.now)
    return _speakers(one)


@router.delete("/{number}/hand", response={200: schemas.SpeakersOut}, summary="Take one's hand down")
def lower_hand(request: CoopRequest, number: int) -> Any:
    one = readable(request, number)
    services.lower_hand(meeting=one, by=request.by, at=request.now)
    return _speakers(one)


@router.post("/{number}/speakers/next", response={200: schemas.SpeakersOut}, summary="Give the floor to the next")
def next_speaker(request: CoopRequest, number: int) -> Any:
    one = readable(request, number)
    services.next_speaker(meeting=one, by=request.by, at=request.now)
    return _speakers(one)


@router.post("/{number}/speakers/done", response={200: schemas.SpeakersOut}, summary="Somebody has finished")
def end_speech(request: CoopRequest, number: int) -> Any:
    one = readable(request, number)
    services.end_speech(meeting=one, by=request.by, at=request.now)
    return _speakers(one)


@router.get("/{number}/motions", response={200: list[schemas.MotionOut]}, summary="What the room decided on")
@paged("pk", tell=each(_motion))
def motions(request: CoopRequest, number: int) -> Any:
    return queries.motions(readable(request, number))


@router.post("/{number}/items/{pk}/motions", response={201: schemas.MotionOut}, summary="Put something to the room")
def put_motion(request: CoopRequest, number: int, pk: int, data: schemas.MotionIn) -> Any:
    one = item_of(readable(request, number), pk)
    return 201, _motion(services.put_motion(item=one, text=data.text, by=request.by, at=request.now))


@router.post("/{number}/motions/{pk}/count", response={200: schemas.MotionOut}, summary="Say what one counted")
def count(request: CoopRequest, number: int, pk: int, data: schemas.CountIn) -> Any:
    one = queries.motions(readable(request, number)).filter(pk=pk).first() if 0 < pk < 2**62 else None
    if one is None:
        raise Http404
    return _motion(services.count_hands(motion=one, **data.dict(), by=request.by, at=request.now))


@router.post("/{number}/remarks", response={201: schemas.RemarkOut}, summary="Have something recorded")
def remark(request: CoopRequest, number: int, data: schemas.RemarkIn) -> Any:
    one = readable(request, number)
    item = item_of(one, data.item) if data.item else None
    made = services.remark(meeting=one, kind=data.kind, text=data.text, item=item, by=request.by, at=request.now)
    return 201, {"kind": made.kind, "name": made.person.name, "text": made.text, "at": made.at}


def _vote(request: CoopRequest, item: Any) -> dict[str, Any]:
    found = queries.voting(item, at=request.now)
    if found is None:
        raise Http404
    return {
        "ballot": found.ballot.number, "question": found.ballot.question, "closes_at": found.ballot.closes_at,
        "is_open": found.is_open, "voted": found.voted, "size": found.size, "outcome": found.outcome,
        "decision": found.decision, "lines": list(found.lines), "figures": found.figures,
    }  # fmt: skip


@router.get("/{number}/items/{pk}/vote", response={200: schemas.VoteOut}, summary="How far the vote is")
def vote(request: CoopRequest, number: int, pk: int) -> Any:
    return _vote(request, item_of(readable(request, number), pk))


@router.post("/{number}/items/{pk}/vote", response={201: schemas.VoteOut}, summary="Open the vote on an item")
def open_vote(request: CoopRequest, number: int, pk: int, data: schemas.VoteIn) -> Any:
    meeting = readable(request, number)
    services.open_vote(item=item_of(meeting, pk), minutes=data.minutes, by=request.by, at=request.now)
    return 201, _vote(request, item_of(meeting, pk))


@router.get("/{number}/items/{pk}/hands", response={200: list[schemas.HereOut]}, summary="Who has not voted")
@paged("entry__place", tell=each(lambda one: {"place": one.entry.place, "name": one.name, "mode": one.mode}))
def hands(request: CoopRequest, number: int, pk: int) -> Any:
    """Of those in the room, or there by proxy: for the tellers."""
    meeting = readable(request, number)
    request.by.must(permissions.COUNT, meeting)
    ballot = queries.ballot_of(item_of(meeting, pk))
    if ballot is None:
        raise Http404
    return queries.not_yet_voted(meeting, ballot)


@router.post("/{number}/items/{pk}/hands", response={200: schemas.HandsOut}, summary="Enter hands and papers")
def hand_in(request: CoopRequest, number: int, pk: int, data: schemas.HandsIn) -> Any:
    item = item_of(readable(request, number), pk)
    batch = services.hand_in(item=item, places=data.places, choices=data.choices, by=request.by, at=request.now)
    return {"state": batch.state, "count": batch.count}
