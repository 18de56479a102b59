"""What members had in their capital accounts before their books were kept here: one layer, the oldest, given back first."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.permissions import BRING_IN
from toadlane.ownership.surplus.policies.closing import Facts, Terms, close
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws


@transaction.atomic
def bring_in(*, left: Mapping[int, int], by: Principal, at: datetime) -> Year | None:
    """Keep what was left of all earlier years as a year of its own; the entry itself is that of the opening balances.

    It is a year in which everybody left all they got, worked out like any other, so that whatever looks at years holds for it.

    :param left: in minor units, by membership
    """
    by.must(BRING_IN)
    Tenant.lock_current()
    if not left:
        return None
    total, before = sum(left.values()), timezone.localtime(at).year - 1
    facts = Facts(
        result=total, losses_bf=0, tax=0, member_business=1, nonmember_business=0, capital={},
        patronage={"": {str(pk): minor for pk, minor in left.items()}}, order=[str(pk) for pk in left],
    )  # fmt: skip
    terms = Terms(may_distribute=True, reserve=0, education=0, interest=0, cash=0, least_payout=0)
    year = Year(
        name=f"before-{before + 1}", starts_on=date(before, 1, 1), ends_on=date(before, 12, 31), currency=shares.currency(),
        state=Year.State.BOOKED, facts=queries.as_json(facts), terms=queries.as_json(terms), result=close(facts, terms).as_json(),
        bylaws_version=bylaws.book().number, worked_out_at=at, worked_out_by=str(by), decision=Year.ARRIVED, booked_at=at,
        handed_over_at=at, paid_at=at,
    )  # fmt: skip
    year.hash = queries.digest(year)
    year.save(force_insert=True)
    return year
