from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members

MODERATORS = frozenset({"moderator", "board"})


def side_of(by: Principal, order: Any) -> str:
    """Return which side of an order somebody stands on, or nothing. Who does the work stands on the provider's."""
    if by.order_id == order.pk or (by.person_id is not None and by.person_id == order.customer_id):
        return "customer"
    if order.provider_id is not None and order.provider_id in by.memberships and by.roles:
        return "provider"
    return ""


def mediates(by: Principal, order: Any) -> bool:
    """Say whether somebody holds the office that the bylaws of this order name for its complaints."""
    office = str(bylaws.book(version=order.bylaws_version).value("moderation.mediator"))
    return office in by.roles


def parties(order: Any) -> set[int]:
    """Return the people who stand on one side of an order, whoever they speak for."""
    found = {order.customer_id, order.worker_id}
    if order.provider is not None:
        found.add(order.provider.person_id)
        found |= {one.person_id for one in members.delegates_of(order.provider)}
    return {pk for pk in found if pk}


def has_mediator(order: Any) -> bool:
    """Say whether somebody holds the office that decides who is no party themselves."""
    office = str(bylaws.book(version=order.bylaws_version).value("moderation.mediator"))
    holders = members.officers().filter(office=office).values_list("person_id", flat=True)
    return bool(set(holders) - parties(order))


def _party(by: Principal, order: Any) -> Answer:
    return Answer(bool(side_of(by, order)), _("Only the two sides of an order do this."))


def _decides(by: Principal, complaint: Any) -> Answer:
    if side_of(by, complaint.order):
        return Answer(False, _("Nobody decides in their own case."))
    is_stand_in = complaint.stand_in_id is not None and complaint.stand_in_id == by.person_id
    return Answer(is_stand_in or mediates(by, complaint.order), _("The office that the bylaws name decides."))


def _names_stand_in(by: Principal, complaint: Any) -> Answer:
    if "board" not in by.roles:
        return Answer(False, _("The board names somebody."))
    if side_of(by, complaint.order):
        return Answer(False, _("Nobody decides in their own case."))
    return Answer(not has_mediator(complaint.order), _("There is a mediator who is no party: they decide."))


def _decides_again(by: Principal, complaint: Any) -> Answer:
    if side_of(by, complaint.order):
        return Answer(False, _("Nobody decides in their own case."))
    if str(by).partition(":")[2] == complaint.decided_by.partition(":")[2]:
        return Answer(False, _("Somebody who did not decide the first time looks again."))
    return Answer(mediates(by, complaint.order) or "board" in by.roles, _("The mediator or the board looks again."))


def _reads(by: Principal, complaint: Any) -> Answer:
    may = side_of(by, complaint.order) or mediates(by, complaint.order)
    again = complaint.appealed_at is not None and "board" in by.roles
    stands_in = complaint.stand_in_id is not None and complaint.stand_in_id == by.person_id
    concerned = bool(may) or again or stands_in or bool(_names_stand_in(by, complaint))
    return Answer(concerned, _("Only the two sides and the mediator read a complaint."))


def _reports(by: Principal, _subject: Any) -> Answer:
    return Answer(by.person_id is not None or by.order_id is not None, _("Sign in first."))


def _moderates(by: Principal, report: Any) -> Answer:
    if report is not None and report.about_id is not None and report.about_id in by.memberships:
        return Answer(False, _("Nobody decides in their own case."))
    return holds(*MODERATORS)(by, report)


def _moderates_again(by: Principal, report: Any) -> Answer:
    if str(by).partition(":")[2] == report.decided_by.partition(":")[2]:
        return Answer(False, _("Somebody who did not decide the first time looks again."))
    return _moderates(by, report)


def _is_concerned(by: Principal, report: Any) -> Answer:
    reported = report.reporter_id is not None and report.reporter_id == by.person_id
    as_guest = report.reporter_order_id is not None and report.reporter_order_id == by.order_id
    about = report.about_id is not None and report.about_id in by.memberships
    return Answer(reported or as_guest or about or is_about_person(by, report), _("This is for those it concerns."))


def is_about_person(by: Principal, report: Any) -> bool:
    """A suspended member has no memberships to act for, and still reads and appeals what was decided about them."""
    return report.about is not None and by.person_id is not None and report.about.person_id == by.person_id


def _reads_report(by: Principal, report: Any) -> Answer:
    return Answer(bool(by.roles & MODERATORS) or bool(_is_concerned(by, report)), _("This is for those it concerns."))


WRITE = Permission("reviews.write", _party)
COMPLAIN = Permission("reviews.complain", _party)
DECIDE = Permission("reviews.decide", _decides, scope="money")
NAME_STAND_IN = Permission("reviews.name_stand_in", _names_stand_in)
DECIDE_AGAIN = Permission("reviews.decide_again", _decides_again, scope="money")
READ = Permission("reviews.read_complaint", _reads, scope="read")
REPORT = Permission("reviews.report", _reports)
MODERATE = Permission("reviews.moderate", _moderates)
MODERATE_AGAIN = Permission("reviews.moderate_again", _moderates_again)
SUSPEND = Permission("reviews.suspend", holds("board"))
APPEAL_REPORT = Permission("reviews.appeal_report", _is_concerned)
READ_REPORT = Permission("reviews.read_report", _reads_report, scope="read")
QUEUE = Permission("reviews.queue", holds(*MODERATORS), scope="read")
RUN = Permission("reviews.run", lambda by, _subject: Answer("system" in by.roles, "A job does this."))
