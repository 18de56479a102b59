from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments import guards, handlers, queries, tasks
from toadlane.money.payments.events import (
    DisputeClosed,
    PaymentAuthorised,
    PaymentCaptured,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
    PayoutCameBack,
    PayoutPaid,
    PayoutsPaid,
)
from toadlane.money.payments.models import Errand
from toadlane.money.payments.permissions import CLOSE_CREDIT, OVERSEE
from toadlane.money.payments.queries import credit, verification, weeks
from toadlane.money.payments.rules import RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import rules
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members.services import leaving
from toadlane.ui import formats, nav
from toadlane.ui.shapes import Waiting


def _overseer(request: Any) -> bool:
    return request.by is not None and bool(request.by.may(OVERSEE))


def _earner(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships)


def _has_credit(request: Any) -> bool:
    limit = bylaws.book().maybe(credit.LIMIT) if request.by is not None and request.by.memberships else None
    return limit is not None and bool(limit.minor)


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about money, for an office: what is late, and what a second person has to see."""
    if not by.may(OVERSEE):
        return []
    url, found = reverse("payments:treasury", urlconf=COOP_URLS), []
    for alarm in queries.own_alarms(at)[:5]:
        found.append(
            Waiting(title=alarm.what, detail=formats.money(alarm.amount), url=url, action=_("Look into it"), icon="warn")
        )
    for dispute in queries.open_disputes()[:5]:
        amount = Money(dispute.amount_minor, dispute.payment.currency)
        title = _("Charged back: %(amount)s") % {"amount": formats.money(amount)}
        detail = _("The payer’s bank has taken it back. Answer the card company, and ask the customer what was wrong.")
        detail += " " + _("Who bears it: %(who)s.") % {"who": queries.in_words(dispute.debits, dispute.payment.currency)}
        found.append(Waiting(title=title, detail=detail, url=url, action=_("Look into it"), icon="warn", at=dispute.opened_at))
    hand = queries.by_hand()
    for back in hand.refunds:
        if back.state == Errand.RETURNED and (back.recorded_by is None or back.recorded_by != by.person_id):
            title = _("%(amount)s could not be given back to a customer") % {"amount": formats.money(back.amount)}
            detail = _("Their bank sent it back. Ask them where to send it, and send it another way.")
            found.append(Waiting(title=title, detail=detail, url=url, action=_("Look into it"), icon="warn", at=back.asked_at))
    for refused in queries.refused_refunds()[:5]:
        title = _("%(amount)s could not be given back to a customer") % {"amount": formats.money(refused.amount)}
        detail = _("The card company or the bank refused it. Send it another way.")
        found.append(Waiting(title=title, detail=detail, url=url, action=_("Look into it"), icon="warn", at=refused.asked_at))
    for row in hand.payments[:10]:
        if row.doing == "confirm" and row.recorded_by != by.person_id:
            title = _("Has %(amount)s come in?") % {"amount": formats.money(row.amount)}
            detail = _("Somebody recorded it. A second person confirms it.")
            found.append(Waiting(title=title, detail=detail, url=url, action=_("Confirm"), icon="coins", at=row.called_at))
    for one in queries.carried(waiting=True)[:50]:
        if one.agreed_at is None and one.asked_by != by.person_id:
            title = _("Send %(amount)s on to the bank?") % {"amount": formats.money(one.amount)}
            detail = _("Somebody asked for it. A second person agrees.")
            found.append(Waiting(title=title, detail=detail, url=url, action=_("Look into it"), icon="coins", at=one.asked_at))
    return [*found, *_closings(by)]


def _closings(by: Principal) -> list[Waiting]:
    url = reverse("payments:circle", urlconf=COOP_URLS)
    return [
        Waiting(
            title=_("Bring the credit of %(name)s to nothing?") % {"name": one.membership.name},
            detail=_("Somebody asked for it. A second person agrees."), url=url, action=_("Look into it"), icon="coins",
            at=one.asked_at,
        )
        for one in (credit.closings()[:10] if by.may(CLOSE_CREDIT) else ())
        if one.asked_by != by.person_id
    ]  # fmt: skip


def payout_names(ids: list[str], _by: Principal | None) -> dict[str, ledger.Named]:
    return {pk: ledger.Named(_("Payout")) for pk in ids}


def payouts_names(ids: list[str], _by: Principal | None) -> dict[str, ledger.Named]:
    return {pk: ledger.Named(_("Payouts in one file")) for pk in ids}


def credit_names(ids: list[str], _by: Principal | None) -> dict[str, ledger.Named]:
    return {pk: ledger.Named(_("Credit settled")) for pk in ids}


def held_names(ids: list[str], _by: Principal | None) -> dict[str, ledger.Named]:
    return {pk: ledger.Named(_("Held for orders")) for pk in ids}


def wire() -> None:
    refusals.declare(guards.refusals)
    rules.declare("payments", RULES)
    timers.every(timedelta(seconds=30), tasks.sweep)
    timers.every(timedelta(seconds=5), tasks.look_into, due=queries.coops_with_notices)
    timers.every(timedelta(minutes=10), tasks.hear)
    timers.every(timedelta(hours=1), tasks.pay_out)
    timers.every(timedelta(days=1), tasks.compare)
    desk.declare("payments", waiting)
    desk.declare_news("payments", weeks.news)
    desk.declare_part("payments", "main", "payments/_weeks.html", weeks.earned)
    ledger.declare_subject("payout", payout_names)
    ledger.declare_subject("payouts", payouts_names)
    personal_data.declare("payments", export=queries.own_data)
    nav.declare("desk", 60, gettext_noop("What you earned"), "payments:earned", _earner, group="money")
    nav.declare("desk", 62, gettext_noop("My credit"), "payments:credit", _has_credit, group="money")
    nav.declare("desk", 61, gettext_noop("Payments"), "payments:treasury", _overseer, group="office")
    for event in (PaymentAuthorised, PaymentCaptured, PaymentFailed, PaymentVoided, PaymentRefunded, PaymentDisputed):
        registry.know(event)
    registry.know(DisputeClosed)
    registry.know(PayoutCameBack)
    registry.know(PayoutPaid)
    registry.know(PayoutsPaid)
    registry.on(PaymentCaptured, handlers.credit_paid_off, when=registry.of_subject("credit"))
    leaving.declare_unsettled("credit", credit.unsettled)
    ledger.declare_subject("credit", credit_names)
    ledger.declare_holder("held", held_names)
    invariants.declare("payments.credit_comes_to_nothing", credit.comes_to_nothing)
    invariants.declare("payments.credit_held_as_promised", credit.held_as_promised)
    invariants.declare("payments.moved_in_time", queries.moved_in_time)
    invariants.declare("payments.captured_is_booked", queries.captured_is_booked)
    invariants.declare("payments.payments_stand_as_booked", verification.payments_stand_as_booked)
    invariants.declare("payments.refunds_are_booked", verification.refunds_are_booked)
    invariants.declare("payments.payouts_are_booked", verification.payouts_are_booked)
