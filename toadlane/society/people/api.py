from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Status

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.people import queries, services
from toadlane.society.people.models import ApiToken, Person
from toadlane.society.people.schemas import MeIn, MeOut, Problem, TokenIn, TokenMade, TokenOut

server = Router(tags=["people"])


def _me(person: Person) -> dict[str, object]:
    fields = ("name", "email", "phone", "language", "time_zone", "notices")
    about: dict[str, object] = {field: getattr(person, field) for field in fields}
    return about | {"id": person.pk, "coops": queries.homes_of(person.pk)}


@server.get("", response={200: MeOut, 401: Problem}, summary="Who I am, and my co-ops")
def me(request: CoopRequest) -> dict[str, object]:
    return _me(request.user)


@server.patch("", response={200: MeOut, 401: Problem, 403: Problem, 422: Problem}, summary="Change my preferences")
def change_me(request: CoopRequest, body: MeIn) -> dict[str, object]:
    person = request.user
    asked = body.dict(exclude_none=True)
    chosen = {field: asked.get(field, getattr(person, field)) for field in ("name", "language", "time_zone", "notices")}
    services.save_preferences(person=person, by=request.by, **chosen)
    return _me(person)


@server.get("/tokens", response={200: list[TokenOut], 401: Problem}, summary="My tokens, without their secrets")
def tokens(request: CoopRequest) -> list[ApiToken]:
    return list(queries.tokens_of(request.user.pk))


@server.post("/tokens", response={201: TokenMade, 401: Problem, 403: Problem, 404: Problem, 422: Problem}, summary="Make a token")
def make_token(request: CoopRequest, body: TokenIn) -> Status[Any]:
    token, secret = services.issue_token(
        person=request.user, name=body.name, scopes=body.scopes, coop_id=body.coop_id, expires_at=body.expires_at,
        by=request.by, at=request.now,
    )  # fmt: skip
    return Status(201, {**{field: getattr(token, field) for field in TokenOut.model_fields}, "secret": secret})


@server.delete("/tokens/{int:pk}", response={204: None, 401: Problem, 403: Problem, 404: Problem}, summary="Take a token back")
def revoke_token(request: CoopRequest, pk: int) -> Status[Any]:
    token = get_object_or_404(queries.tokens_of(request.user.pk), pk=pk)
    services.revoke_token(token=token, by=request.by, at=request.now)
    return Status(204, None)


@server.get("/data", response={200: dict, 401: Problem, 403: Problem}, summary="Everything this server holds about me")
def my_data(request: CoopRequest) -> dict[str, object]:
    return queries.everything_about(request.user)
