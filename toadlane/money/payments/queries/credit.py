"""Mutual credit as members read it: above nothing the circle owes somebody work, below nothing they owe it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.models import Posting
from toadlane.money.ledger.policies.chart import COOP, CREDIT, CREDIT_OF_THE_COOP, ON_HOLD
from toadlane.money.payments.models import CreditClosing, CreditHold, CreditLine, Payment, State
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership, Standing

LIMIT, MOST = "pay.credit_limit", "pay.credit_most"
# Only these may go below nothing: whoever is leaving spends what they have, and owes nobody anew.
MAY_OWE = (Standing.PROBATION, Standing.ACTIVE)


@dataclass(frozen=True)
class Account:
    """One member's credit.

    :param balance: what stands in the books
    :param held: what orders under way have been promised of it
    :param limit: how far below nothing the member may go
    :param rule_version: of the bylaws that say so
    """

    holder: str
    balance: Money
    held: Money
    limit: Money
    rule_version: int

    @property
    def free(self) -> Money:
        """Return what can be spent now: nothing where more is owed than a later vote allows."""
        return Money(max(0, (self.balance - self.held + self.limit).minor), self.balance.currency)

    @property
    def is_used(self) -> bool:
        return bool(self.balance or self.held)


def account(holder: str, currency: str) -> Account:
    book = bylaws.book()
    balance = -ledger.balance(CREDIT, currency, holder)
    held = CreditLine.objects.filter(holder=holder, currency=currency).values_list("held_minor", flat=True).first()
    return Account(holder, balance, Money(held or 0, currency), limit_of(holder, currency, book), book.number)


def limit_of(holder: str, currency: str, book: Book) -> Money:
    """Return how far below nothing a holder may go. A currency that the bylaws do not count in has no limit to go to."""
    limit = book.maybe(LIMIT)
    kind, _colon, pk = holder.partition(":")
    if limit is None or not limit.minor or limit.currency != currency or kind != "membership":
        return Money(0, currency)
    may = Membership.objects.filter(pk=pk, standing__in=MAY_OWE).exists()
    return Money(limit.minor if may else 0, currency)


def most() -> Money | None:
    """Return how much credit a member may have before they sell for money alone; None where there is no such limit."""
    found = bylaws.book().maybe(MOST)
    return found if found is not None and found.minor else None


def is_full(holder: str, currency: str) -> bool:
    """Whether somebody has as much credit as the bylaws let one have, so that they have to spend some before they get more."""
    limit = most()
    return limit is not None and limit.currency == currency and -ledger.balance(CREDIT, currency, holder).minor >= limit.minor


def own(by: Principal) -> str:
    """Return whose credit somebody pays with: their own, or that of an organisation they speak for; nothing for a stranger."""
    mine = by.membership_id or min(by.memberships, default=0)
    return f"membership:{mine}" if mine else ""


def is_known() -> bool:
    """Whether there is credit here: the members have voted a limit, or somebody has some still."""
    limit = bylaws.book().maybe(LIMIT)
    return bool(limit is not None and limit.minor) or CreditLine.objects.exists()


def movements(holder: str, currency: str) -> QuerySet[Posting]:
    rows = Posting.objects.filter(account__code=CREDIT, account__currency=currency, holder=holder)
    return rows.select_related("entry", "account").order_by("-posted_at", "-pk")


def open_holds(holder: str, currency: str) -> list[tuple[CreditHold, str]]:
    """Return what is promised of somebody's credit, with what it is for."""
    mine = CreditHold.objects.filter(line__holder=holder, line__currency=currency, state=CreditHold.State.OPEN)
    holds = list(mine.select_related("line"))
    refs = [f"{hold.pk}" for hold in holds]
    subjects = dict(Payment.objects.filter(provider_ref__in=refs).values_list("provider_ref", "subject"))
    return [(hold, subjects.get(str(hold.pk), "")) for hold in sorted(holds, key=lambda hold: hold.made_at, reverse=True)]


@dataclass(frozen=True)
class Circle:
    """Where all credit of a co-op stands in one currency. Everything together comes to nothing.

    :param members: how many have some, or owe some
    :param above: what those who have some have together
    :param below: what those who owe some owe together, above nothing
    :param held: what is promised to orders that were charged and are not done
    :param coops: what the co-op itself has; below nothing it owes
    """

    members: int
    above: Money
    below: Money
    held: Money
    coops: Money

    @property
    def owed(self) -> Money:
        return -self.below

    @property
    def sum(self) -> Money:
        return self.above - self.below + self.held + self.coops


def circle(currency: str) -> Circle:
    rows = {row.holder: -row.minor for row in ledger.holders(CREDIT, currency)}
    held, coops_own = rows.pop(ON_HOLD, 0), rows.pop(COOP, 0)
    above, below = (sum(minor for minor in rows.values() if sign * minor > 0) for sign in (1, -1))
    used = sum(1 for minor in rows.values() if minor)
    return Circle(used, *(Money(minor, currency) for minor in (above, -below, held, coops_own)))


def accounts(currency: str) -> list[tuple[str, Money]]:
    """Return what each member has or owes, those who owe most first. For the offices that look after it."""
    rows = ledger.holders(CREDIT, currency)
    return [(row.holder, -row.amount) for row in sorted(rows, key=lambda row: -row.minor)
            if row.minor and row.holder.startswith("membership:")]  # fmt: skip


def unsettled(membership: Membership) -> bool:
    """Whether a member who is leaving has, owes or has promised credit still: it is brought to nothing first."""
    holder = membership.holder
    held = CreditLine.objects.filter(holder=holder, held_minor__gt=0).exists()
    return held or any(row.minor for row in ledger.of_holder(holder) if row.code == CREDIT)


def closings(*, waiting: bool = True) -> QuerySet[CreditClosing]:
    rows = CreditClosing.objects.select_related("membership__person", "membership__organisation").order_by("-asked_at", "-pk")
    return rows.filter(agreed_at=None, dropped_at=None) if waiting else rows


def closing(pk: int) -> CreditClosing | None:
    return closings(waiting=False).filter(pk=pk).first() if pk < 2**63 else None


def own_data(holders: Sequence[str]) -> list[dict[str, object]]:
    rows = Posting.objects.filter(account__code=CREDIT, holder__in=holders).select_related("entry", "account")
    return [
        {"credit": str(-row.amount), "for": row.entry.subject, "what": row.entry.narration, "since": row.posted_at}
        for row in rows.order_by("posted_at", "pk")
    ]


def comes_to_nothing() -> Finding:
    """All credit together is nothing, and what the co-op holds of it is what its own account says."""
    faults, found = [], [row for row in ledger.balances() if row.code in (CREDIT, CREDIT_OF_THE_COOP)]
    for currency in sorted({row.currency for row in found}):
        if whole := ledger.balance(CREDIT, currency).minor:
            faults.append(f"all credit comes to {whole} {currency}")
        theirs, mirrored = ledger.balance(CREDIT, currency, COOP).minor, ledger.balance(CREDIT_OF_THE_COOP, currency).minor
        if theirs + mirrored:
            faults.append(f"the co-op holds {-theirs} {currency} of credit, and its own account says {mirrored}")
    return Finding(len(found), faults)


def held_as_promised() -> Finding:
    """What is held of each member's credit is what open payments were promised, within the limit that was voted."""
    faults, limits = [], _limits()
    promised: Mapping[int, int] = dict(
        CreditHold.objects.filter(state=CreditHold.State.OPEN).order_by().values_list("line").annotate(sum=Sum("amount_minor"))
    )
    lines = list(CreditLine.objects.all())
    for line in lines:
        if line.held_minor != promised.get(line.pk, 0):
            faults.append(f"{line.holder}: {line.held_minor} held, {promised.get(line.pk, 0)} promised")
        if line.limit_minor > limits(line.rule_version or 0, line.currency):
            faults.append(f"{line.holder}: a limit of {line.limit_minor}, and no version of the bylaws says so")
    for hold in CreditHold.objects.select_related("line"):
        if hold.limit_minor > limits(hold.rule_version, hold.line.currency):
            faults.append(f"hold {hold.pk}: a limit of {hold.limit_minor}, and no version of the bylaws says so")
    refs = set(Payment.objects.filter(method="credit", state=State.AUTHORISED).values_list("provider_ref", flat=True))
    taken = {str(pk) for pk in CreditHold.objects.filter(state=CreditHold.State.OPEN).values_list("pk", flat=True)}
    faults += [f"payment of hold {ref} is authorised, and nothing is held" for ref in sorted(refs - taken)]
    return Finding(len(lines), faults)


def _limits() -> Callable[[int, str], int]:
    known: dict[tuple[int, str], int] = {}

    def limit(version: int, currency: str) -> int:
        if not version:
            return 0
        if (version, currency) not in known:
            said = bylaws.book(version=version).maybe(LIMIT)
            known[version, currency] = said.minor if said is not None and said.currency == currency else 0
        return known[version, currency]

    return limit


def currency() -> str:
    return str(coops.of_scope(current_coop_id()).currency)
