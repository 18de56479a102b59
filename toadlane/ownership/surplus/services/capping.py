"""Interest on shares within what the law allows in a year: who said what was published, and a refusal beyond it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import PublishedRate, Year
from toadlane.ownership.surplus.permissions import WORK_OUT
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.ui import formats
from toadlane.ui.formats import percent

YEARS = range(1900, 10_000)


class RateMissing(Expected):
    words = lazy("Nobody has recorded yet which rate was published for that year, so no interest is worked out.")
    status = 422
    field = "interest"


class InterestAboveCap(Expected):
    words = lazy("That is more interest than the law allows.")
    hint = lazy("Work the year out with a lower rate for this year.")  # type: ignore[assignment]
    status = 422
    field = "interest"


class InterestAboveRules(Expected):
    words = lazy("The bylaws say how much interest shares earn at most: a year may bring less, and not more.")
    status = 422
    field = "interest"


class NotARate(Expected):
    words = lazy("A rate lies between nothing and a hundred per cent, such as 3.25.")
    status = 422
    field = "rate"


class SourceNeeded(Expected):
    words = lazy("Say where it was published, so that others can look it up.")
    status = 422
    field = "source"


class NothingMeasured(Expected):
    words = lazy("The law of this co-op’s form measures interest by no published rate.")
    status = 422
    field = "rate"


@transaction.atomic
def record_rate(
    *, year: int, interest: Decimal, source: str, published_on: date, by: Principal, at: datetime
) -> PublishedRate:  # fmt: skip
    """Write down which rate was published for a year. Said again otherwise it is a correction, and both are kept.

    :param interest: as a part of one: 3.25 % is 0.0325
    :raises NothingMeasured, NotARate, SourceNeeded:
    """
    by.must(WORK_OUT)
    Tenant.lock_current()
    cap, source = queries.cap(), source.strip()
    if cap is None:
        raise NothingMeasured
    if not (interest.is_finite() and 0 <= interest <= 1) or year not in YEARS:
        raise NotARate
    if not source:
        raise SourceNeeded
    last = queries.published(cap.base, year)
    if last and (last.rate, last.source, last.published_on) == (interest, source, published_on):
        return last
    return PublishedRate.objects.create(
        base=cap.base, year=year, rate=interest, source=source[:300], published_on=published_on, recorded_at=at,
        recorded_by=str(by),
    )  # fmt: skip


def must_be_allowed(year: Year) -> None:
    """Refuse interest that the law does not allow, as far as what was published is known now. None is always allowed.

    :raises RateMissing, InterestAboveCap:
    """
    cap = queries.cap()
    if cap is None or not any(year.result["interest"].values()):
        return
    known = queries.published(cap.base, year.ends_on.year)
    about = {"year": year.ends_on.year, "base": cap.label, "law": formats.apart(cap.law)}
    if known is None:
        raise RateMissing(_("Record first what was published for %(year)s: %(base)s (%(law)s).") % about)
    wanted, published = rate(year.terms["interest"]), rate(known.rate)
    if wanted > cap.most(published):
        about |= {"wanted": percent(wanted), "most": percent(cap.most(published)), "published": percent(published)}
        raise InterestAboveCap(
            _("%(wanted)s are more than the law allows for %(year)s: at most %(most)s (%(base)s, %(published)s; %(law)s).")
            % about
        )
