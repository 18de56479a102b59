"""What losses of closed years are not covered yet, who would bear one, and who bore which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from toadlane.kernel import canonical
from toadlane.kernel.dates import add_months
from toadlane.kernel.rates import floor, rate
from toadlane.kernel.rounding import largest_remainder
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus.models import Imputation, Year
from toadlane.ownership.surplus.policies import losses, patronage
from toadlane.ownership.surplus.queries import years
from toadlane.ownership.surplus.queries.layers import layers
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs


def imputation(pk: int) -> Imputation | None:
    return Imputation.objects.select_related("year").filter(pk=pk).first()


def imputed(booked: Iterable[Year]) -> dict[int, Imputation]:
    """Return how the losses of some years were shared out, by year."""
    return {one.year_id: one for one in Imputation.objects.filter(year__in=list(booked), booked_at__isnull=False)}


@dataclass(frozen=True)
class Told:
    """What a closed year came to, without what it brought each member."""

    pk: int
    name: str
    starts_on: date
    ends_on: date
    result: int
    base: int
    reserve: int
    member_business: int
    nonmember_business: int

    @property
    def usual(self) -> Fraction | None:
        """Return the part of the surplus of members' business that went to the reserve; None where there was none."""
        of_members = self.base
        if self.nonmember_business:
            of_members, _other = patronage.members_part(self.base, self.member_business, self.nonmember_business)
        return Fraction(self.reserve, of_members) if of_members > 0 else None


def _told(currency: str) -> list[Told]:
    """Return the closed years, the oldest first, in one statement."""
    rows = Year.objects.filter(state=Year.State.BOOKED, currency=currency).exclude(decision=Year.ARRIVED).order_by("ends_on")
    names = ("result__result", "result__base", "result__reserve", "facts__member_business", "facts__nonmember_business")
    return [Told(*row) for row in rows.values_list("pk", "name", "starts_on", "ends_on", *names)]


def loss_left(year: Year) -> int:
    """Return what of a year's loss may still be shared out, in minor units: nothing once it was."""
    if year.state != Year.State.BOOKED or year.result["result"] >= 0 or imputed([year]):
        return 0
    return int(min(-year.result["result"], years.loss(year.currency).minor))


def to_share_out(currency: str) -> list[Told]:
    """Return the years whose losses may still be shared out, the newest first."""
    lost = [year for year in _told(currency) if year.result < 0] if years.loss(currency).minor else []
    done = set(Imputation.objects.filter(booked_at__isnull=False).values_list("year_id", flat=True)) if lost else set()
    return [year for year in reversed(lost) if year.pk not in done]


def reserve_room(currency: str) -> int:
    """Return how much of all losses the reserve may still bear, in minor units.

    All that it holds; where the law sets a limit, of each year's loss no larger part than the reserve got of the surpluses
    of the years before (golden vectors L1), less what it has borne.
    """
    held = -books.balance("3100", currency).minor
    law = packs.load(bylaws.book().pack).losses
    if not law:
        return held
    rows = Posting.objects.filter(
        entry__subject=years.LOSS, account__code="3100", account__currency=currency, minor__gt=0
    ).order_by()  # fmt: skip
    borne, known = int(rows.aggregate(sum=Sum("minor"))["sum"] or 0), _told(currency)
    allowed = sum(
        floor(-year.result * usual_part(known, year.starts_on, law["reserve_years"])) for year in known if year.result < 0
    )
    return max(0, min(held, allowed - borne))


def usual_part(known: Iterable[Told], day: date, count: int) -> Fraction:
    """Return the mean part of a surplus that went to the reserve in the years before a day.

    Years without a surplus allotted nothing and are not among them. A reading of Ley 27/1999, article 59.2 b).
    """
    since = add_months(day, -12 * count)
    parts = [year.usual for year in known if since <= year.ends_on < day and year.usual is not None]
    return sum(parts, Fraction(0)) / len(parts) if parts else Fraction(0)


def worked_loss(year: Year) -> dict[str, Any]:
    """Work out who bears what is left of a year's loss, by the bylaws in force and what stands in the books now."""
    book, law = bylaws.book(), packs.load(bylaws.book().pack).losses
    how, share, loss = book.value("surplus.losses"), book.value("surplus.losses_members"), loss_left(year)
    room = reserve_room(year.currency)
    if law:
        room = min(room, floor(loss * usual_part(_told(year.currency), year.starts_on, law["reserve_years"])))
    accounts: dict[str, int] = {}
    stacked = layers(year.currency)
    for layer in stacked:
        for pk, minor in layer.left.items():
            accounts[pk] = accounts.get(pk, 0) + minor
    facts = years.read_facts(year.facts).in_order()
    # Shares are in the co-op's own currency, and are written down only where the bylaws say so.
    is_borne = book.value("surplus.losses_shares") and year.currency == shares.currency()
    held = shares.holdings() if is_borne else []
    found = losses.impute(
        loss=loss, how=how, members_share=share, reserve=room, done=facts.patronage,
        weights=years.read_terms(year.terms).weights, accounts=accounts, shares=_on_shares(held),
    )  # fmt: skip
    taken: dict[str, dict[str, int]] = {}
    left = dict(found.members)
    for layer in stacked:
        off = {pk: min(minor, left[pk]) for pk, minor in layer.left.items() if left.get(pk)}
        for pk, minor in off.items():
            left[pk] -= minor
        if off:
            taken[str(layer.year.pk)] = off
    terms = {"how": how, "members_share": str(rate(share)), "reserve_room": room, "law": law.get("law", "")}
    told = {
        "year": year.name, "loss": loss, "reserve": found.reserve, "parts": found.members, "layers": taken, "terms": terms,
    }  # fmt: skip
    return told | ({"capital": _by_class(found.capital, held)} if found.capital else {})


def _on_shares(held: Iterable[shares.Holding]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in held:
        found[str(one.membership_id)] = found.get(str(one.membership_id), 0) + shares.may_bear(one)
    return found


def _by_class(capital: Mapping[str, int], held: Iterable[shares.Holding]) -> dict[str, dict[str, int]]:
    """Say off which of each one's shares it comes: of each class as much as its part of all that may be borne."""
    found: dict[str, dict[str, int]] = {}
    rooms: dict[str, dict[str, int]] = {}
    for one in held:
        rooms.setdefault(str(one.membership_id), {})[one.share_class] = shares.may_bear(one)
    for pk, minor in capital.items():
        found[pk] = {name: part for name, part in largest_remainder(minor, rooms[pk]).items() if part}
    return found


def loss_digest(worked: dict[str, Any]) -> str:
    """Return what the members decide on."""
    return canonical.digest(worked)


def losses_hold() -> Finding:
    """Each loss that was shared out is what the members decided on, and its parts are the whole."""
    faults, looked_at = [], 0
    for one in Imputation.objects.filter(booked_at__isnull=False).select_related("year").order_by("pk"):
        looked_at += 1
        told = {
            "year": one.year.name, "loss": one.amount_minor, "reserve": one.reserve_minor, "parts": one.parts,
            "layers": one.layers, "terms": one.terms, **({"capital": one.capital} if one.capital else {}),
        }  # fmt: skip
        if loss_digest(told) != one.hash:
            faults.append(f"the loss of {one.year.name} was not shared out as it was worked out")
        by_layer: dict[str, int] = {}
        for off in one.layers.values():
            for pk, minor in off.items():
                by_layer[pk] = by_layer.get(pk, 0) + minor
        if by_layer != one.parts or one.carried.minor < 0:
            faults.append(f"the loss of {one.year.name}: the parts are not the whole")
    return Finding(looked_at, faults)
