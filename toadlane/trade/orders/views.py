from django.http import Http404, HttpResponse

from toadlane.plumbing.access.requests import CoopRequest


def detail(request: CoopRequest, pk: int) -> HttpResponse:
    raise Http404


def guest(request: CoopRequest, token: str) -> HttpResponse:
    raise Http404
