"""What guardians have paused, or ask each other to pause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import Enactment, Pause
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import Halt
from toadlane.society.bylaws.rules.patches import PAUSABLE
from toadlane.society.members import queries as members

GUARDIAN = "guardian"


@dataclass(frozen=True, kw_only=True)
class Told:
    pause: Pause
    names: list[str]
    signers: frozenset[int]
    holds: bool
    until: datetime | None
    label: str
    # The name of the decision that made it longer.
    extended_by: str = ""

    @property
    def decision(self) -> str:
        """Return the name of the decision that it is about, if it is about one."""
        kind, _colon, name = self.pause.cause.partition(":")
        return name if kind == "decision" else ""


def label(action: str) -> str:
    words = {
        "bylaws.enact": _("Changes of the rules"), "payouts.batch": _("Payouts to members"),
        "shares.redeem": _("Giving back shares"),
        "data.export_bulk": _("Handing out data in bulk"), "moderation.mass_action": _("Taking down many things at once"),
    }  # fmt: skip
    return words.get(action, action)


def actions() -> list[tuple[str, str]]:
    return [(action, label(action)) for action in PAUSABLE]


def causes() -> list[tuple[str, str]]:
    """Return what a pause can be about: decisions on their way into force."""
    rows = Enactment.objects.filter(state=Enactment.State.SCHEDULED).select_related("decision").order_by("due_at", "pk")
    return [(f"decision:{row.decision.name}", str(row.decision)) for row in rows[:50]]


def find(pk: int) -> Pause | None:
    return Pause.objects.filter(pk=pk).first()


def every() -> QuerySet[Pause]:
    """Return all pauses, the latest first."""
    return Pause.objects.order_by("-asked_at", "-pk")


def told(rows: list[Pause], at: datetime) -> list[Told]:
    """Return pauses, each with who signed it and whether it holds, in two statements."""
    halts = {(halt.action, halt.cause): halt for halt in bylaws.halts()[:200]}
    prefetch_related_objects(rows, "signatures")
    found = []
    for row in rows:
        halt: Any = halts.get((row.action, row.cause))
        signatures = sorted(row.signatures.all(), key=lambda one: (one.at, one.pk))
        found.append(
            Told(
                pause=row, names=[one.name for one in signatures], signers=frozenset(one.person_id for one in signatures),
                holds=halt is not None and halt.holds(at), until=halt.until if halt else None, label=label(row.action),
                extended_by=halt.extended_by if halt else "",
            )
        )  # fmt: skip
    return found


def halt_of(pause: Pause) -> Halt | None:
    return bylaws.halts().filter(action=pause.action, cause=pause.cause).first()


def to_choose() -> list[tuple[str, str]]:
    """Return the pauses that are on, to choose one from: whether it still holds is asked when it is chosen."""
    on = Pause.objects.filter(put_on_at__isnull=False, dropped_at=None).order_by("-put_on_at", "-pk")
    return [(str(one.pk), f"{label(one.action)}: {one.reasons[:80]}") for one in on[:20]]


def of_cause(cause: str) -> list[Pause]:
    return list(Pause.objects.filter(cause=cause, put_on_at__isnull=False).prefetch_related("signatures"))


def waiting(person_id: int) -> list[Pause]:
    """Return what other guardians ask this one to sign."""
    rows = Pause.objects.filter(put_on_at=None, dropped_at=None).exclude(signatures__person_id=person_id)
    return list(rows.order_by("asked_at", "pk")[:20])


def guardians() -> list[Any]:
    return list(members.officers().filter(office=GUARDIAN))


def needed() -> int | None:
    value = bylaws.book().maybe("gov.guardians_needed")
    return int(value) if value is not None else None
