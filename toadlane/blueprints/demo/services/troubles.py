"""What does not go smoothly in a demo co-op, and what waits for somebody at its end: something to do at each desk."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from toadlane.blueprints.demo.services import cast as casting
from toadlane.blueprints.demo.services.cast import Cast
from toadlane.blueprints.demo.services.opinions import customer_of, provider_of
from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Channel
from toadlane.society.members import queries as member_queries
from toadlane.society.members import services as members
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import services as reviews
from toadlane.trade.reviews.models import Review, Side

Row = dict[str, Any]
# What somebody could complain about: given, or just being given.
GIVEN = ("shipped", "done", "received", "released", "confirmed")


class Troubles:
    """The troubles of one co-op, each on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date) -> None:
        self.cast = cast
        self.days: dict[date, list[tuple[Callable[[Row, datetime], None], Row]]] = {}
        steps = {"applicants": self._apply, "complaints": self._complain, "refunds": self._refund, "reports": self._report}
        for name, step in steps.items():
            for one in cast.data.get(name, ()):
                self._plan(ends - timedelta(days=one["days_ago"]), step, one)
                if "answer" in one:
                    self._plan(ends - timedelta(days=one["answered_days_ago"]), self._answer, one)
        self.troubled: set[int] = set()

    def _plan(self, day: date, step: Callable[[Row, datetime], None], one: Row) -> None:
        self.days.setdefault(day, []).append((step, one))

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, now)

    def _apply(self, one: Row, now: datetime) -> None:
        """Somebody signs up and asks to join."""
        person = casting.person(one, self.cast.coop.language, now)
        by = member_queries.principal(person_id=person.pk, channel=Channel.WEB)
        members.apply(
            person=person, member_class=one["member_class"], answers=one["answers"], organisation=one.get("organisation", ""),
            by=by, at=now,
        )  # fmt: skip

    def _complain(self, one: Row, now: datetime) -> None:
        """A customer complains about a recent order of a member whose case the mediator may decide."""
        for order in self._recent(GIVEN, now):
            mediator = self.cast.holding("mediator")
            if order.provider_id not in mediator.memberships:
                one["complaint"] = reviews.complain(order=order, text=one["text"], by=customer_of(self.cast, order), at=now)
                self.troubled.add(order.pk)
                return

    def _answer(self, one: Row, now: datetime) -> None:
        if complaint := one.get("complaint"):
            by = provider_of(self.cast, complaint.order)
            reviews.answer_complaint(complaint=complaint, text=one["answer"], by=by, at=now)

    def _refund(self, one: Row, now: datetime) -> None:
        """A member gives a part of the price back, because something was not as it should be."""
        whose = self.cast.memberships[one["by"]].pk
        for order in self._recent(("released",), now):
            if order.provider_id == whose and not order.refunded_minor:
                part = Money(order.total_minor * one["percent"] // 100, order.currency)
                by = provider_of(self.cast, order)
                orders.refund(order=order, amount=part, reason=one["reason"], key=f"demo:{order.subject}:part", by=by, at=now)
                orders.do_chores(order_ids=[order.pk], by=by, at=now)
                self.troubled.add(order.pk)
                return

    def _report(self, one: Row, now: datetime) -> None:
        """Somebody thinks that a review should not stand there."""
        written = Review.objects.filter(side=Side.CUSTOMER, window__published_at__isnull=False).exclude(text="")
        review = written.select_related("window__order").order_by("stars", "-pk").first()
        if review is not None:
            by = provider_of(self.cast, review.window.order)
            reviews.report(subject=f"review:{review.pk}", reason=one["reason"], text=one["text"], by=by, at=now)

    def _recent(self, states: tuple[str, ...], now: datetime) -> list[Order]:
        rows = Order.objects.filter(state__in=states, provider__isnull=False, total_minor__gt=0, state_since__lte=now)
        whole = rows.select_related("process", "checkout", "provider__organisation", "provider__person", "worker")
        return list(whole.exclude(pk__in=self.troubled).order_by("-placed_at", "-pk")[:60])
