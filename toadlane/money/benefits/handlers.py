"""Reactions: load, one service call, safe to run again."""

from datetime import datetime

from toadlane.money.bank import queries as bank
from toadlane.money.bank.events import MandateEnded
from toadlane.money.benefits import queries
from toadlane.money.benefits import services as benefits
from toadlane.money.benefits.events import AskedForHer, BatchApproved, ContributionMissed, PlanEnded, WalletOpened
from toadlane.money.benefits.models import Contribution, Draw
from toadlane.money.payments import queries as payments
from toadlane.money.payments.events import DisputeClosed, PaymentCaptured
from toadlane.plumbing.access.principals import Principal


def came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    contribution, payment = queries.of_subject(event.subject), payments.payment(event.payment_id)
    if contribution and payment:
        benefits.credit(contribution=contribution, payment=payment, by=by, at=at)


def mandate_ended(event: MandateEnded, *, by: Principal, at: datetime) -> None:
    for person_id in bank.people_of(event.mandate_id):
        benefits.end_without_mandate(person_id=person_id, by=by, at=at)


def taken_back(event: DisputeClosed, *, by: Principal, at: datetime) -> None:
    if not event.won and (contribution := queries.of_subject(event.subject)):
        benefits.came_back(contribution=contribution, by=by, at=at)


def opened(event: WalletOpened, *, by: Principal, at: datetime) -> None:
    wallet = queries.wallet(event.wallet_id)
    if wallet and event.invited_by:
        benefits.tell_of_wallet(wallet=wallet, person_id=event.invited_by, by=by, at=at)


def missed(event: ContributionMissed, *, by: Principal, at: datetime) -> None:
    contribution = queries.of_subject(f"contribution:{event.contribution_id}")
    # Paid meanwhile, there is nothing to tell.
    if contribution and contribution.state != Contribution.State.PAID:
        benefits.tell_of_miss(contribution=contribution, is_over=event.is_over, by=by, at=at)


def plan_ended(event: PlanEnded, *, by: Principal, at: datetime) -> None:
    if plan := queries.plan(event.plan_id):
        benefits.tell_of_end(plan=plan, by=by, at=at)


def asked_for_her(event: AskedForHer, *, by: Principal, at: datetime) -> None:
    if draw := queries.draw(event.draw_id):
        benefits.tell_of_asking(draw=draw, by=by, at=at)


def paid(event: BatchApproved, *, by: Principal, at: datetime) -> None:
    for draw in queries.draws().filter(batch_id=event.batch_id, state=Draw.State.PAID).order_by("pk"):
        benefits.tell_of_payment(draw=draw, by=by, at=at)
