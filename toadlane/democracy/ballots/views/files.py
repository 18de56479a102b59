"""Files of a ballot: frozen text, roll, papers, board, rounds, signed result."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.permissions import ROLL, TELL
from toadlane.democracy.ballots.queries import exports, logs
from toadlane.democracy.ballots.views.common import ballot_of
from toadlane.plumbing.access.requests import CoopRequest

JSON, TEXT, CSV = "application/json", "text/plain; charset=utf-8", "text/csv; charset=utf-8"


def _file(ballot: Any, content: str | Iterator[str], ending: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    # Read at once: a stream would be read after the co-op's scope has been left.
    answer = HttpResponse(content if isinstance(content, str) else "".join(content), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{ballot.name}-{ending}"'
    return answer


def _closed(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    if ballot.state != "closed":
        raise Http404
    return ballot


@require_GET
def frozen(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    return HttpResponse(exports.frozen(ballot), content_type=JSON)


@require_GET
def result(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    if not ballot.is_over:
        raise Http404
    return _file(ballot, exports.as_json(exports.result(ballot)), "result.json", JSON)


@require_GET
def board(request: CoopRequest, number: int) -> Any:
    ballot = _closed(request, number)
    return _file(ballot, exports.as_json(exports.board(ballot, request.by)), "board.json", JSON)


@require_GET
def rounds(request: CoopRequest, number: int) -> Any:
    ballot = _closed(request, number)
    log = logs.log_of(ballot)
    if log is None:
        raise Http404
    return _file(ballot, exports.as_json(log), "rounds.json", JSON)


@require_GET
def roll(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    if not request.by.may(ROLL, ballot):
        raise Http404
    return _file(ballot, exports.roll(ballot), "roll.csv", CSV)


def _papers(request: CoopRequest, number: int) -> Any:
    ballot = _closed(request, number)
    if queries.is_talked(ballot):
        raise Http404
    return ballot


@require_GET
def blt(request: CoopRequest, number: int) -> Any:
    ballot = _papers(request, number)
    return _file(ballot, exports.as_blt(ballot), "papers.blt", TEXT)


@require_GET
def table(request: CoopRequest, number: int) -> Any:
    ballot = _papers(request, number)
    return _file(ballot, exports.as_csv(ballot), "papers.csv", CSV)


@require_GET
def voters(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    if not ballot.is_elsewhere or not request.by.may(TELL, ballot):
        raise Http404
    return _file(ballot, exports.voters(ballot), "voters.csv", CSV)
