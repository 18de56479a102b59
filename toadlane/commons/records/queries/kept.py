"""The files that are kept, and what the page of records shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from toadlane.commons.records.models import RecordsFile
from toadlane.commons.records.permissions import ASK, FETCH
from toadlane.commons.records.policies.variants import Variant
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots.models import Ballot, State
from toadlane.democracy.meetings import permissions as meetings
from toadlane.democracy.meetings import queries as minutes
from toadlane.democracy.meetings.models import ApprovedMinutes
from toadlane.democracy.proposals.models import Decision
from toadlane.democracy.proposals.queries import decisions
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files.queries import document_path
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.coops.models import Coop

SHOWN = 8
# The public file is looked after once a day, whoever asks for it however often.
A_DAY = timedelta(days=1)


def kept(variant: Variant) -> RecordsFile | None:
    """Return the newest file of a variant, or None where none has been made."""
    return RecordsFile.objects.filter(variant=variant.value).exclude(key="").first()


def path_of(row: RecordsFile) -> str:
    return document_path(row.coop_id, row.key)


def file_of(row: RecordsFile) -> IO[bytes]:
    return default_storage.open(path_of(row))


def waiting() -> QuerySet[RecordsFile]:
    return RecordsFile.objects.filter(asked_at__isnull=False).order_by("asked_at", "pk")


def coops_waiting(_at: datetime) -> list[int]:
    """Return the co-ops in which somebody waits for a file; asked with the scope lifted."""
    return list(waiting().order_by("coop_id").values_list("coop_id", flat=True).distinct())


def coops_to_renew(at: datetime) -> list[int]:
    """Return the co-ops whose public file nobody has looked at for a day; asked with the scope lifted."""
    fresh = RecordsFile.objects.filter(coop_id=OuterRef("pk"), variant=Variant.PUBLIC.value, looked_at__gt=at - A_DAY)
    return list(Coop.objects.filter(~Exists(fresh)).order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as the page offers it.

    :param row: None while none has been made
    :param may_ask: whether whoever looks may have a newer one made
    """

    variant: Variant
    label: str
    text: str
    row: RecordsFile | None
    may_ask: bool

    @property
    def is_waiting(self) -> bool:
        return self.row is not None and self.row.asked_at is not None

    @property
    def is_made(self) -> bool:
        return self.row is not None and self.row.made_at is not None


def files(by: Principal) -> list[File]:
    """Return the files that somebody may fetch, the largest last."""
    rows = {row.variant: row for row in RecordsFile.objects.order_by("pk")}
    words = {
        Variant.PUBLIC: (_("For everybody"), _("What the bylaws make public. People stand in it without their names.")),
        Variant.MEMBERS: (_("For members"), _("With rolls, minutes of all meetings, and every entry of the books.")),
        Variant.FULL: (_("For board and treasurer"), _("With the register of shares as well.")),
    }  # fmt: skip
    return [
        File(variant=variant, label=label, text=text, row=rows.get(variant), may_ask=bool(by.may(ASK, variant)))
        for variant, (label, text) in words.items()
        if by.may(FETCH, variant)
    ]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What there is: the newest of each kind, and how many there are."""

    decisions: Sequence[Decision]
    versions: Sequence[BylawsVersion]
    ballots: Sequence[Ballot]
    minutes: Sequence[ApprovedMinutes] | None
    counts: dict[str, int]
    files: Sequence[File]


def overview(by: Principal) -> Overview:
    """Return what the page of records shows to somebody. The number of statements does not grow with the co-op."""
    over = ballots.readable(by).filter(state__in=(State.CLOSED, State.VOID))
    versions = BylawsVersion.objects.order_by("-number").defer("document")
    pages: Any = None
    if by.may(meetings.READ_MINUTES, meetings.Whose()):
        pages = minutes.book().defer("document")
        pages = pages if by.may(meetings.LIST) else pages.filter(meeting__kind="general")
    counts = {"decisions": decisions.every().count(), "versions": versions.count(), "ballots": over.count()}
    return Overview(
        decisions=list(decisions.every()[:SHOWN]), versions=list(versions[:SHOWN]), ballots=list(over[:SHOWN]),
        minutes=None if pages is None else list(pages[:SHOWN]), files=files(by),
        counts=counts | ({} if pages is None else {"minutes": pages.count()}),
    )  # fmt: skip


def outdated(row: RecordsFile, state: str, at: datetime) -> bool:
    """Say whether a file is to be made anew: something has happened, or it is a week old and names may have changed."""
    return row.state != state or row.made_at is None or row.made_at < at - 7 * A_DAY


def forgotten(at: datetime) -> list[RecordsFile]:
    """Return the files that members had made for themselves a month ago: nobody needs them, and names in them grow old."""
    rows = RecordsFile.objects.exclude(key="").exclude(variant=Variant.PUBLIC.value)
    return list(rows.filter(made_at__lt=at - 30 * A_DAY).order_by("pk"))


def another_has(key: str) -> bool:
    """Say whether some file is kept under this place."""
    return RecordsFile.objects.filter(Q(key=key)).exists()
