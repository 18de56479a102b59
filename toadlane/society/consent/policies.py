"""Whether somebody's data may be looked at, for what, by whom and until when: nothing is allowed that was not said.

Golden vectors 16, A and G. A consent is no membership and no contract; taken back, it ends at that instant (Regulation (EU)
2016/679, article 7(3)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from toadlane.kernel.dates import add_months

# Given, given on paper, or given and closed to changes.
FLOWING = frozenset({"active", "preconfirmed", "frozen"})
ANYBODY = "*"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What somebody allowed.

    :param recipients: who may look; `*` is anybody whose study is approved
    :param from_, until: first and last day, in the co-op's time; no last day where `until` is None
    """

    subject: str
    purposes: frozenset[str]
    recipients: frozenset[str]
    categories: frozenset[str]
    from_: date
    until: date | None = None
    status: str = "active"
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who wants to look at what of whom, for what, and when."""

    subject: str
    purpose: str
    recipient: str
    category: str
    at: datetime


# What keeps a consent from covering a request, in the order in which it is looked at.
REASONS = ("purpose", "recipient", "category", "not_active", "not_yet", "expired", "revoked")


def refusal(consents: Iterable[Consent], request: Request, *, study_approved: bool, zone: tzinfo = UTC) -> str:
    """Return why a request is refused, or "" (A1 to A10). Of several consents one that covers it is enough.

    :returns: `no_consent`, one of `REASONS` (that of the consent that comes closest), or `study_not_approved`
    """
    own = [_against(one, request, zone) for one in consents if one.subject == request.subject]
    if not own:
        return "no_consent"
    if "" not in own:
        return max(own, key=REASONS.index)
    return "" if study_approved else "study_not_approved"


def _against(consent: Consent, request: Request, zone: tzinfo) -> str:
    day = request.at.astimezone(zone).date()
    stands_against = {
        "purpose": request.purpose not in consent.purposes,
        "recipient": not consent.recipients & {request.recipient, ANYBODY},
        "category": request.category not in consent.categories,
        "not_active": consent.status not in FLOWING,
        "not_yet": day < consent.from_,
        "expired": consent.until is not None and day > consent.until,
        "revoked": consent.revoked_at is not None and request.at >= consent.revoked_at,
    }
    return next((reason for reason in REASONS if stands_against[reason]), "")


def answer_by(received: date, *, extended: bool = False) -> date:
    """Return by when somebody who asks about their data is answered: one month, and two more where it is said in time (G1, G2).

    Regulation (EU) 2016/679, article 12(3).
    """
    return add_months(received, 3 if extended else 1)
