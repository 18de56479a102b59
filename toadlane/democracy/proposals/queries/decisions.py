"""Decisions as pages, rules and other rooms read them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import OPEN, Appeal, Decision, Enactment, Outcome, Proposal, Stage
from toadlane.democracy.proposals.permissions import APPEAL
from toadlane.democracy.proposals.queries import shown
from toadlane.democracy.proposals.queries.procedures import as_asked, day_of
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import RuleFailed, lent, undecided
from toadlane.society.bylaws.rules import decisions as kinds
from toadlane.society.coops.queries import COOP_URLS
from toadlane.ui import formats


def every() -> QuerySet[Decision]:
    return Decision.objects.select_related("proposal", "enactment").order_by("-number")


def may_read_talk(by: Principal) -> bool:
    """Say whether somebody may read what is under way and what members say: strangers where the bylaws open all of it."""
    return bool(by.memberships) or "system" in by.roles or bylaws.book().maybe("gov.records_public") == "all"


def named(name: str) -> Decision | None:
    return every().filter(name=name).first()


def has_passed(name: str) -> bool:
    """Say whether members passed a decision of this name, and it was neither annulled nor suspended."""
    rows = Enactment.objects.filter(decision__name=name)
    return rows.filter(state__in=(Enactment.State.SCHEDULED, Enactment.State.ENACTED)).exists()


def is_in_force(name: str) -> bool:
    """Say whether a decision has taken effect: what rests on it, like a payment, waits until then."""
    return Enactment.objects.filter(decision__name=name, state=Enactment.State.ENACTED).exists()


def due(at: datetime) -> QuerySet[Enactment]:
    rows = Enactment.objects.filter(state=Enactment.State.SCHEDULED, due_at__lte=at)
    return rows.select_related("decision__proposal").order_by("due_at", "pk")


def next_due(at: datetime) -> datetime | None:
    """Return when the next decision is to take effect."""
    return timers.first_after(at, Enactment.objects.filter(state=Enactment.State.SCHEDULED), "due_at")


def next_lapse(at: datetime) -> datetime | None:
    """Return when the committee's time for the next appeal is over."""
    return timers.first_after(at, Appeal.objects.filter(state=Appeal.State.OPEN), "decide_by")


def not_in_force() -> QuerySet[Enactment]:
    """Return what has passed and is not in force: on its way, paused, suspended, or failed."""
    over = (Enactment.State.ENACTED, Enactment.State.ANNULLED)
    return Enactment.objects.exclude(state__in=over).select_related("decision").order_by("due_at", "pk")


def appeals(decision: Decision, by: Principal) -> QuerySet[Appeal]:
    """Return the appeals against a decision, for whom it concerns and for the committee; for others there are none."""
    if not by.may(APPEAL, decision) and "appeals" not in by.roles:
        return decision.appeals.none()
    return decision.appeals.order_by("pk")


def coops_with_due(at: datetime) -> list[int]:
    """Return the co-ops where something is to take effect; asked with the scope lifted."""
    rows = Enactment.objects.filter(state=Enactment.State.SCHEDULED, due_at__lte=at)
    return list(rows.order_by("coop_id").values_list("coop_id", flat=True).distinct())


def chain() -> Finding:
    """Look whether every decision is what it was, in the order in which they were taken."""
    previous, faults, count = "", [], 0
    for row in Decision.objects.select_related("proposal").order_by("number"):
        count += 1
        if row.previous_hash != previous or row.hash != canonical.digest(row.hashed()):
            faults.append(f"decision {row.name} is not what it was")
        previous = row.hash
    return Finding(count, faults)


def filtered(*, outcome: str = "", kind: str = "", year: str = "") -> QuerySet[Decision]:
    rows = every()
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    if year.isdigit():
        rows = rows.filter(name__startswith=f"{year}-")
    return rows.filter(kinds__contains=f",{kind},") if kinds.kind(kind) else rows


def years() -> list[str]:
    """Return the years in which something was decided, the latest first."""
    names = Decision.objects.order_by("-number").values_list("name", flat=True)
    return list(dict.fromkeys(name.partition("-")[0] for name in names))


def book_before(decision: Decision) -> Book:
    """Return the rules as they stood when the vote began: what would change is read on them, not on those of today."""
    try:
        return bylaws.book(version=decision.bylaws_version)
    except RuleFailed:
        return bylaws.book()


def guard(decision: Decision) -> str:
    procedure = as_asked(Procedure.thaw(decision.procedure, decision.terms), decision.contents)
    return shown.in_words(procedure, book_before(decision))


def moved(decision: Decision) -> list[tuple[str, str, str]]:
    """Return what stands in the way of a change: the rule, as it read when members decided, and as it reads now."""
    book = bylaws.book()
    return [
        (rule, _expected(book, rule, expected), book.reads(rule))
        for rule, expected, _now in policies.moved(decision.contents, book.document)
        if rule in book.rules
    ]


def _expected(book: Book, rule: str, value: object) -> str:
    """Say what members saw; a rule that they were to adopt was none yet."""
    return undecided.mark() if value is None else bylaws.worded(rule, {**book.rules[rule], "value": value})


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The count in figures: votes of each answer, who could vote and who did."""

    answers: list[tuple[str, str, int]]
    voted: int
    eligible: int

    @property
    def whole(self) -> int:
        return max(1, sum(count for _id, _label, count in self.answers))


def figures(decision: Decision) -> Figures | None:
    """Return the figures of a plain vote; of others the ballot shows its own result."""
    told = decision.figures
    labels = {"for": _("Yes"), "against": _("No"), "abstain": _("Abstained"), "block": _("Blocked")}
    answers = [(name, label, told[name]) for name, label in labels.items() if isinstance(told.get(name), int)]
    if not answers:
        return None
    voted = told.get("voted")
    total = sum(count for _name, _label, count in answers)
    return Figures(answers=answers, voted=voted if isinstance(voted, int) else total, eligible=int(told.get("eligible") or 0))


def tell(names: Collection[str]) -> dict[str, lent.Told]:
    """Return how decisions are told beside the numbers that they set: one statement."""
    rows = Decision.objects.filter(name__in=names)
    return {row.name: lent.Told(_in_a_line(row), ("proposals:decision", row.name)) for row in rows}


def _in_a_line(row: Decision) -> str:
    """Say a vote in a line: its day, how many were for it of how many, and whether enough took part."""
    said = [_("members’ vote of %(day)s") % {"day": formats.day(day_of(row.decided_at))}]
    told = figures(row)
    if told is not None:
        cast = {answer: count for answer, _label, count in told.answers}
        base = cast.get("for", 0) + cast.get("against", 0)
        share = formats.percent(Fraction(round(100 * cast.get("for", 0) / base), 100) if base else Fraction(0))
        said.append(_("%(share)s of %(voted)s") % {"share": share, "voted": formats.number(told.voted)})
    if row.has_passed and Procedure.thaw(row.procedure, row.terms).majority.quorums:
        said.append(_("quorum met"))
    return formats.listed(said)


def under_way(by: Principal) -> dict[str, list[lent.UnderWay]]:
    """Return the changes of rules that are talked about, voted on, or on their way into force, by rule: one statement."""
    found: dict[str, list[lent.UnderWay]] = {}
    if not may_read_talk(by):
        return found
    rows = Proposal.objects.filter(ended_at=None, stage__in=(*OPEN, Stage.VOTING, Stage.COOLING)).order_by("-number")[:200]
    for row in rows:
        title = {
            Stage.VOTING: _("A change is being voted on."), Stage.COOLING: _("A change has passed and waits for its day."),
        }.get(Stage(row.stage), _("A change is being talked about."))  # fmt: skip
        url = reverse("proposals:detail", urlconf=COOP_URLS, args=[row.number])
        for rule, _expected, _set in policies.touched(row.contents):
            found.setdefault(rule, []).append(lent.UnderWay(title, row.title, url))
    return found
