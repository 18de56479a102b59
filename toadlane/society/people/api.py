from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import Router, Status

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.lists import paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.audit import permissions as audit_permissions
from toadlane.plumbing.audit import queries as audit
from toadlane.plumbing.audit import services as audit_services
from toadlane.plumbing.clock import queries as clock
from toadlane.society.people import policies, queries, services
from toadlane.society.people.forms import count_guess
from toadlane.society.people.models import Person
from toadlane.society.people.permissions import CLOSE_OWN
from toadlane.society.people.schemas import (
    CloseIn,
    MeIn,
    MeOut,
    SessionOut,
    TokenIn,
    TokenMade,
    TokenOut,
    Trail,
    Visit,
    VisitIn,
    VisitMade,
    Visits,
)

server = Router(tags=["people"])
# Inside a co-op: who did what there, and who was let in to help.
trail = Router(tags=["trail"])


class ProveYourself(Expected):
    words = lazy("A session may have been left open: say once more that it is you.")

    status = 403


class WrongPassword(Expected):
    words = lazy("That is not your password.")

    status = 422
    field = "password"


def _proven(request: CoopRequest) -> None:
    """Ask of a session what the pages ask of it before anything that opens more than it does; a token was made for this."""
    if request.token is None and not did_recently_reauthenticate(request):
        raise ProveYourself(hint=_("Sign in again at /sign-in/again/, or send a token."))


def _me(person: Person) -> dict[str, object]:
    fields = ("name", "email", "phone", "language", "time_zone", "notices")
    about: dict[str, object] = {field: getattr(person, field) for field in fields}
    return about | {"id": person.pk, "coops": queries.homes_of(person.pk)}


@server.get("", response={200: MeOut}, summary="Who I am, and my co-ops")
def me(request: CoopRequest) -> dict[str, object]:
    return _me(request.user)


@server.patch("", response={200: MeOut}, summary="Change my preferences")
def change_me(request: CoopRequest, body: MeIn) -> dict[str, object]:
    person = request.user
    asked = body.dict(exclude_none=True)
    chosen = {field: asked.get(field, getattr(person, field)) for field in ("name", "language", "time_zone", "notices")}
    services.save_preferences(person=person, by=request.by, **chosen)
    return _me(person)


@server.get("/tokens", response={200: list[TokenOut]}, summary="My tokens, without their secrets")
@paged("-pk")
def tokens(request: CoopRequest) -> Any:
    return queries.tokens_of(request.user.pk)


@server.post("/tokens", response={201: TokenMade}, summary="Make a token")
def make_token(request: CoopRequest, body: TokenIn) -> Status[Any]:
    _proven(request)
    token, secret = services.issue_token(
        person=request.user, name=body.name, scopes=body.scopes, coop_id=body.coop_id, expires_at=body.expires_at,
        by=request.by, at=request.now, maker=request.token,
    )  # fmt: skip
    return Status(201, {**{field: getattr(token, field) for field in TokenOut.model_fields}, "secret": secret})


@server.delete("/tokens/{int:pk}", response={204: None}, summary="Take a token back")
def revoke_token(request: CoopRequest, pk: int) -> Status[Any]:
    token = get_object_or_404(queries.tokens_of(request.user.pk), pk=pk)
    services.revoke_token(token=token, by=request.by, at=request.now)
    return Status(204, None)


@server.get("/data", response={200: dict}, summary="Everything this server holds about me")
def my_data(request: CoopRequest) -> dict[str, object]:
    return queries.everything_about(request.user)


def _sessions(request: CoopRequest, rows: list[Any]) -> list[dict[str, object]]:
    here = "" if request.token else request.session.session_key
    return [
        {
            "id": one.pk, "device": policies.device(one.user_agent), "ip": one.ip, "since": one.created_at,
            "last_seen": one.last_seen_at, "is_this_one": one.session_key == here,
        }
        for one in rows
    ]  # fmt: skip


@server.get("/sessions", response={200: list[SessionOut]}, summary="Where I am signed in")
@paged("-created_at", "-pk", tell=_sessions)
def sessions(request: CoopRequest) -> Any:
    return queries.sessions_of(request.user)


@server.delete("/sessions", response={204: None}, summary="Sign out everywhere else")
def end_sessions(request: CoopRequest) -> Status[Any]:
    here = "" if request.token else request.session.session_key or ""
    services.end_sessions(person=request.user, keep=here, by=request.by)
    return Status(204, None)


@server.delete("/sessions/{int:pk}", response={204: None}, summary="Sign out one device")
def end_session(request: CoopRequest, pk: int) -> Status[Any]:
    if not services.end_sessions(person=request.user, only=pk, by=request.by):
        raise Http404
    return Status(204, None)


@server.post("/close", response={204: None}, summary="Close my account")
def close(request: CoopRequest, body: CloseIn) -> Status[Any]:
    """For good. Name and addresses go; what the law makes co-ops keep stays without them. Get `/me/data` first."""
    request.by.must(CLOSE_OWN, request.user)
    count_guess(request)
    if not request.user.check_password(body.password):
        raise WrongPassword
    services.close_account(person=request.user, by=request.by, at=request.now)
    return Status(204, None)


@server.post("/staff", response={201: VisitMade}, summary="Visit a co-op")
def visit(request: CoopRequest, body: VisitIn) -> Status[Any]:
    """Let yourself into a co-op as an operator of this server: for a reason, which its members read, and for a time."""
    if not request.user.is_operator:
        raise Http404
    _proven(request)
    home = queries.home_named(body.coop)
    if home is None:
        raise Http404
    session = audit_services.open_staff_session(
        coop_id=home.coop_id, name=request.user.name, reason=body.reason, until=body.until, by=request.by, at=request.now,
        real_time=clock.machine_time(),
    )  # fmt: skip
    return Status(201, _visit(session) | {"url": home.url})


def _visit(session: Any) -> dict[str, object]:
    names = ("person_name", "reason", "opened_at", "until", "ended_at")
    return {"id": session.pk} | {name: getattr(session, name) for name in names}


@trail.get("", response={200: Trail}, summary="Who did what here, the newest first")
def marks(request: CoopRequest, subject: str = "", cursor: str | None = None, limit: int = 50) -> dict[str, object]:
    """Every deed that is written down; with `subject`, as in `order:12`, what was done to one thing."""
    request.by.must(audit_permissions.READ_TRAIL)
    found = page(audit.trail(subject=subject), cursor=cursor, limit=limit)
    names = queries.names({mark.person_id for mark in found.items if mark.person_id})
    fields = ("action", "subject", "by", "at", "detail", "staff_session_id")
    items = [
        {"id": mark.pk, "name": names.get(mark.person_id or 0, "")} | {field: getattr(mark, field) for field in fields}
        for mark in found.items
    ]
    return {"items": items, "next": found.next}


@trail.get("/staff", response={200: Visits}, summary="When an operator was here, and why")
def visits(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> dict[str, object]:
    request.by.must(audit_permissions.READ_TRAIL)
    found = page(audit.staff_sessions(), cursor=cursor, limit=limit)
    return {"items": [_visit(one) for one in found.items], "next": found.next}


@trail.post("/staff/{int:pk}/end", response={200: Visit}, summary="End a visit early")
def end_visit(request: CoopRequest, pk: int) -> dict[str, object]:
    """The board may, and so may whoever visits. Ended twice is ended once."""
    request.by.must(audit_permissions.END_STAFF_SESSION)
    found = get_object_or_404(audit.staff_sessions(), pk=pk)
    audit_services.end_staff_session(session=found, by=request.by, at=request.now, real_time=clock.machine_time())
    found.refresh_from_db()
    return _visit(found)
