"""Members over REST: the same services as the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Router

from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.desk import registry as desk
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries, schemas, services
from toadlane.society.members.permissions import DECIDE, DESK, ORGANISE, OWN, REGISTER, SEE

router = Router(tags=["members"])


def _member(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "name": one.name, "member_class": one.member_class, "standing": one.standing,
        "is_organisation": one.organisation_id is not None, "joined_on": one.joined_on, "probation_until": one.probation_until,
        "leaving_on": one.leaving_on,
    }  # fmt: skip


def _application(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "membership": _member(one.membership), "answers": one.answers, "applied_on": one.applied_on,
        "decide_by": one.decide_by, "silence_admits": one.silence_admits, "outcome": one.outcome, "reason": one.reason,
        "appeal_until": one.appeal_until,
    }  # fmt: skip


def _membership(pk: int) -> Any:
    return get_object_or_404(queries.register(), pk=pk)


@router.get("/classes", auth=None, response=list[schemas.ClassOut], summary="Who can join")
@bounded("the classes of the bylaws")
def classes(request: CoopRequest) -> Any:
    return [
        {
            "id": one.id, "names": one.names, "who": sorted(one.who), "rights": sorted(one.rights), "college": one.college,
            "probation": one.needs_probation, "questions": [{"id": q.id, "label": dict(q.labels)} for q in one.questions],
        }
        for one in queries.member_classes().values()
    ]  # fmt: skip


@router.get("", response=schemas.MembersOut, summary="The register of members")
def register(request: CoopRequest, member_class: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(REGISTER)
    rows = queries.register().exclude(number=None)
    found = page(
        rows.filter(member_class=member_class) if member_class else rows, cursor=cursor, limit=limit, order=("number", "pk")
    )
    return {"items": [_member(one) for one in found.items], "next": found.next}


@router.get("/mine", response=list[schemas.MemberOut], summary="My memberships here")
@bounded("one for each class you are in, and each organisation you speak for")
def mine(request: CoopRequest) -> Any:
    return [_member(one) for one in queries.of_person(request.by.person_id or 0)]


@router.get("/desk", response=list[schemas.WaitingOut], summary="What waits for me here")
@bounded("a few lines at most from each part of the co-op")
def waiting(request: CoopRequest) -> Any:
    request.by.must(DESK)
    with coops.among_pages(request.coop):
        found = desk.waiting(request.by, request.now)
    return [{"title": one.title, "detail": one.detail, "url": one.url, "action": one.action, "at": one.at} for one in found]


def _office(one: Any) -> dict[str, Any]:
    return {"office": one.office, "name": one.person.name, "since": one.since, "until": one.until}


@router.get("/offices", auth=None, response=list[schemas.OfficeOut], summary="Who holds which office")
@paged("office", "since", "pk", tell=each(_office))
def offices(request: CoopRequest) -> Any:
    return queries.officers()


@router.post("/applications", response={201: schemas.ApplicationOut}, summary="Apply to join")
def apply(request: CoopRequest, data: schemas.ApplyIn) -> Any:
    applied = services.apply(person=request.user, by=request.by, at=request.now, **data.dict())
    return 201, _application(applied)


@router.get("/applications", response=schemas.ApplicationsOut, summary="Applications, for the board")
def applications(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(DECIDE)
    found = page(queries.applications(), cursor=cursor, limit=limit)
    return {"items": [_application(one) for one in found.items], "next": found.next}


def _application_row(request: CoopRequest, pk: int) -> Any:
    one = get_object_or_404(queries.applications(), pk=pk)
    if not request.by.may(SEE, one.membership):
        raise Http404
    return one


@router.get("/applications/{pk}", response=schemas.ApplicationOut, summary="One application")
def application(request: CoopRequest, pk: int) -> Any:
    return _application(_application_row(request, pk))


@router.post("/applications/{pk}/accept", response=schemas.MemberOut, summary="Accept an application")
def accept(request: CoopRequest, pk: int) -> Any:
    return _member(services.accept(application=_application_row(request, pk), by=request.by, at=request.now))


@router.post("/applications/{pk}/decline", response=schemas.MemberOut, summary="Decline an application, with a reason")
def decline(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    one = _application_row(request, pk)
    return _member(services.decline(application=one, reason=data.reason, by=request.by, at=request.now))


@router.post("/applications/{pk}/wait", response=schemas.MemberOut, summary="Put an application on the waiting list")
def put_on_waiting_list(request: CoopRequest, pk: int) -> Any:
    return _member(services.put_on_waiting_list(application=_application_row(request, pk), by=request.by, at=request.now))


@router.post("/applications/{pk}/withdraw", response=schemas.MemberOut, summary="Withdraw my application")
def withdraw(request: CoopRequest, pk: int) -> Any:
    return _member(services.withdraw(application=_application_row(request, pk), by=request.by, at=request.now))


@router.post("/applications/{pk}/appeal", response=schemas.ApplicationOut, summary="Appeal against a refusal")
def appeal(request: CoopRequest, pk: int, data: schemas.TextIn) -> Any:
    one = _application_row(request, pk)
    return _application(services.appeal(application=one, text=data.text, by=request.by, at=request.now))


def _hearing(one: Any) -> dict[str, Any]:
    names = ("charges", "opened_on", "answer_until", "answer", "settled_by")
    return {"id": one.pk, "membership": one.membership_id, "name": one.membership.name} | {
        name: getattr(one, name) for name in names
    }


@router.get("/hearings/{hearing}", response=schemas.HearingOut, summary="Charges and answer before an exclusion is decided")
def hearing(request: CoopRequest, hearing: int) -> Any:
    one = get_object_or_404(queries.hearings(), pk=hearing)
    if not request.by.may(OWN, one.membership):
        request.by.must(REGISTER)
    return _hearing(one)


@router.post("/hearings/{hearing}/answer", response=schemas.HearingOut, summary="Answer the charges")
def answer_charges(request: CoopRequest, hearing: int, data: schemas.TextIn) -> Any:
    one = get_object_or_404(queries.hearings(), pk=hearing)
    return _hearing(services.answer_charges(hearing=one, text=data.text, by=request.by, at=request.now))


@router.post("/{pk}/hearing", response={201: schemas.HearingOut}, summary="Open a hearing, before an exclusion is proposed")
def open_hearing(request: CoopRequest, pk: int, data: schemas.ChargesIn) -> Any:
    return 201, _hearing(services.open_hearing(membership=_membership(pk), charges=data.charges, by=request.by, at=request.now))


@router.get("/{pk}", response=schemas.MemberOut, summary="One membership")
def member(request: CoopRequest, pk: int) -> Any:
    request.by.must(REGISTER)
    return _member(_membership(pk))


@router.post("/{pk}/agree", response=schemas.MemberOut, summary="Agree to the bylaws and become a member")
def agree(request: CoopRequest, pk: int, data: schemas.AgreeIn) -> Any:
    one = _membership(pk)
    return _member(services.agree_to_bylaws(membership=one, version=data.version, by=request.by, at=request.now))


@router.post("/{pk}/leave", response=schemas.MemberOut, summary="Give notice")
def leave(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    return _member(services.give_notice(membership=_membership(pk), reason=data.reason, by=request.by, at=request.now))


@router.post("/{pk}/stay", response=schemas.MemberOut, summary="Take a notice back, until its last day is over")
def stay(request: CoopRequest, pk: int) -> Any:
    return _member(services.take_back_notice(membership=_membership(pk), by=request.by, at=request.now))


@router.post("/{pk}/end-probation", response=schemas.MemberOut, summary="End a probation")
def end_probation(request: CoopRequest, pk: int) -> Any:
    return _member(services.end_probation(membership=_membership(pk), by=request.by, at=request.now))


@router.post("/{pk}/suspend", response=schemas.MemberOut, summary="Suspend a member, with a reason")
def suspend(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    return _member(services.suspend(membership=_membership(pk), reason=data.reason, by=request.by, at=request.now))


@router.post("/{pk}/lift-suspension", response=schemas.MemberOut, summary="Lift a suspension")
def lift(request: CoopRequest, pk: int) -> Any:
    return _member(services.lift_suspension(membership=_membership(pk), by=request.by, at=request.now))


def _person_at(contact: str, membership: Any, by: Any) -> Any:
    """Find who signed up so. Whether somebody did is told to those only who may put them on the organisation's list."""
    by.must(ORGANISE, membership)
    if person := queries.person_at(contact):
        return person
    raise services.NobodySignedUp


@router.get("/{pk}/workers", response=list[schemas.WorkerOut], summary="Who works for an organisation")
@paged("name", "pk", tell=each(lambda one: _worker(one)))
def workers(request: CoopRequest, pk: int) -> Any:
    request.by.must(REGISTER)
    return queries.workers_of(_membership(pk))


def _worker(one: Any) -> dict[str, Any]:
    known = one.person_id is not None
    return {"id": one.pk, "name": one.name, "about": one.about, "since": one.since, "has_account": known}


@router.post("/{pk}/workers", response={201: schemas.WorkerOut}, summary="Add a worker to an organisation")
def add_worker(request: CoopRequest, pk: int, data: schemas.WorkerIn) -> Any:
    one = _membership(pk)
    person = _person_at(data.contact, one, request.by) if data.contact else None
    added = services.add_worker(membership=one, name=data.name, about=data.about, person=person, by=request.by, at=request.now)
    return 201, _worker(added)


@router.delete("/{pk}/workers/{worker}", response={204: None}, summary="Take a worker off the list")
def end_worker(request: CoopRequest, pk: int, worker: int) -> Any:
    one = get_object_or_404(queries.workers_of(_membership(pk)), pk=worker)
    services.end_worker(worker=one, by=request.by, at=request.now)
    return 204, None


def _delegate(one: Any) -> dict[str, Any]:
    return {"id": one.pk, "name": one.person.name, "since": one.since}


@router.get("/{pk}/delegates", response=list[schemas.DelegateOut], summary="Who speaks for an organisation")
@paged("since", "pk", tell=each(_delegate))
def delegates(request: CoopRequest, pk: int) -> Any:
    request.by.must(REGISTER)
    return queries.delegates_of(_membership(pk))


@router.post("/{pk}/delegates", response={201: schemas.DelegateOut}, summary="Name a delegate")
def name_delegate(request: CoopRequest, pk: int, data: schemas.DelegateIn) -> Any:
    membership = _membership(pk)
    person = _person_at(data.contact, membership, request.by)
    one = services.name_delegate(membership=membership, person=person, by=request.by, at=request.now)
    return 201, {"id": one.pk, "name": person.name, "since": one.since}


@router.delete("/{pk}/delegates/{delegate}", response={204: None}, summary="End a delegation")
def end_delegate(request: CoopRequest, pk: int, delegate: int) -> Any:
    one = get_object_or_404(queries.delegates_of(_membership(pk)), pk=delegate)
    services.end_delegation(delegate=one, by=request.by, at=request.now)
    return 204, None
