"""What waits to be paid out, and the batches in which it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.money.benefits import policies
from toadlane.money.benefits.models import Batch, Draw, Relief, ReliefCode
from toadlane.money.benefits.queries.terms import terms
from toadlane.money.funds import queries as funds
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops

BIG, MOST = 2**31, 200


def draws() -> QuerySet[Draw]:
    return Draw.objects.select_related("wallet__person", "batch").order_by("-pk")


def draw(pk: int) -> Draw | None:
    return draws().filter(pk=pk).first() if 0 < pk < BIG else None


def reliefs() -> QuerySet[Relief]:
    return Relief.objects.select_related("batch", "code").order_by("-pk")


def relief(pk: int) -> Relief | None:
    return reliefs().filter(pk=pk).first() if 0 < pk < BIG else None


def batches() -> QuerySet[Batch]:
    return Batch.objects.select_related("prepared_by", "approved_by").order_by("-number")


def batch(number: int) -> Batch | None:
    return batches().filter(number=number).first() if 0 < number < BIG else None


@dataclass(frozen=True)
class Waits:
    """What was asked for and is in no batch yet, the longest waiting first."""

    draws: Sequence[Draw]
    reliefs: Sequence[Relief]

    def __bool__(self) -> bool:
        return bool(self.draws or self.reliefs)


def waits() -> Waits:
    asked = {"state": "asked", "batch": None}
    return Waits(list(draws().filter(**asked).order_by("pk")[:MOST]), list(reliefs().filter(**asked).order_by("pk")[:MOST]))


def total(batch: Batch) -> Money:
    currency = coops.of_scope(current_coop_id()).currency
    rows = [*batch.draws.all(), *batch.reliefs.all()]
    return Money.total((row.amount for row in rows), currency)


def unclaimed(at: datetime) -> int:
    """Return how many codes were handed out that still open a request."""
    return ReliefCode.objects.filter(used_at=None, expires_at__gt=at).count()


def codes_left(at: datetime) -> int:
    """Return for how many more codes the solidarity fund has the money, beside what is asked for and the codes that are out."""
    each = terms().relief
    asked = reliefs().filter(state="asked").order_by().aggregate(total=Sum("amount_minor"))["total"] or 0
    return max(0, (fund_left(each.currency).minor - asked) // each.minor - unclaimed(at))


def fund_left(currency: str) -> Money:
    """Return what is in the solidarity fund and was not promised by a decision."""
    return funds.fund_left(policies.SOLIDARITY, currency)
