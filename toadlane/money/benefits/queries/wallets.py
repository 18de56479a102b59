"""Wallets, what is in them, and what was promised to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.money.benefits import policies
from toadlane.money.benefits.models import Contribution, Draw, GiveBack, Invitation, Plan, Rhythm, Wallet
from toadlane.money.benefits.policies import Units
from toadlane.money.benefits.queries.terms import units
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.plumbing.outbox import timers
from toadlane.society.members.models import Membership
from toadlane.society.people.policies import digest

BIG, MOST_SHOWN = 2**31, 20


def _rows() -> QuerySet[Wallet]:
    return Wallet.objects.select_related("person")


def wallet(pk: int) -> Wallet | None:
    return _rows().filter(pk=pk).first() if 0 < pk < BIG else None


def of_person(person_id: int) -> Wallet | None:
    return _rows().filter(person_id=person_id).first()


def at_code(code: str) -> Wallet | None:
    """Return the wallet of the address that a worker hands to clients."""
    return _rows().filter(code=code).first()


def next_try(at: datetime) -> datetime | None:
    """Return when a kept card is charged next."""
    rows = Contribution.objects.filter(state__in=(Contribution.State.ASKED, Contribution.State.FAILED))
    return timers.first_after(at, rows, "try_at")


def invitation(token: str, *, at: datetime) -> Invitation | None:
    """Return the invitation to open a wallet that has this token and may still be answered."""
    rows = Invitation.objects.filter(role=Invitation.Role.WORKER, answered_at=None, expires_at__gt=at)
    return rows.filter(digest=digest(token)).select_related("invited_by").first()


def invitations_by(person_id: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(invited_by_id=person_id).select_related("wallet__person").order_by("-pk")


def contributions() -> QuerySet[Contribution]:
    return Contribution.objects.select_related("payer", "plan", "wallet__person").order_by("-pk")


def of_subject(subject: str) -> Contribution | None:
    kind, _colon, pk = subject.partition(":")
    return contributions().filter(pk=int(pk)).first() if kind == "contribution" and pk.isdecimal() else None


def plan(pk: int) -> Plan | None:
    return Plan.objects.select_related("wallet__person").filter(pk=pk).first() if 0 < pk < BIG else None


def plans_of(payer_id: int) -> QuerySet[Plan]:
    """Return what a client promised, the newest first. One that was never paid for is no promise yet."""
    rows = Plan.objects.filter(payer_id=payer_id).exclude(state=Plan.State.STARTING)
    return rows.select_related("wallet__person").order_by("-pk")


def running_for(payer_id: int, wallet: Wallet) -> list[Plan]:
    """Return what a client gives to one wallet again and again."""
    return list(Plan.objects.filter(payer_id=payer_id, wallet=wallet, state=Plan.State.RUNNING).order_by("pk"))


def by_visit(payer_id: int, worker_id: int | None) -> list[Plan]:
    """Return what a client promised for each visit to one worker, or to any where nobody knows yet who comes."""
    rows = Plan.objects.filter(payer_id=payer_id, rhythm=Rhythm.VISIT, state=Plan.State.RUNNING)
    rows = rows if worker_id is None else rows.filter(wallet__person_id=worker_id)
    return list(rows.select_related("wallet__person").order_by("pk")[: 1 if worker_id else MOST_SHOWN])


def for_visit(visit: str) -> list[Contribution]:
    """Return what a visit, such as `order:12`, brought a wallet, or will as soon as the card is charged."""
    rows = contributions().filter(kind=Contribution.Kind.VISIT, note=visit)
    return list(rows.exclude(state=Contribution.State.DROPPED)[:MOST_SHOWN])


def balance(wallet: Wallet) -> Money:
    """Return what is in a wallet, as the ledger has it."""
    return -books.balance(policies.WALLETS, wallet.currency, wallet.holder)


def available(wallet: Wallet) -> Money:
    """Return what may still be asked for: what was asked for already and is not paid is set aside."""
    asked = Draw.objects.filter(wallet=wallet, state=Draw.State.ASKED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(max(balance(wallet).minor - asked - _going_back(wallet), 0), wallet.currency)


def _going_back(wallet: Wallet) -> int:
    """Return what goes back to clients and is in the wallet still: asked for, or agreed to and not booked."""
    rows = GiveBack.objects.filter(contribution__wallet=wallet, dropped_at=None)
    minors = {f"give_back:{pk}": minor for pk, minor in rows.values_list("pk", "amount_minor")}
    over = payments.settled_refunds(minors) if minors else set()
    return sum(minor for key, minor in minors.items() if key not in over)


def give_back(pk: int) -> GiveBack | None:
    return give_backs().filter(pk=pk).first() if 0 < pk < BIG else None


def give_backs() -> QuerySet[GiveBack]:
    return GiveBack.objects.select_related("contribution__wallet__person", "contribution__payer", "asked_by").order_by("-pk")


@dataclass(frozen=True)
class State:
    """A wallet as its worker sees it.

    :param clients: plans that run now
    """

    wallet: Wallet
    balance: Money
    available: Money
    units: Units
    clients: Sequence[Plan]
    draws: Sequence[Draw]
    latest: Sequence[Contribution]

    @property
    def credits(self) -> int:
        return self.units.credits(self.balance)

    @property
    def free(self) -> int:
        return self.units.credits(self.available)

    @property
    def half_days(self) -> int:
        return self.free // self.units.half_day

    @property
    def to_go(self) -> int:
        """Return how many credits are missing for half a day."""
        return max(self.units.half_day - self.free, 0)


def state(wallet: Wallet) -> State:
    paid = Contribution.objects.filter(wallet=wallet, state=Contribution.State.PAID).select_related("payer").order_by("-pk")
    running = Plan.objects.filter(wallet=wallet, state=Plan.State.RUNNING).select_related("payer").order_by("pk")
    draws = Draw.objects.filter(wallet=wallet).order_by("-pk")
    return State(wallet, balance(wallet), available(wallet), units(), list(running[:50]), list(draws[:10]), list(paid[:10]))


@dataclass(frozen=True)
class Aside:
    wallet: Wallet
    holder: str
    amount: Money


def put_aside(until: datetime) -> list[Aside]:
    """Return what orders put aside for workers with a wallet, and has rested until then. What was refunded is taken off."""
    found = []
    for currency in sorted(set(Wallet.objects.order_by().values_list("currency", flat=True))):
        late = books.credited_since(policies.ASIDE, currency, until)
        ripe = {row.holder: -row.minor - late.get(row.holder, 0) for row in books.holders(policies.ASIDE, currency)}
        ids = [int(holder.partition(":")[2]) for holder, minor in ripe.items() if minor > 0 and holder.startswith("membership:")]
        whose = dict(Membership.objects.filter(pk__in=ids, person__isnull=False).values_list("pk", "person_id"))
        wallets = {row.person_id: row for row in Wallet.objects.filter(person_id__in=whose.values(), currency=currency)}
        for pk, person_id in sorted(whose.items()):
            if person_id in wallets:
                holder = f"membership:{pk}"
                found.append(Aside(wallets[person_id], holder, Money(ripe[holder], currency)))
    return found
