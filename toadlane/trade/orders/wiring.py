from datetime import timedelta

from toadlane.money.payments.events import PaymentAuthorised, PaymentCaptured
from toadlane.plumbing.outbox import registry as outbox
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.trade.orders import events, guards, handlers, queries, tasks
from toadlane.trade.orders.rules import FEES, PAY, TRADE
from toadlane.trade.work.events import JobAssigned, JobFinished, JobStarted, OfferAccepted, OfferPassed


def wire() -> None:
    refusals.declare(guards.refusals)
    for owner, section in (("fees", FEES), ("trade", TRADE), ("pay", PAY)):
        rules.declare(owner, section)
    outbox.on(events.OrderMoved, handlers.follow_up)
    for event in (PaymentAuthorised, PaymentCaptured):
        outbox.on(event, handlers.payment_came)
    outbox.on(OfferPassed, handlers.offer_next)
    outbox.on(OfferAccepted, handlers.taken_on)
    outbox.on(JobAssigned, handlers.assigned)
    outbox.on(JobStarted, handlers.started)
    outbox.on(JobFinished, handlers.finished)
    for told in (events.OrderPlaced, events.OrderReleased, events.OrderRefunded, events.ReviewsOpened):
        outbox.know(told)
    timers.every(timedelta(seconds=20), tasks.ring_timers, due=queries.coops_with_due)
    timers.every(timedelta(minutes=10), tasks.place_visits)
    timers.every(timedelta(minutes=1), tasks.finish_chores)
