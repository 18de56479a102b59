from django.http import Http404, HttpResponse

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.permissions import READ
from toadlane.plumbing.access.requests import CoopRequest


def detail(request: CoopRequest, number: int) -> HttpResponse:
    found = queries.find(number)
    if found is None or not request.by.may(READ, found):
        raise Http404
    return HttpResponse(found.question, content_type="text/plain")
