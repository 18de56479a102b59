"""What whoever goes to a visit has to know: lent to the job's page, and told to nobody before the job is theirs."""

from django.urls import reverse

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.permissions import SEE
from toadlane.trade.orders.queries.finding import of_subject
from toadlane.trade.work.models import Job
from toadlane.trade.work.queries import Briefing


def briefing(job: Job, by: Principal) -> Briefing | None:
    """Return address and notes for the two sides that the order knows, while the job is to be done."""
    order = of_subject(job.subject)
    if order is None or job.state in Job.ENDED or not by.may(SEE, order):
        return None
    page = reverse("orders:detail", urlconf=COOP_URLS, args=[order.pk])
    return Briefing(address=order.address, notes=order.notes, url=page)
