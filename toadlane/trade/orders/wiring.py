from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.invoicing.events import ParticularsGiven
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.money.payments.events import DisputeClosed, PaymentAuthorised, PaymentCaptured, PaymentDisputed
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry as outbox
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.society.bylaws.rules import dry_runs
from toadlane.society.bylaws.rules.dry_runs import DryRun
from toadlane.society.people import queries as people
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import events, guards, handlers, queries, services, tasks
from toadlane.trade.orders.policies import price_list, price_sheet
from toadlane.trade.orders.queries import (
    briefing,
    finding,
    in_credit,
    oversight,
    pasts,
    simulated,
    simulation,
    subjects,
    taxes,
    week,
)
from toadlane.trade.orders.rules import FEES, ORDERS, PAY, TRADE
from toadlane.trade.work import queries as work
from toadlane.trade.work.events import JobAssigned, JobFinished, JobStarted, OfferAccepted, OfferPassed
from toadlane.ui import nav

ACTIONS = (
    ("booking", gettext_noop("Choose a time"), "orders:request"),
    ("purchase", gettext_noop("Put it in the basket"), "orders:buy"),
    ("inquiry", gettext_noop("Ask about it"), "orders:ask"),
    ("visit", gettext_noop("Choose a day"), "orders:book_listing"),
)


def _is_somebody(request: Any) -> bool:
    return bool(request.by.person_id)


def _offers(request: Any) -> bool:
    return bool(request.by.memberships)


def _sells(request: Any) -> bool:
    return bool(request.coop) and "purchase" in request.coop.setup.get("processes", {})


def _comes_to_homes(request: Any) -> bool:
    return bool(request.coop) and "visit" in request.coop.setup.get("processes", {})


def wire() -> None:
    refusals.declare(guards.refusals)
    for owner, section in (("fees", FEES), ("trade", TRADE), ("pay", PAY)):
        rules.declare(owner, section)
    rules.declare_table("trade.rates", price_list.rows)
    rules.declare_table("fees.commission_by", price_list.fees)
    rules.declare_table("fees.late_cancel", price_list.late)
    for rule_id, sheet in (
        ("trade.rates", price_sheet.RATES), ("fees.commission_by", price_sheet.COMMISSION_BY),
        ("fees.late_cancel", price_sheet.LATE_CANCEL),
    ):  # fmt: skip
        rules.declare_sheet(rule_id, sheet)
    dry_runs.declare(DryRun(name=ORDERS, weigh=pasts.count, run=simulation.run, shown=simulated.shown))
    ledger.declare_subject("order", subjects.orders)
    ledger.declare_subject("checkout", subjects.checkouts)
    outbox.on(events.OrderMoved, handlers.follow_up)
    outbox.on(events.OrderReleased, handlers.give_for_visit)
    outbox.on(events.OrderRefunded, handlers.tell_of_refund)
    outbox.on(PaymentDisputed, handlers.tell_of_chargeback)
    outbox.on(DisputeClosed, handlers.chargeback_is_over)
    payments.declare_bearers("checkout", services.bear)
    paid.declare_in_credit("checkout")
    paid.declare_hindrance("checkout", in_credit.hindrance)
    for event in (PaymentAuthorised, PaymentCaptured):
        outbox.on(event, handlers.payment_came, when=outbox.of_subject("checkout"))
    outbox.on(BylawsChanged, handlers.prices_changed)
    outbox.on(ParticularsGiven, handlers.seller_changed)
    outbox.on(OfferPassed, handlers.offer_next)
    outbox.on(OfferAccepted, handlers.taken_on)
    outbox.on(JobAssigned, handlers.assigned)
    outbox.on(JobStarted, handlers.started)
    outbox.on(JobFinished, handlers.finished)
    for told in (events.OrderPlaced, events.ReviewsOpened):
        outbox.know(told)
    invariants.declare("orders.releases_equal_splits", oversight.releases_equal_splits)
    invariants.declare("orders.shares_add_up", oversight.shares_add_up)
    invariants.declare("orders.checkouts_add_up", oversight.checkouts_add_up)
    invariants.declare("orders.taken_on_means_booked", oversight.paid_orders_have_their_time)
    work.declare_acceptance(services.take_on)
    work.declare_briefing(briefing.briefing)
    work.declare_terms(briefing.terms)
    people.declare_visited(finding.visited_by)
    desk.declare("orders", oversight.waiting)
    desk.declare_part("orders", "aside", "orders/_week.html", week.mine)
    personal_data.declare("orders", export=oversight.of_person, erase=services.forget)
    catalog.declare_tax_rate(oversight.tax_rate, taxes.small_sellers, oversight.what_is_paid)
    catalog.declare_price_preview(oversight.price_preview)
    catalog.declare_dealings(oversight.deals)
    for process, label, url_name in ACTIONS:
        is_counted = process == "purchase"
        catalog.declare_action(catalog.Action(process=process, label=label, url_name=url_name, is_counted=is_counted))
    nav.declare("coop", 15, gettext_noop("Book"), "orders:book", _comes_to_homes)
    nav.declare("street", 30, gettext_noop("Basket"), "orders:basket", _sells)
    nav.declare("desk", 10, gettext_noop("My orders"), "orders:mine", _is_somebody, word="orders", group="work")
    nav.declare("desk", 15, gettext_noop("Orders to us"), "orders:ours", _offers, group="work")
    timers.every(timedelta(seconds=20), tasks.ring_timers, due=queries.coops_with_due, next_at=finding.next_due)
    timers.every(timedelta(minutes=10), tasks.place_visits)
    timers.every(timedelta(minutes=1), tasks.finish_chores)
