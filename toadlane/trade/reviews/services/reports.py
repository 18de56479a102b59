"""Reports of what should not be here: a moderator decides with a statement of reasons, and somebody else looks again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.audit import services as audit
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Standing
from toadlane.society.messaging import services as messaging
from toadlane.society.messaging.models import Message
from toadlane.trade.catalog import queries as catalog_queries
from toadlane.trade.catalog import services as catalog
from toadlane.trade.reviews import queries
from toadlane.trade.reviews.events import ReportDecided
from toadlane.trade.reviews.models import Report, Review
from toadlane.trade.reviews.permissions import APPEAL_REPORT, MODERATE, MODERATE_AGAIN, REPORT, SUSPEND
from toadlane.trade.reviews.services.complaints import NotNow, SayWhy


class NothingThere(Expected):
    """There is nothing of that name here."""

    status = 404


@transaction.atomic
def report(*, subject: str, reason: str, text: str, by: Principal, at: datetime) -> Report:
    """Say that something should not be here: `listing:4`, `review:3`, `member:7` or `message:9`.

    :raises NothingThere: when there is no such thing, or none that they can see
    """
    by.must(REPORT)
    if reason not in Report.Reason.values:
        raise SayWhy(_("Choose what is wrong with it."), field="reason")
    if not text.strip():
        raise SayWhy(_("Say what is wrong, so that somebody else can see it too."))
    found = queries.reported(subject, by)
    if found is None:
        raise NothingThere(_("There is nothing of that name here."))
    return Report.objects.create(
        subject=subject, label=found.label, about_id=found.membership_id, reason=reason, text=text.strip(), reported_at=at,
        reporter_id=by.person_id, reporter_order_id=None if by.person_id else by.order_id,
    )  # fmt: skip


@transaction.atomic
def decide_report(*, report: Report, decision: str, statement: str, by: Principal, at: datetime, rule: str = "") -> Report:
    """Decide what happens, in words that both sides read. It takes effect at once.

    :param rule: the law or the rule of the co-op that the decision rests on
    :raises SayWhy: without a statement of reasons
    """
    by.must(MODERATE, report)
    report = _locked(report)
    if report.state != Report.State.OPEN:
        raise NotNow(_("This report has been decided."))
    if decision != Report.Decision.NOTHING and not rule.strip():
        raise SayWhy(_("Name the law or the rule that this rests on."), field="rule")
    report.decision, report.statement, report.rule = _known(report, decision), _said(statement), rule.strip()
    report.decided_at, report.decided_by, report.state = at, str(by), Report.State.DECIDED
    report.appeal_until = at + timedelta(days=int(bylaws.book().value("moderation.appeal_days")))
    report.save()
    _take_effect(report, by, at)
    _tell(report, by, at)
    audit.record(
        action="reviews.decide_report", subject=f"report:{report.pk}", by=by, at=at, detail={"decision": report.decision}
    )
    events.publish(ReportDecided(report_id=report.pk, subject=report.subject, decision=report.decision))
    return report


@transaction.atomic
def appeal_report(*, report: Report, text: str, by: Principal, at: datetime) -> Report:
    """Ask for somebody else to look again: who reported, or whom it is about.

    :raises NotNow: when the time is over
    """
    by.must(APPEAL_REPORT, report)
    report = _locked(report)
    if report.state != Report.State.DECIDED or report.appeal_until is None or report.appeal_until <= at:
        raise NotNow(_("The time to appeal is over."))
    report.appeal, report.appealed_at, report.state = _said(text), at, Report.State.APPEALED
    report.save()
    return report


@transaction.atomic
def close_report(*, report: Report, is_upheld: bool, statement: str, by: Principal, at: datetime) -> Report:
    """Close an appeal: the decision stands, or it is undone. Never by who decided the first time."""
    by.must(MODERATE_AGAIN, report)
    report = _locked(report)
    if report.state != Report.State.APPEALED:
        raise NotNow(_("Nobody has appealed."))
    report.is_upheld, report.final_statement = is_upheld, _said(statement)
    report.closed_at, report.closed_by, report.state = at, str(by), Report.State.CLOSED
    report.save()
    if not is_upheld:
        _undo(report, by, at)
    _tell(report, by, at)
    audit.record(action="reviews.close_report", subject=f"report:{report.pk}", by=by, at=at, detail={"upheld": is_upheld})
    return report


def _known(report: Report, decision: str) -> str:
    if decision not in queries.DECISIONS[report.subject.partition(":")[0]]:
        raise SayWhy(_("This cannot be done with it."), field="decision")
    return decision


def _take_effect(report: Report, by: Principal, at: datetime) -> None:
    kind, _colon, pk = report.subject.partition(":")
    if report.decision == Report.Decision.SUSPEND:
        by.must(SUSPEND, report)
        member = Membership.objects.get(pk=pk)
        members.suspend(membership=member, reason=report.statement, by=by, at=at)
    elif report.decision == Report.Decision.HIDE and kind == "listing":
        listing = catalog_queries.one(int(pk))
        if listing and listing.state != "hidden":
            catalog.hide(listing=listing, reason=report.statement, by=by, at=at)
    elif report.decision == Report.Decision.HIDE and kind == "review":
        Review.objects.filter(pk=pk).update(hidden_because=report.statement)
    elif report.decision == Report.Decision.HIDE:
        messaging.hide(message=Message.objects.get(pk=pk), because=report.statement, by=by, at=at)


def _undo(report: Report, by: Principal, at: datetime) -> None:
    kind, _colon, pk = report.subject.partition(":")
    if report.decision == Report.Decision.SUSPEND:
        by.must(SUSPEND, report)
        member = Membership.objects.get(pk=pk)
        if member.standing == Standing.SUSPENDED:
            members.lift_suspension(membership=member, by=by, at=at)
    elif report.decision == Report.Decision.HIDE and kind == "listing":
        listing = catalog_queries.one(int(pk))
        if listing and listing.state == "hidden":
            catalog.restore(listing=listing, by=by, at=at)
    elif report.decision == Report.Decision.HIDE and kind == "review":
        Review.objects.filter(pk=pk).update(hidden_because="")
    elif report.decision == Report.Decision.HIDE:
        messaging.hide(message=Message.objects.get(pk=pk), because="", by=by, at=at)


def _said(text: str) -> str:
    if not text.strip():
        raise SayWhy(_("Give your reasons: both sides read them."), field="statement")
    return text.strip()


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("about").get(pk=report.pk)


def _tell(report: Report, by: Principal, at: datetime) -> None:
    """Tell who reported and whom it is about; neither learns who the other is."""
    link = coops.address(coops.of_scope(report.coop_id), "reviews:report", report.pk)
    for person_id in queries.people_of(report.reporter_id, report.about):
        context = {"report": report, "link": link}
        messaging.notify(person_id=person_id, about="membership", template="reviews/report", by=by, at=at, context=context)
