"""What waits for somebody, what has to be true, and what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import Posting
from toadlane.money.ledger.policies.chart import CREDIT, ON_HOLD
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.booking.models import Booking, Resource
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders.models import NOT_TAKEN_ON, Checkout, Chore, Order
from toadlane.trade.orders.queries import splits, taxes, times, words
from toadlane.ui import shapes

BATCH = 500
# In these an order has a time that somebody keeps free for it.
TAKEN_ON = ("accepted", "assigned", "started")


def price_preview(listing: Any, net: Money) -> shapes.Split | None:
    """Return where the money of a listing's price would go today: the public answer, before anybody orders."""
    book = bylaws.book()
    known = taxes.sellers(listing.provider_id)
    version = next((one.id for one in catalog.variants(listing) if one.price == net), "")
    sums = splits.split(
        net, tip=Money(0, net.currency), book=book, taxing=taxes.taxed(known, kind=listing.process, buyer="", book=book),
        sold=splits.sold_as(listing.kind, version),
    )  # fmt: skip
    priced = Order(
        currency=net.currency, net_minor=sums.net.minor, vat_minor=sums.vat.minor, on_top_minor=sums.on_top.minor,
        total_minor=sums.total.minor, split=sums.shares,
    )  # fmt: skip
    return splits.shown(priced, book, provider=str(listing.provider or ""))


def tax_rate() -> Fraction:
    """Return the rate of VAT that is added to prices today."""
    return Fraction(bylaws.book().value("trade.vat_rate"))


def what_is_paid(net: Money, is_untaxed: bool) -> Money:
    """Return what a customer pays for a price before tax, by the rules in force."""
    taxing = taxes.Taxing(why="small") if is_untaxed else taxes.AS_RULED
    return splits.paid_for(net, book=bylaws.book(), taxing=taxing)


def deals(by: Principal, listing_id: int) -> bool:
    """Whether somebody stands on one side of an order of a listing that is taken on, and so may read what only those sides may.

    A request that waits for its answer opens nothing, and neither does a question.
    """
    rows = Order.objects.filter(listing_id=listing_id).exclude(state__in=NOT_TAKEN_ON).exclude(kind="inquiry")
    if by.order_id and rows.filter(pk=by.order_id).exists():
        return True
    if by.person_id and rows.filter(customer_id=by.person_id).exists():
        return True
    return bool(by.memberships) and rows.filter(provider_id__in=by.memberships).exists()


def waiting(by: Principal, at: datetime) -> list[shapes.Waiting]:
    """Return what waits for somebody: answers to give, parcels to send, workers to name, quarrels to settle."""
    if not by.person_id:
        return []
    found = list(_for_provider(by)) if by.memberships else []
    for order in Order.objects.filter(customer_id=by.person_id, state="done").order_by("done_at")[:5]:
        found.append(_one(order, _("Was all well?"), _("Say so, or say what was wrong.")))
    for order in Order.objects.filter(customer_id=by.person_id, state="unpaid").order_by("placed_at")[:5]:
        found.append(_one(order, _("Pay for it"), _("It is kept for you for a while.")))
    if "board" in by.roles and coops.of_scope(current_coop_id()).setup.get("processes", {}).get("visit"):
        found += _first_steps()
    if by.roles & {"board", "treasurer", "coordinator"} and (stuck := Chore.objects.filter(done_at=None, tried__gte=3).count()):
        title = ngettext("%(n)s payment is stuck", "%(n)s payments are stuck", stuck) % {"n": stuck}
        detail = _("The card company did not do what an order asked.")
        found.append(shapes.Waiting(title, detail, reverse("orders:ours", urlconf=COOP_URLS) + "?all=1", _("Look"), "warn"))
    return found


def _first_steps() -> list[shapes.Waiting]:
    """Say what a new co-op of co-ops lacks before anybody can be sent: a member that takes jobs on."""
    if times.somebody_offers(bylaws.book()):
        return []
    detail = _("Customers find no free time before. A member that takes jobs on joins first, then names who works there.")
    address = reverse("members:join", urlconf=COOP_URLS)
    return [shapes.Waiting(_("Nobody can take a job yet"), detail, address, _("See who can join"), "person")]


def _for_provider(by: Principal) -> Iterator[shapes.Waiting]:
    rows = Order.objects.filter(provider_id__in=by.memberships)
    for state, label, detail in (
        ("requested", _("Say yes or no"), _("Somebody asks for it.")),
        ("paid", _("Send it"), _("It is paid.")),
        ("accepted", _("Say who goes"), _("You took it on.")),
        ("open", _("Answer"), _("Somebody asks a question.")),
    ):
        of_visits = rows.filter(kind="visit") if state == "accepted" else rows
        for order in of_visits.filter(state=state).order_by("state_since")[:10]:
            yield _one(order, label, detail)


def _one(order: Order, action: str, detail: str) -> shapes.Waiting:
    address = reverse("orders:detail", urlconf=COOP_URLS, args=[order.pk])
    return shapes.Waiting(order.title, detail, address, action, "clock", order.due_at)


def releases_equal_splits() -> Finding:
    """Look at every released order: what was credited to its shares is its split, less what went back before."""
    looked_at, faults = 0, []
    released = Order.objects.exclude(released_at=None).exclude(captured_minor=0).order_by("pk")
    for start in range(0, released.count(), BATCH):
        orders = list(released.prefetch_related("refunds")[start : start + BATCH])
        looked_at += len(orders)
        posted = _posted([order.subject for order in orders])
        for order in orders:
            before = sum(refund.amount_minor for refund in order.refunds.all() if refund.stage == "held")
            wanted = order.captured_minor - before
            if posted.get(order.subject, 0) != wanted:
                faults.append(f"order {order.pk}: {posted.get(order.subject, 0)} released, {wanted} was to be")
    return Finding(looked_at, tuple(faults))


def shares_add_up() -> Finding:
    """The shares of an order are its price; what is left of them is what was taken less what went back; each refund counts."""
    looked_at, faults, last = 0, list[str](), None
    rows = Order.objects.prefetch_related("refunds").order_by("pk")
    while chunk := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
        last, looked_at = chunk[-1].pk, looked_at + len(chunk)
        for order in chunk:
            back = sum(refund.amount_minor for refund in order.refunds.all())
            if _of(order.split) != order.total_minor:
                faults.append(f"order {order.pk}: its shares come to {_of(order.split)}, its price to {order.total_minor}")
            if back != order.refunded_minor:
                faults.append(f"order {order.pk}: {order.refunded_minor} went back, its refunds come to {back}")
            if order.released_at is not None and _of(order.left) != order.captured_minor - order.refunded_minor:
                faults.append(f"order {order.pk}: what is left of its shares is not what is left of the money")
            if any(one.shares and _of(one.shares) != one.amount_minor for one in order.refunds.all()):
                faults.append(f"order {order.pk}: a refund does not come to what its shares bear")
    return Finding(looked_at, faults)


def _of(shares: list[dict[str, Any]]) -> int:
    return sum(share["minor"] for share in shares)


def _posted(subjects: list[str]) -> dict[str, int]:
    """Return how much of what was held for each order went to its shares."""
    keys = [f"{subject}:{what}" for subject in subjects for what in ("released", "tip", "kept")]
    held = Q(account__code="2100") | Q(account__code=CREDIT, holder=ON_HOLD)
    rows = Posting.objects.filter(held, entry__key__in=keys).values("entry__subject").annotate(sum=Sum("minor"))
    return {row["entry__subject"]: row["sum"] for row in rows.order_by()}


def paid_orders_have_their_time() -> Finding:
    """Look at every order that somebody took on for a time: where its provider keeps a calendar, the time stands in it."""
    rows = Order.objects.filter(state__in=TAKEN_ON, starts_at__isnull=False)
    looked_at, faults = rows.count(), []
    booked = set(Booking.objects.filter(state="confirmed", subject__startswith="order:").values_list("subject", flat=True))
    kept = _with_calendars()
    for order in rows.only("pk", "listing_id", "provider_id"):
        is_kept = order.listing_id in kept["listings"] or (order.listing_id is None and order.provider_id in kept["members"])
        if is_kept and order.subject not in booked:
            faults.append(f"order {order.pk} is taken on and has no time in a calendar")
    return Finding(looked_at, tuple(faults))


def _with_calendars() -> dict[str, set[int]]:
    found = list(Resource.objects.values_list("listing_id", "membership_id"))
    return {"listings": {row[0] for row in found if row[0]}, "members": {row[1] for row in found if row[1] and not row[0]}}


def checkouts_add_up() -> Finding:
    """Look at every checkout: its orders sum to what it asked for."""
    rows = Checkout.objects.annotate(sum=Sum("orders__total_minor")).values_list("pk", "total_minor", "sum")
    faults = [f"checkout {pk}: {sum_} of {total}" for pk, total, sum_ in rows if (sum_ or 0) != total]
    return Finding(len(rows), tuple(faults))


def of_person(*, person_id: int) -> list[dict[str, Any]]:
    """Return the orders a person placed, for the export of their own data."""
    return [
        {"order": o.pk, "title": o.title, "state": words.state(o.state), "placed_at": o.placed_at.isoformat(),
         "name": o.name, "company": o.company, "vat_number": o.vat_number,
         "email": o.email, "phone": o.phone, "address": o.address, "notes": o.notes, "total": str(o.total)}
        for o in Order.objects.filter(customer_id=person_id).order_by("pk")
    ]  # fmt: skip


def title_of(subject: str) -> tuple[str, str] | None:
    """Return what the books call `order:12`, and the path of its page."""
    room, _sep, pk = subject.partition(":")
    order = Order.objects.filter(pk=int(pk)).only("pk", "title").first() if room == "order" and pk.isdigit() else None
    return (
        (_("Order %(number)s, %(title)s") % {"number": order.pk, "title": order.title}, f"orders/{order.pk}/") if order else None
    )
