"""What members hold, read from the movements alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.kernel.dates import add_months
from toadlane.kernel.money import Money
from toadlane.kernel.rates import floor
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.ownership.shares.models import Bequest, Estate, Movement, Offer, Part, Redemption, Subscription
from toadlane.ownership.shares.policies import classes, redemption, subscriptions
from toadlane.ownership.shares.policies.classes import ShareClass
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Membership, Standing
from toadlane.trade.assignments import queries as assignments
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

WHOSE = ("membership__person", "membership__organisation")


@dataclass(frozen=True)
class Holding:
    membership_id: int
    share_class: str
    shares: int
    nominal: Money
    unpaid: Money


def currency() -> str:
    return str(coops.of_scope(current_coop_id()).currency)


def share_classes() -> dict[str, ShareClass]:
    """Return the shares that the bylaws in force know; none where they know of no shares."""
    return classes.read(bylaws.book().maybe("shares.classes") or [])


def holdings(*, membership_ids: Iterable[int] | None = None, until: date | None = None) -> list[Holding]:
    """Return who holds what, in one statement; whoever holds nothing any more is left out."""
    rows = Movement.objects.all()
    if membership_ids is not None:
        rows = rows.filter(membership_id__in=list(membership_ids))
    if until is not None:
        rows = rows.filter(on__lte=until)
    sums = rows.order_by().values("membership_id", "share_class", "currency").annotate(
        held=Sum("shares"), nominal=Sum("nominal_minor"), unpaid=Sum("unpaid_minor")
    )  # fmt: skip
    found = [
        Holding(row["membership_id"], row["share_class"], row["held"], Money(row["nominal"], row["currency"]),
                Money(row["unpaid"], row["currency"]))
        for row in sums if row["held"] or row["unpaid"]
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.membership_id, one.share_class))


def holding(membership_id: int, share_class: str) -> Holding:
    zero = Money(0, currency())
    found = (one for one in holdings(membership_ids=[membership_id]) if one.share_class == share_class)
    return next(found, Holding(membership_id, share_class, 0, zero, zero))


def may_bear(held: Holding) -> int:
    """Return what of a loss somebody's shares may bear, in minor units: what was paid in, and a share stays one of something."""
    return max(0, held.nominal.minor - held.unpaid.minor - held.shares)


def capital(*, until: date | None = None) -> Money:
    """Return what all members have put in, or promised to."""
    rows = Movement.objects.filter(on__lte=until) if until else Movement.objects.all()
    return Money(rows.aggregate(sum=Sum("nominal_minor"))["sum"] or 0, currency())


def movements(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Movement]:
    rows = Movement.objects.select_related(*WHOSE, "counterpart__person", "counterpart__organisation").order_by("-pk")
    return rows if membership_ids is None else rows.filter(membership_id__in=list(membership_ids))


def subscription(pk: int) -> Subscription | None:
    return Subscription.objects.select_related(*WHOSE, "offer").filter(pk=pk).first()


def of_subject(subject: str) -> Subscription | None:
    kind, _colon, pk = subject.partition(":")
    return subscription(int(pk)) if kind == "shares" and pk.isdigit() else None


def redemptions() -> QuerySet[Redemption]:
    return Redemption.objects.select_related(*WHOSE, "estate__person").order_by("asked_at", "pk")


def kept_of_early_leaver(one: Redemption) -> int:
    """Return what of a leaver's shares stays in the reserve: nothing of whoever stayed long enough, or had a good reason."""
    book, left_on = bylaws.book(), one.membership.left_on
    years, part = book.value("shares.early_years"), book.value("shares.early_deduction")
    if one.cause != Redemption.Cause.LEFT or one.excused or left_on is None:
        return 0
    if not redemption.is_early(joined_on=one.membership.joined_on, left_on=left_on, years=years):
        return 0
    return floor(part * (one.nominal_minor - one.unpaid_minor))


def parts(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Part]:
    """Return the payments of what was approved, in the order in which they are due."""
    rows = Part.objects.select_related("redemption", *(f"redemption__{name}" for name in WHOSE)).order_by("due_on", "pk")
    return rows if membership_ids is None else rows.filter(redemption__membership_id__in=list(membership_ids))


def estates() -> QuerySet[Estate]:
    """Return the estates of members who died, the newest first, without those that were an error."""
    return Estate.objects.filter(dropped_at=None).select_related("person").order_by("-pk")


def open_estates() -> QuerySet[Estate]:
    """Return the estates of which something can still pass to an heir."""
    return estates().filter(confirmed_at__isnull=False, ended_at=None)


def bequests(estate: Estate) -> QuerySet[Bequest]:
    names = (f"{one}__{name}" for one in ("source", "heir") for name in ("person", "organisation"))
    return estate.bequests.filter(dropped_at=None).select_related("estate", *names).order_by("pk")


def bequest(pk: int) -> Bequest | None:
    return Bequest.objects.select_related("estate", "source", "heir").filter(pk=pk, dropped_at=None).first()


def of_person(person_id: int) -> list[Membership]:
    """Return a person's own memberships, and none of those they speak for."""
    return list(members.register().filter(person_id=person_id).order_by("pk"))


def estate_of(membership: Membership) -> Estate | None:
    """Return the estate of whoever held a membership, where they have died."""
    if membership.person_id is None:
        return None
    return estates().filter(person_id=membership.person_id, confirmed_at__isnull=False).first()


def of_the_dead(membership_ids: Iterable[int]) -> list[int]:
    """Return which of some memberships, however many, were held by people who have died: of these there are few."""
    asked, dead = set(membership_ids), estates().filter(confirmed_at__isnull=False).order_by().values("person_id")
    return [pk for pk in Membership.objects.filter(person_id__in=dead).values_list("pk", flat=True) if pk in asked]


def left_in(estate: Estate) -> list[tuple[Membership, Holding]]:
    """Return what an estate still holds, by membership of the dead."""
    own = {one.pk: one for one in of_person(estate.person_id)}
    return [(own[one.membership_id], one) for one in holdings(membership_ids=own)]


def repaid_in(year: int) -> int:
    """Return what has left the capital in a year, in minor units."""
    rows = Movement.objects.filter(kind=Movement.Kind.REDEEMED, on__year=year)
    return -(rows.aggregate(sum=Sum("nominal_minor"))["sum"] or 0)


def plan(today: date) -> redemption.Repaid:
    """Say which of the waiting repayments may be made now: in their order, above the floor, within the year's limit."""
    book = bylaws.book()
    gone = repaid_in(today.year)
    waiting = list(redemptions().filter(state=Redemption.State.WAITING))
    # Unpaid shares do not come back to whoever stays, whatever made them so since they asked.
    stay = [one.membership_id for one in waiting if one.cause == Redemption.Cause.ASKED]
    unpaid = {(one.membership_id, one.share_class) for one in holdings(membership_ids=stay) if one.unpaid.minor}
    asked = [
        redemption.Request(str(one.pk), one.nominal_minor) for one in waiting
        if one.cause != Redemption.Cause.ASKED or (one.membership_id, one.share_class) not in unpaid
    ]  # fmt: skip
    limit = book.maybe("shares.withdrawal_limit")
    least = book.maybe("shares.least_capital")
    floor = least.minor if least else 0
    if limit is not None:
        # A share of the capital as it was before this year's repayments, not of what they have left.
        floor = max(floor, capital().minor - max(0, int(limit * (capital().minor + gone)) - gone))
    policy: redemption.Queue = book.maybe("shares.queue") or "fifo_partial"
    return redemption.repay(policy=policy, capital=capital().minor, floor_capital=floor, requests=asked)


def offers() -> QuerySet[Offer]:
    return Offer.objects.order_by("-opens_at", "-pk")


def promised(offer: Offer) -> int:
    """Return what has been applied for and paid, in minor units."""
    paid = offer.applications.filter(paid_at__isnull=False)
    return int(paid.aggregate(sum=Sum("paid_minor"))["sum"] or 0)


def may_hold(by: Principal) -> list[Membership]:
    """Return the memberships that somebody may subscribe for."""
    held = Q(pk__in=by.memberships, standing__in=MEMBERS) | Q(pk__in=joining(by))
    return list(members.register().filter(held))


def joining(by: Principal) -> set[int]:
    """Return the memberships of somebody that begin once their first shares are paid."""
    if by.person_id is None:
        return set()
    rows = members.of_person(by.person_id).filter(standing=Standing.ACCEPTED, accepted_at__isnull=False)
    return set(rows.order_by().values_list("pk", flat=True))


def entry_fee(membership: Membership, one: ShareClass) -> int:
    """Return what joining costs in minor units: paid once, with the first shares."""
    book = bylaws.book()
    fee = book.maybe("shares.entry_fee")
    paid_before = Subscription.objects.filter(membership=membership, fee_minor__gt=0, state=Subscription.State.DONE).exists()
    if fee is None or paid_before or Movement.objects.filter(membership=membership).exists():
        return 0
    wanted = [each for each in share_classes().values() if each.is_for(membership.member_class)]
    compulsory = sum(each.least * each.price for each in wanted) or one.price
    return subscriptions.entry_fee(fee=fee.minor, compulsory=compulsory, most=book.value("shares.entry_fee_most"))


def late_since(today: date, *, membership_ids: Iterable[int] | None = None) -> dict[int, date]:
    """Return since when members are late with the rest of their shares; who is not late is left out."""
    found = dict[int, date]()
    for (who, _name), of_class in _rests(membership_ids).items():
        since = subscriptions.late_from(of_class, 0)
        if since is not None and since <= today:
            found[who] = min(since, found.get(who, since))
    return found


def _rests(membership_ids: Iterable[int] | None) -> dict[tuple[int, str], list[tuple[date, int]]]:
    """Return until when what each line of the register left unpaid can be paid, with by how much it changed that.

    What the payer's bank has taken back had its time: it is owed from that day on.

    :return: by membership and class
    """
    rows, months = Movement.objects.exclude(unpaid_minor=0), int(bylaws.book().value("shares.rest_months"))
    if membership_ids is not None:
        rows = rows.filter(membership_id__in=list(membership_ids))
    lines: dict[tuple[int, str], list[tuple[date, int]]] = {}
    wanted = ("membership_id", "share_class", "kind", "on", "unpaid_minor")
    for who, name, kind, day, change in rows.order_by("pk").values_list(*wanted):
        until = day if kind == Movement.Kind.RETURNED else add_months(day, months)
        lines.setdefault((who, name), []).append((until, change))
    return lines


def late_interest(membership_id: int, share_class: str, today: date) -> Money:
    """Return the interest that a late rest has come to by a day: paid with it."""
    return late_interests([membership_id], today).get((membership_id, share_class), Money(0, currency()))


def late_interests(membership_ids: Iterable[int], today: date) -> dict[tuple[int, str], Money]:
    """Return the same for some members, by membership and class; who is not late is left out."""
    book, unit = bylaws.book(), currency()
    yearly = book.value("shares.rest_interest")
    found = {
        key: subscriptions.late_interest(lines, months=0, yearly=yearly, today=today)
        for key, lines in _rests(membership_ids).items()
    }
    return {key: Money(minor, unit) for key, minor in found.items() if minor}


def missing(membership: Membership, until: date) -> list[tuple[ShareClass, int]]:
    """Return which shares a member has to take and has not, with how many.

    Where a share is due for each year of use, what counts are the years in which they worked or sold through the co-op.
    """
    held = {one.share_class: one.shares for one in holdings(membership_ids=[membership.pk])}
    mine = [one for one in share_classes().values() if one.is_for(membership.member_class)]
    years = 0
    if any(one.per_year for one in mine):
        years = len(assignments.years_of_use([membership.pk], until)[membership.pk])
    found = [(one, max(one.least, one.per_year * years) - held.get(one.id, 0)) for one in mine]
    return [(one, count) for one, count in found if count > 0]


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about shares: the first ones to be taken, and repayments that may be made."""
    found = []
    if by.person_id and share_classes():
        for membership in may_hold(by):
            for one, count in missing(membership, assignments.today(at)):
                whole = Money(count * one.price + entry_fee(membership, one), currency())
                words = {"count": count, "amount": formats.money(whole)}
                joins = _("%(count)s to take, %(amount)s. Then you are a member.") % words
                takes = _("%(count)s to take, %(amount)s") % words
                found.append(
                    Waiting(
                        title=_("Your share in the co-op"), detail=joins if membership.is_joining else takes,
                        url=reverse("shares:subscribe", args=[membership.pk, one.id]), action=_("Take it"), icon="coop",
                    )
                )  # fmt: skip
    if by.roles & {"board", "treasurer"}:
        found += _estates_waiting(by)
        count = redemptions().filter(state=Redemption.State.WAITING).count()
        if count:
            found.append(
                Waiting(
                    title=_("Shares to be repaid"),
                    detail=ngettext("One request", "%(count)s requests", count) % {"count": count},
                    url=reverse("shares:queue"), action=_("Look at them"), icon="coop",
                )
            )  # fmt: skip
    return found


def _estates_waiting(by: Principal) -> list[Waiting]:
    """What of estates waits for a second person."""
    died = estates().filter(confirmed_at=None).exclude(reported_by=by.person_id or 0)
    passes = Bequest.objects.filter(confirmed_at=None, dropped_at=None).exclude(recorded_by=by.person_id or 0)
    ids = sorted({*died.values_list("pk", flat=True), *passes.values_list("estate_id", flat=True)})[:5]
    return [
        Waiting(
            title=_("Somebody has died"), detail=_("A second person looks at what becomes of their shares."),
            url=reverse("shares:estate", args=[pk]), action=_("Look at it"), icon="coop",
        )
        for pk in ids
    ]  # fmt: skip


def own_data(*, person_id: int) -> list[dict[str, object]]:
    """Return a person's movements, for themselves to take along."""
    mine = members.of_person(person_id).values("pk")
    fields = ("share_class", "kind", "shares", "nominal_minor", "unpaid_minor", "currency", "on")
    return [{name: getattr(row, name) for name in fields} for row in Movement.objects.filter(membership_id__in=mine)]


def register_equals_ledger() -> Finding:
    """The register of shares says for each member what the books say."""
    held: dict[tuple[str, str], list[int]] = {}
    for row in holdings():
        sums = held.setdefault((f"membership:{row.membership_id}", row.nominal.currency), [0, 0])
        sums[0] += row.nominal.minor
        sums[1] += row.unpaid.minor
    of_books: dict[tuple[str, str], list[int]] = {}
    own = currency()
    for code, place, sign in (("3000", 0, -1), ("1300", 1, 1)):
        for line in books.holders(code, own):
            of_books.setdefault((line.holder, own), [0, 0])[place] = sign * line.minor
    faults = [
        f"{holder}: the register says {held.get((holder, unit), [0, 0])}, the books {of_books.get((holder, unit), [0, 0])}"
        for holder, unit in sorted({*held, *of_books})
        if held.get((holder, unit), [0, 0]) != of_books.get((holder, unit), [0, 0])
    ]
    return Finding(len({*held, *of_books}), faults)


def promised_equals_ledger() -> Finding:
    """What redemptions still promise is what the books owe for redeemed shares, for each who gets it."""
    waiting = list(parts().select_related("redemption__membership", "redemption__estate").filter(paid_at=None))
    sent = payments.sent_at([one.subject for one in waiting])
    owed: dict[str, int] = {}
    for one in waiting:
        if one.subject not in sent:
            owed[one.redemption.holder] = owed.get(one.redemption.holder, 0) + one.principal_minor
    booked = {line.holder: -line.minor for line in books.holders("2400", currency()) if line.minor}
    faults = [
        f"{holder}: {owed.get(holder, 0)} was promised, the books owe {booked.get(holder, 0)}"
        for holder in sorted({*owed, *booked}) if owed.get(holder, 0) != booked.get(holder, 0)
    ]  # fmt: skip
    return Finding(len({*owed, *booked}), faults)


def named(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    """Name the subjects of this room in the books."""
    rows = Subscription.objects.select_related(*WHOSE).filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): books.Named(_("Shares of %(name)s") % {"name": row.membership.name}) for row in rows}


def named_redemptions(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    rows = redemptions().filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): books.Named(_("Shares repaid to %(name)s") % {"name": row.membership.name}) for row in rows}


def named_parts(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    """Name payments of redemptions: which of how many, where there are several."""
    rows = parts().filter(pk__in=[pk for pk in ids if pk.isdigit()]).annotate(count=Count("redemption__parts"))
    named: dict[str, Any] = {}
    for row in rows:
        about = {"name": row.redemption.membership.name, "number": row.number, "count": row.count}
        text = _("Shares repaid to %(name)s, %(number)s of %(count)s") if row.count > 1 else _("Shares repaid to %(name)s")
        named[str(row.pk)] = books.Named(text % about)
    return named


def named_estates(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    rows = Estate.objects.select_related("person").filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): books.Named(_("Estate of %(name)s") % {"name": row.person.name}) for row in rows}
