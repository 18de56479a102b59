from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import queries as bylaws_queries
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import events, guards, handlers, queries, tasks
from toadlane.society.members.models import Membership, Standing
from toadlane.society.members.rules import CLASSES, RULES
from toadlane.society.people import queries as people
from toadlane.ui import formats, nav
from toadlane.ui.shapes import News, Waiting


def wire() -> None:
    refusals.declare(guards.refusals)
    guards.sealed()
    bylaws.declare("members", RULES)
    bylaws.declare_sheet("members.classes", CLASSES)
    people.declare_homes(queries.homes_of)
    personal_data.declare("members", export=queries.own_data, obstacle=queries.reason_to_stay)
    registry.on(events.MemberApplied, handlers.tell_the_board)
    registry.on(events.RefusalAppealed, handlers.tell_of_the_appeal)
    registry.on(events.MemberAccepted, handlers.tell_the_accepted)
    registry.on(events.MemberDeclined, handlers.tell_the_declined)
    registry.on(events.MemberSuspended, handlers.tell_the_suspended)
    registry.on(events.HearingOpened, handlers.tell_the_charged)
    decisions.declare(handlers.ADMISSION)
    decisions.declare(handlers.EXCLUSION)
    for event in (events.MemberAgreed, events.MemberJoined, events.MemberLeft):
        registry.know(event)
    timers.every(timedelta(hours=1), tasks.keep_time)
    invariants.declare("members.register_holds", queries.register_holds)
    desk.declare("members", waiting)
    desk.declare_news("members", news)
    nav.declare("street", 20, gettext_noop("My desk"), "members:desk", _signed_in)
    nav.declare("settings", 10, gettext_noop("Members"), "members:register", word="members")
    nav.declare("foot", 30, gettext_noop("Join us"), "members:join", _stranger)
    nav.declare("foot", 31, gettext_noop("Members"), "members:register", _member, word="members")


def _signed_in(request: Any) -> bool:
    return request.by is not None and request.by.person_id is not None


def _member(request: Any) -> bool:
    return request.by is not None and "member" in request.by.roles


def _stranger(request: Any) -> bool:
    return not _member(request)


def news(by: Principal, at: datetime) -> list[News]:
    """Who joined lately, for the members; the founders were all there from the beginning."""
    if "member" not in by.roles:
        return []
    since, own = timezone.localdate(at - desk.NEW_FOR), by.memberships
    rows = queries.register().filter(joined_on__gt=since, number__gt=len(bylaws_queries.signatures())).exclude(pk__in=own)
    found = []
    for one in rows.order_by("-joined_on", "-number")[:3]:
        joined = timezone.make_aware(datetime.combine(one.joined_on or since, time(12)))
        url = reverse("members:member", urlconf=COOP_URLS, args=[one.pk])
        found.append(News(min(joined, at), _("%(name)s has joined.") % {"name": one.name}, url, _("Say hello")))
    return found


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about membership: applications for the board, the bylaws for whoever was accepted."""
    found = []
    if "board" in by.roles:
        for application in queries.open_applications()[:20]:
            found.append(
                Waiting(
                    title=_("%(name)s wants to join") % {"name": formats.apart(application.membership.name)},
                    detail=_("An answer is due by %(day)s.") % {"day": formats.day(application.decide_by)},
                    url=reverse("members:application", args=[application.pk]), action=_("Read the application"), icon="person",
                )
            )  # fmt: skip
        for application in queries.open_appeals(timezone.localdate(at))[:20]:
            found.append(
                Waiting(
                    title=_("%(name)s appeals against a refusal") % {"name": formats.apart(application.membership.name)},
                    detail=_("Only the members can look again. Put it to them."),
                    url=reverse("members:application", args=[application.pk]), action=_("Read the appeal"), icon="person",
                )
            )  # fmt: skip
    if by.memberships:
        for hearing in queries.hearings().filter(membership_id__in=by.memberships, settled_by="", answer=""):
            found.append(
                Waiting(
                    title=_("You are asked to answer"), url=reverse("members:hearing", args=[hearing.pk]), icon="speech",
                    detail=_("Until %(day)s.") % {"day": formats.day(hearing.answer_until)}, action=_("Read the charges"),
                )
            )  # fmt: skip
    if by.person_id:
        for one in queries.of_person(by.person_id).filter(
            Q(standing=Standing.ACCEPTED, accepted_at=None) | Q(standing=Standing.SUSPENDED)
        ):
            if one.standing == Standing.SUSPENDED:
                found.append(_suspended(one))
                continue
            found.append(
                Waiting(
                    title=_("You have been accepted"), detail=_("Read the bylaws and agree to them. Then you are a member."),
                    url=reverse("members:mine"), action=_("Read and agree"), icon="check",
                )
            )  # fmt: skip
    return found


def _suspended(one: Membership) -> Waiting:
    return Waiting(
        title=_("The membership of %(name)s is suspended") % {"name": formats.apart(one.name)},
        detail=_("You read what members read, and change nothing until it is lifted."),
        url=reverse("members:mine"), action=_("Read the reason"), icon="warn",
    )  # fmt: skip
