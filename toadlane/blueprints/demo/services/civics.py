"""What the members of a demo co-op talk about and decide in its year: the same services, the same clocks, as in life."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as voting
from toadlane.democracy.proposals import services as deciding
from toadlane.democracy.proposals.models import OPEN, Proposal, Stage
from toadlane.kernel.money import Money
from toadlane.money.funds import queries as spending
from toadlane.money.funds import services as funds
from toadlane.plumbing.tenancy.prepared import Prepared
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.messaging import services as messaging
from toadlane.society.messaging.models import Notice

# What rings while something is being decided.
TIMERS = ("proposals.advance", "ballots.open_ballots", "ballots.close_ballots", "proposals.enact_due")
_UNDER_WAY: Prepared[Any] = Prepared(
    lambda: Proposal.objects.filter(stage__in=(*OPEN, Stage.VOTING, Stage.COOLING)).values_list("pk")[:1]
)


class Civics:
    """The matters of one co-op, each brought on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date) -> None:
        self.cast = cast
        self.waiting = sorted(
            ((ends - timedelta(days=one["days_ago"]), one) for one in cast.data.get("proposals", ())), key=lambda pair: pair[0]
        )
        self.begun: dict[int, dict[str, Any]] = {}
        # What is bought once its spending is decided, by what it is for.
        self.buying: dict[str, dict[str, Any]] = {}

    def is_busy(self, day: date) -> bool:
        """Tell whether anything is on its way, so that an ordinary evening costs nothing."""
        return bool(self.waiting and self.waiting[0][0] <= day) or bool(self.buying) or bool(_UNDER_WAY())

    def touch(self, day: date, now: datetime) -> None:
        """Bring what is due, and have those vote who have not."""
        while self.waiting and self.waiting[0][0] <= day:
            _day, one = self.waiting.pop(0)
            try:
                self._bring(one, now)
            except deciding.CannotBeDecided:
                if "grant_to" not in one:
                    raise
                continue  # A young co-op's fund does not hold that much yet.
            if "bought" in one:
                self.buying[one["payload"]["purpose"]] = one["bought"]
        for number in list(self.begun):
            proposal = Proposal.objects.get(number=number)
            if proposal.stage == Stage.VOTING:
                self._vote(proposal, self.begun.pop(number), now)
        for approval in spending.open_approvals(day) if self.buying else ():
            if one := self.buying.pop(approval.purpose, None):
                self._buy(one, approval, now)

    def read(self, now: datetime) -> None:
        """Everybody opens what has lain on their desk for ten days; the newest still lies there."""
        names = {person.pk: name for name, person in self.cast.persons.items()}
        for notice in Notice.objects.filter(read_at=None, desk_at__lt=now - timedelta(days=10)).order_by("pk"):
            if notice.person_id in names:
                messaging.open_notice(notice=notice, by=self.cast.by(names[notice.person_id]), at=now)

    def _bring(self, one: dict[str, Any], now: datetime) -> None:
        content: dict[str, Any] = {"kind": one.get("kind", "patch"), "payload": one.get("payload", {"text": one["text"]})}
        if "rule" in one:
            book = bylaws.book()
            op = {"rule": one["rule"], "expect": (book.find(one["rule"]) or {}).get("value"), "set": one["set"]}
            content["payload"] = {"base": book.number, "ops": [op]}
        # What is decided about days and members names them as they are here: so many days on, this member's number.
        days = {name: (now + timedelta(days=ahead)).isoformat() for name, ahead in one.get("days_ahead", {}).items()}
        grant = {"member": self.cast.memberships[one["grant_to"]].number} if "grant_to" in one else {}
        content["payload"] = {**content["payload"], **days, **grant}
        proposal = deciding.propose(
            title=one["title"], summary=one["summary"], text=one["text"], contents=[content], by=self.cast.by(one["by"]), at=now
        )
        for who, side, text in one.get("says", ()):
            deciding.say(proposal=proposal, side=side, text=text, by=self.cast.by(who), at=now)
        for who in one.get("support", ()):
            if who in self.cast.persons:
                deciding.support(proposal=proposal, by=self.cast.by(who), at=now)
        if one.get("recap"):
            deciding.summarise(proposal=proposal, text=one["recap"], by=self.cast.by(one["by"]), at=now)
        if "votes" in one:
            self.begun[proposal.number] = one

    def _vote(self, proposal: Proposal, one: dict[str, Any], now: datetime) -> None:
        """Members mark their papers, in person or for the organisation they speak for."""
        ballot = ballots.of_proposal(proposal)[-1]
        delegates = {row["id"]: row["delegates"][0] for row in self.cast.data.get("organisations", ())}
        for choice, names in one["votes"].items():
            for name in names:
                by = self.cast.by(delegates.get(name, name))
                wanted = self.cast.memberships[name].pk
                for entry in ballots.my_entries(ballot, by):
                    if entry.membership_id == wanted:
                        voting.cast(ballot=ballot, entry=entry, choice=choice, by=by, at=now)

    def _buy(self, one: dict[str, Any], approval: Any, now: datetime) -> None:
        """Somebody bought it and brought the receipt; one officer prepares the payment, another pays."""
        by, first, second = (self.cast.by(one[name]) for name in ("by", "prepared_by", "paid_by"))
        amount = Money(one["minor"], approval.currency)
        expense = funds.claim(
            purpose=one["purpose"], amount=amount, payee=one["payee"], approval=approval, by=by, at=now
        )  # fmt: skip
        receipt = ContentFile(f"{one['payee']}: {one['purpose']}\n{amount}\n".encode())
        funds.add_receipt(expense=expense, file=receipt, name="receipt.txt", by=by, at=now)
        prepared = funds.prepare(expense=expense, key=f"demo:{expense.pk}", by=first, at=now)
        with suppress(funds.BelongsToOthers):  # A young co-op has not earned that much yet: it stays prepared, in sight.
            funds.pay(disbursement=prepared, by=second, at=now)
