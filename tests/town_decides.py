"""Things to decide in a co-op of the town: a ballot in each way of choosing, a pause, an appeal, draws. Made by the services.

`TOADLANE_DATA=... python -m tests.town_decides SLUG` prints the pages they are on, and the login of somebody who is a guardian
and on the appeals committee.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any

DAY = timedelta(days=1)
NAMES = ["Repair the roof of the boathouse", "A cargo bike", "Paint", "A day by the sea for everybody who worked through August"]


def choice(method: str) -> dict[str, Any]:
    """Return a decision of kind `choose` that is counted in a way."""
    rows: list[dict[str, Any]] = [{"id": str(n), "name": name} for n, name in enumerate(NAMES, 1)]
    payload: dict[str, Any] = {"text": "What comes first this year.", "options": rows, "method": method}
    if method in ("knapsack", "equal-shares"):
        payload |= {"options": [row | {"cost": 40_000 * n} for n, row in enumerate(rows, 1)], "budget": 250_000}
    elif method == "stv":
        payload["seats"] = 2
    return {"kind": "choose", "payload": payload}


def build(slug: str) -> dict[str, list[str]]:
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.outbox.worker import drain
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops

    coop = coops.at_slug(slug)
    assert coop
    root = f"/c/{slug}"
    with scope(coop.pk):
        at = clock.now(coop.tenant)
        ballots = _ballots(coop.pk, at)
        drain(coop_id=coop.pk)
        _close(ballots[len(ballots) // 2 :], coop.pk)
        sits = _serve(coop.pk, at)
        appealed = _appeal(coop.pk, at)
        draws = _draws(coop.pk, at)
        drain(coop_id=coop.pk)
        votes = [f"{root}/ballots/{one.number}/" for one in ballots]
        return {
            "login": [sits.email],
            "votes": [*votes, *(f"{page}rounds/" for page in votes[len(votes) // 2 :])],
            "proposals": [f"{root}/proposals/{one.proposal.number}/" for one in ballots[:2]],
            "stopping": [f"{root}/guardians/", f"{root}/decisions/{appealed[0]}/",
                         f"{root}/decisions/{appealed[0]}/appeals/{appealed[1]}/"],
            "draws": [f"{root}/circles/panel/", f"{root}/circles/jury/draw/", f"{root}/circles/draws/",
                      *(f"{root}/circles/draws/{number}/" for number in draws)],
        }  # fmt: skip


def _voters() -> list[Any]:
    from toadlane.society.members import queries as members

    return [one for one in members.register() if one.is_member and one.person_id and one.number]


def _ballots(coop_id: int, at: datetime) -> list[Any]:
    """Open a ballot in each way of choosing, the first half to be voted on, the second half voted on by some."""
    from tests.democracy.ballots.conftest import as_member, propose
    from toadlane.democracy.ballots import queries, services
    from toadlane.democracy.ballots.policies import papers
    from toadlane.democracy.proposals.handlers.decisions import WAYS
    from toadlane.plumbing.access.principals import Principal

    marks = {"names": ["1", "2"], "ranking": ["2", "1", "3"], "numbers": {"1": 2, "2": 1}}
    voters, author = _voters(), _voters()[0]
    proposals = [propose(author, at, contents=[choice(way)], title=f"What comes first ({way})") for way in WAYS]
    _told(proposals, coop_id)
    found = [services.open_ballot(proposal=one, by=Principal.job(coop_id), at=at) for one in proposals]
    for ballot in found[len(found) // 2 :]:
        for voter in voters[:3]:
            by = as_member(voter)
            [entry, *_more] = queries.my_entries(ballot, by)
            services.cast(ballot=ballot, entry=entry, choice=marks[papers.shape(ballot.method)], by=by, at=at)
    return found


def _told(proposals: list[Any], coop_id: int) -> None:
    """See that everybody knows of the votes: without its notice none begins. The town's own worker may be who gives it."""
    from toadlane.democracy.proposals.queries.proposals import was_announced
    from toadlane.plumbing.outbox.worker import drain

    for _turn in range(100):
        drain(coop_id=coop_id)
        if all(map(was_announced, proposals)):
            return
        time.sleep(0.2)
    raise RuntimeError("not everybody was told of the votes")


def _close(ballots: list[Any], coop_id: int) -> None:
    from toadlane.democracy.ballots import services
    from toadlane.plumbing.access.principals import Principal

    for ballot in ballots:
        ballot.refresh_from_db()
        services.close(ballot=ballot, by=Principal.job(coop_id), at=ballot.closes_at)


def _serve(coop_id: int, at: datetime) -> Any:
    """Let two who are not on the board be guardians, and one of them on the appeals committee, and a pause be asked for."""
    from toadlane.democracy.proposals import services
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.society.members import queries
    from toadlane.society.members import services as members

    act = Principal.job(coop_id, "enactment")
    board = set(queries.officers().filter(office="board").values_list("person_id", flat=True))
    me, other = [one.person for one in _voters() if one.person_id not in board][:2]
    for person, office in ((me, "guardian"), (other, "guardian"), (me, "appeals")):
        members.appoint(person=person, office=office, decision="2026-1", by=act, at=at)
    by = queries.principal(person_id=other.pk, channel=Channel.WEB)
    services.ask_pause(action="payouts.batch", cause="payouts of today", reasons="An account nobody knows.", by=by, at=at)
    return me


def _appeal(coop_id: int, at: datetime) -> tuple[str, int]:
    """Have a recall pass, and whoever it is about appeal."""
    from tests.democracy.ballots.conftest import as_member, propose
    from toadlane.democracy.proposals import services
    from toadlane.plumbing.access.principals import Principal
    from toadlane.society.members import services as members

    job, act, voters = Principal.job(coop_id), Principal.job(coop_id, "enactment"), _voters()
    whom = voters[-1]
    members.appoint(person=whom.person, office="mediator", decision="2026-1", by=act, at=at)
    payload = {"office": "mediator", "person": whom.person_id, "reasons": "Was never there."}
    proposal = propose(voters[0], at, contents=[{"kind": "recall", "payload": payload}], title="Another mediator")
    _told([proposal], coop_id)
    proposal = services.voting_began(proposal=proposal, ballot="ballot-0", opens_at=at, closes_at=at + DAY, by=job, at=at)
    outcome = {"state": "passed", "figures": {"eligible": 9, "for": 7, "against": 2}}
    decision = services.decide(proposal=proposal, outcome=outcome, by=job, at=at)
    one = services.appeal(decision=decision, text="I was ill, and said so.", by=as_member(whom), at=at)
    return decision.name, one.pk


def _draws(coop_id: int, at: datetime) -> list[int]:
    """Found two circles whose seats the lot fills; of one a draw is announced by a public value, of the other one is drawn."""
    from toadlane.democracy.circles import services
    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.sealing import services as sealing

    act, job, board = Principal.job(coop_id, "enactment"), Principal.job(coop_id), Principal.job(coop_id, "board")
    for slug, name in (("panel", "Members' panel"), ("jury", "Jury of the garden prize"), ("audit", "Audit")):
        terms = {"slug": slug, "names": {"en": name}, "purpose": "Looks closely, and says what it found.", "scope": "",
                 "parent": "", "seats": {"": 2}, "term_months": 12, "review_on": None, "chosen": "lot"}  # fmt: skip
        services.found_circle(terms=terms, decision=f"2026-{slug}", by=act, at=at)
    source = "The numbers of the lottery of that day, from the smallest, with spaces between."
    first = services.announce_draw(office="panel", draws_at=at + 8 * DAY, source=source, by=board, at=at)
    before = at - 8 * DAY - timedelta(hours=2)
    second = services.announce_draw(office="audit", draws_at=at - timedelta(hours=2), by=board, at=before)
    sealing.seal(by=job, at=at)
    services.keep_draw(draw=second, by=job, at=at)
    return [first.number, second.number]


if __name__ == "__main__":
    from toadlane.config.cli.common import wake

    wake()
    print(json.dumps(build(*sys.argv[1:])))
