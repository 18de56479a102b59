from typing import Any

from django.http import Http404

from toadlane.democracy.ballots import queries, schemas
from toadlane.democracy.ballots.api.common import ballot_of, router
from toadlane.democracy.ballots.permissions import CALL, LIST, ROLL
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.queries import exports, logs, pages, results
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest


def told(ballot: Any) -> dict[str, Any]:
    return {
        "number": ballot.number, "name": ballot.name, "proposal": ballot.proposal.number, "round": ballot.round,
        "question": ballot.question, "state": ballot.state, "method": ballot.method, "secrecy": ballot.secrecy,
        "replaceable": ballot.is_replaceable, "opens_at": ballot.opens_at, "closes_at": ballot.closes_at,
        "roll_size": ballot.roll_size, "hash": ballot.hash, "outcome": (ballot.result or {}).get("outcome", ""),
    }  # fmt: skip


def options(ballot: Any) -> list[dict[str, str]]:
    notes = results.option_notes(ballot)
    return [{"id": key, "label": label, "text": notes.get(key, "")} for key, label in results.option_labels(ballot).items()]


def whole(ballot: Any, request: CoopRequest) -> dict[str, Any]:
    shown = pages.shown(ballot, request.by, at=request.now)
    shape = papers.shape(ballot.method)
    return told(ballot) | {
        "options": options(ballot), "params": ballot.params, "voted": shown.voted, "lines": shown.lines,
        "quorums": [{"of": of, "counted": n, "needed": needed, "reached": reached} for of, n, needed, reached in shown.quorums],
        "groups": [{"name": one.name, "members": one.members, "voted": one.voted} for one in shown.groups],
        "absent": [{"name": one.name, "members": one.members, "why": one.why} for one in shown.absent],
        "mine": [
            {"place": one.entry.place, "name": one.name, "has_voted": one.has_voted, "may_cast": one.may_cast,
            "is_proxy": one.is_proxy, "door": {"words": one.door.words, "url": one.door.url} if one.door else None,
             "choice": papers.read(one.choice, ballot.options, shape) if one.choice else None}
            for one in shown.mine
        ],
        "elected": (ballot.result or {}).get("elected", []),
        "hides_little": shown.hides_little,
    }  # fmt: skip


@router.get("", auth=None, response=schemas.BallotsOut, summary="All ballots, the latest first")
def ballots(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    if not request.by.may(LIST):
        raise Http404
    found = page(queries.readable(request.by), cursor=cursor, limit=limit, order=("-number",))
    return {"items": [told(one) for one in found.items], "next": found.next}


@router.get("/{number}", auth=None, response=schemas.BallotDetailOut, summary="One ballot, as it stands, and my votes in it")
def ballot(request: CoopRequest, number: int) -> Any:
    return whole(ballot_of(request, number), request)


@router.get("/{number}/frozen", auth=None, response=dict[str, Any], summary="What was frozen when it opened, as it is hashed")
def frozen(request: CoopRequest, number: int) -> Any:
    return ballot_of(request, number).frozen


@router.get("/{number}/roll", response=schemas.RollOut, summary="The roll: members by their number in the register")
def roll(request: CoopRequest, number: int, cursor: str | None = None, limit: int = 100) -> Any:
    found = ballot_of(request, number)
    request.by.must(ROLL, found)
    rows = page(pages.roll_of_ballot(found), cursor=cursor, limit=limit, order=("place",))
    fields = ("place", "number", "seat", "member_class", "college", "weight")
    return {"items": [{field: getattr(one, field) for field in fields} for one in rows.items], "next": rows.next}


@router.get("/{number}/silent", response=schemas.SilentOut, summary="Who has not voted yet, for those who can call them")
def silent(request: CoopRequest, number: int) -> Any:
    found = ballot_of(request, number)
    request.by.must(CALL, found)
    names, count = pages.silent(found)
    return {"names": names, "count": count}


def _closed(request: CoopRequest, number: int) -> Any:
    found = ballot_of(request, number)
    if found.state != "closed":
        raise Http404
    return found


@router.get("/{number}/result", auth=None, response=schemas.ResultOut, summary="The signed result")
def result(request: CoopRequest, number: int) -> Any:
    found = ballot_of(request, number)
    if not found.is_over:
        raise Http404
    return exports.result(found)


@router.get("/{number}/rounds", auth=None, response=dict[str, Any], summary="The log of the count, round by round")
def rounds(request: CoopRequest, number: int) -> Any:
    log = logs.log_of(_closed(request, number))
    if log is None:
        raise Http404
    return log


@router.get("/{number}/board", auth=None, response=dict[str, Any], summary="The board: a line for each vote, and the root")
def board(request: CoopRequest, number: int) -> Any:
    return exports.board(_closed(request, number), request.by)


@router.get("/{number}/board/{code}", auth=None, response=schemas.LineOut, summary="Where a stub stands on the board")
def line(request: CoopRequest, number: int, code: str) -> Any:
    found = exports.line_of(_closed(request, number), code[:70], request.by)
    if found is None:
        raise Http404
    return {"place": found.place, "digest": found.digest}


@router.get("/{number}/papers", auth=None, response=schemas.PapersOut, summary="The papers, equal ones together")
def papers_of(request: CoopRequest, number: int) -> Any:
    found = _closed(request, number)
    if queries.is_talked(found):
        raise Http404
    shape = papers.shape(found.method)
    rows = [
        {
            "choice": papers.read(one.choice, found.options, shape),
            "college": one.college,
            "weight": one.weight,
            "count": one.count,
        }
        for one in queries.counted(found)
    ]
    return {"options": options(found), "papers": rows}
