"""What has to be paid in money, and how years and repayments are called where money is spoken of."""

from datetime import datetime

from django.utils.translation import gettext as _

from toadlane.money.ledger import queries as books
from toadlane.ownership.surplus.models import Repayment, Year
from toadlane.plumbing.access.principals import Principal
from toadlane.ui import formats


def coops_to_pay(_now: datetime) -> list[int]:
    """Return the co-ops where something is booked that has to be paid in money. Asked with the scope lifted."""
    years = Year.objects.filter(state=Year.State.BOOKED, handed_over_at=None, paid_at=None).order_by()
    given = Repayment.objects.filter(handed_over_at=None, paid_at=None).order_by()
    return sorted({*years.values_list("coop_id", flat=True), *given.values_list("coop_id", flat=True)})


def named_repayments(ids: list[str], _by: Principal | None) -> dict[str, books.Named]:
    rows = Repayment.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()]).select_related("year")
    return {
        str(one.pk): books.Named(_("Left in %(year)s and given back") % {"year": formats.apart(one.year.name)}) for one in rows
    }
