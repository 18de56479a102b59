"""What the members of a demo co-op put into it: dues on a scale, shares paid in parts, an offer of more of them, and loans."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.kernel.money import Money
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Card
from toadlane.ownership.dues import queries as owing
from toadlane.ownership.dues import services as dues
from toadlane.ownership.lending import queries as lent
from toadlane.ownership.lending import services as lending
from toadlane.ownership.shares import queries as register
from toadlane.ownership.shares import services as shares
from toadlane.ownership.shares.models import Offer
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import Membership

Row = dict[str, Any]


class Owning:
    """The dues and shares of one co-op, each step on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date, card: Card) -> None:
        self.cast, self.ends, self.card = cast, ends, card
        self.dues: Row = cast.data.get("dues", {})
        self.days: dict[date, list[tuple[Callable[[Row, datetime], None], Row]]] = {}
        steps = {
            "shares": self._take,
            "rests": self._pay_rest,
            "stakes": self._apply,
            "waivers": self._waive,
            "loans": self._lend,
        }
        for name, step in steps.items():
            for one in cast.data.get(name, ()):
                self.days.setdefault(ends - timedelta(days=one["days_ago"]), []).append((step, one))

    def timers(self, day: date) -> tuple[str, ...]:
        """Return what rings on a day: dues once a week, the end of an offer, and what loans earned in a month."""
        monday, month_ends = day.weekday() == 0, lent.end_of_month(day) == day
        return (
            *(("dues.keep_time",) if self.dues and monday else ()), *(("shares.close_offers",) if monday else ()),
            *(("lending.keep_time",) if self.cast.data.get("loans") and month_ends else ()),
        )  # fmt: skip

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, now)
        if self.dues and day.weekday() == 2:
            self._pay_dues(day, now)

    def _who(self, name: str) -> tuple[Membership, Principal]:
        """Return a member, and whoever acts for it: in person, or the organisation's first delegate."""
        delegates = {row["id"]: row["delegates"][0] for row in self.cast.data.get("organisations", ())}
        return self.cast.memberships[name], self.cast.by(delegates.get(name, name))

    # ----------------------------------------------------------------------------------------------------------- dues

    def _pay_dues(self, day: date, now: datetime) -> None:
        """Everybody pays in the week in which it is asked for, for as long as they like; some forget, from a day on."""
        chosen, ahead = self.dues.pop("chosen", {}), self.dues.get("ahead", ())
        for name, minor in chosen.items():
            whose, by = self._who(name)
            dues.choose(membership=whose, amount=Money(minor, self.cast.coop.currency), by=by, at=now)
        late = {name for name, ago in self.dues.get("late", {}).items() if day >= self.ends - timedelta(days=ago)}
        names = {membership.pk: name for name, membership in self.cast.memberships.items() if name not in late}
        for pk in dict.fromkeys(owing.open_claims(membership_ids=names).values_list("membership_id", flat=True)):
            whose, by = self._who(names[pk])
            owed = owing.left_of([pk])
            amount = owed.times(4) if names[pk] in ahead else owed
            placed = dues.pay(membership=whose, method="card", amount=amount, key=f"demo:{day}:{pk}", by=by, at=now)
            payments.authorise(payment=placed.payment, instrument=self.card, by=by, at=now)

    def _waive(self, one: Row, now: datetime) -> None:
        whose, _by = self._who(one["of"])
        until = now.date() + timedelta(days=one["for_days"])
        dues.waive(membership=whose, until=until, reason=one["reason"], what_is_open=True, by=self.cast.by(one["by"]), at=now)

    # --------------------------------------------------------------------------------------------------------- shares

    def _take(self, one: Row, now: datetime) -> None:
        for name in one["of"]:
            whose, by = self._who(name)
            placed = shares.subscribe(
                membership=whose, share_class=one["class"], shares=one["shares"], paid_rate=one.get("paid", "1"), method="card",
                key=f"demo:{one['days_ago']}:{name}", by=by, at=now,
            )  # fmt: skip
            payments.authorise(payment=placed.payment, instrument=self.card, by=by, at=now)

    def _pay_rest(self, one: Row, now: datetime) -> None:
        for name in one["of"]:
            whose, by = self._who(name)
            placed = shares.pay_rest(
                membership=whose, share_class=one["class"], method="card", key=f"demo:rest:{name}", by=by, at=now
            )
            payments.authorise(payment=placed.payment, instrument=self.card, by=by, at=now)

    def _apply(self, one: Row, now: datetime) -> None:
        """Members put money into an offer that is open."""
        offer = register.offers().filter(state=Offer.State.OPEN, opens_at__lte=now, closes_at__gt=now).first()
        if offer is None:
            return
        for name, count in one["of"].items():
            whose, by = self._who(name)
            placed = shares.apply(
                offer=offer, membership=whose, shares=count, method="card", key=f"demo:stake:{name}", by=by, at=now
            )
            payments.authorise(payment=placed.payment, instrument=self.card, by=by, at=now)

    # ---------------------------------------------------------------------------------------------------------- loans

    def _lend(self, one: Row, now: datetime) -> None:
        """A member lends: offered, agreed to by another, and sent by transfer. The last offer may lie on the desk."""
        whose, by = self._who(one["of"])
        loan = lending.offer(
            membership=whose, minor=one["amount"], interest=Decimal(one["interest"]), months=one["months"],
            key=f"demo:{one['days_ago']}:{one['of']}", by=by, at=now,
        )  # fmt: skip
        if "by" not in one:
            return
        loan = lending.agree(loan=loan, by=self.cast.by(one["by"]), at=now)
        payment = lending.bring(loan=loan, method="transfer", by=by, at=now)
        bank = Principal.job(self.cast.coop.pk, "bank")
        payments.receive_by_bank(payment=payment, reference=f"demo:loan:{loan.pk}", by=bank, at=now)
