"""Who may decide a complaint when every mediator is a party to it: the board names somebody who is not."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person
from toadlane.trade.reviews.models import Complaint
from toadlane.trade.reviews.permissions import NAME_STAND_IN, parties
from toadlane.ui.shapes import Waiting

MOST = 200


def candidates(complaint: Complaint) -> list[Person]:
    """Return the members and officers of the co-op who stand on neither side, by name."""
    known = {one.person_id for one in members.officers()}
    known |= set(members.register().filter(left_on=None, person__isnull=False).values_list("person_id", flat=True))
    return list(Person.objects.filter(pk__in=known - parties(complaint.order), is_active=True).order_by("name", "pk")[:MOST])


def lacking(by: Principal) -> list[Complaint]:
    """Return the complaints for which this member of the board has to name somebody, the oldest first."""
    if "board" not in by.roles:
        return []
    rows = Complaint.objects.filter(state__in=(Complaint.State.OPEN, Complaint.State.ANSWERED), stand_in=None)
    rows = rows.select_related("order__provider__person").order_by("opened_at", "pk")[:20]
    return [one for one in rows if by.may(NAME_STAND_IN, one)]


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return for the desk of the board the complaints that nobody could decide."""
    title, todo = _("Name somebody to decide a complaint"), _("Name them")
    return [
        Waiting(title, _("Every mediator is a party to it: %(title)s") % {"title": one.order.title}, _page(one), todo, "scales")
        for one in lacking(by)
    ]


def _page(complaint: Complaint) -> str:
    return reverse("reviews:complaint", urlconf=COOP_URLS, args=[complaint.pk])
