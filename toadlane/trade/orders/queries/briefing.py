"""What whoever goes to a visit has to know: lent to the job's page, and told to nobody before the job is theirs."""

from fractions import Fraction

from django.urls import reverse

from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.permissions import SEE
from toadlane.trade.orders.queries import splits
from toadlane.trade.orders.queries.finding import is_offered, of_subject
from toadlane.trade.work.models import Job
from toadlane.trade.work.queries import Briefing, Terms


def briefing(job: Job, by: Principal) -> Briefing | None:
    """Return address and notes for the two sides that the order knows, while the job is to be done."""
    order = of_subject(job.subject)
    if order is None or job.state in Job.ENDED or not order.is_taken_on or not by.may(SEE, order):
        return None
    page = reverse("orders:detail", urlconf=COOP_URLS, args=[order.pk])
    return Briefing(address=order.address, notes=order.notes, url=page)


def terms(job: Job, by: Principal) -> Terms | None:
    """Return what a job brings, for whoever does it or is asked to: by the split of its order, before anybody says yes."""
    order = of_subject(job.subject)
    if order is None or not order.total_minor or not (by.may(SEE, order) or is_offered(order, by)):
        return None
    split = splits.of_order(order, bylaws.book(version=order.bylaws_version), worker=order.worker_name)
    pay = [share.amount for share in split.shares if share.kind == "worker"]
    if not pay:
        return None  # The co-op sells the work itself, and pays by another rule than the split.
    hours = Fraction(int(job.length.total_seconds()), 3600)
    before_tip = Money.total(pay, order.currency)
    return Terms(brings=before_tip + order.tip, an_hour=Money(int(before_tip.minor / hours), order.currency), split=split)
