"""What clients ordered: the text they say yes to, the signed address they say it at, and who answers if they do not pay."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core import signing
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from toadlane.kernel import canonical
from toadlane.kernel.money import Money
from toadlane.money.invoicing.policies.documents import Party
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.assignments import rules
from toadlane.trade.assignments.models import Assignment, Contract, CreditNote, Remark
from toadlane.trade.assignments.policies.europe import EU
from toadlane.trade.assignments.policies.standing import Standing
from toadlane.trade.assignments.queries import terms

SALT = "assignments.quote"
BIG = 2**31
FUND, ADVANCES, FUNDS_SIDE, CREDIT = "2140", "2145", "guarantee:fund", "2240"


def assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("activity", "invoice").defer("invoice__xml").order_by("-pk")


def assignment(pk: int) -> Assignment | None:
    return assignments().filter(pk=pk).first() if 0 < pk < BIG else None


def token(assignment: Assignment) -> str:
    """Return what stands in the address that the client gets: it names the quote and its version, and that we gave it out."""
    named = str(assignment.pk) if assignment.version == 1 else f"{assignment.pk}.{assignment.version}"
    return signing.Signer(salt=f"{SALT}:{assignment.coop_id}", sep="~").sign(named)


def at_token(given: str) -> Assignment | None:
    """Return the quote a token is for; None where we did not make it, it was never sent, or there is a newer one."""
    found = _behind(given)
    if found is None or found[0].version != found[1] or found[0].state == Assignment.State.DRAFT:
        return None
    return found[0]


@dataclass(frozen=True)
class Newer:
    """What an old address says. :param token: of the newer quote, for whoever it was sent to at the same address"""

    title: str
    number: int
    token: str


def newer(given: str) -> Newer | None:
    """Return what is known of the newer quote behind an old address; None where there is none."""
    found = _behind(given)
    if found is None or found[0].version == found[1]:
        return None
    one, version = found
    old = one.revisions.filter(version=version).first()
    # Changed is perhaps the address because it was wrong: whoever got that letter does not see what the other one gets.
    is_theirs = old is not None and old.client_email.casefold() == one.client_email.casefold()
    if old is None:
        return None
    is_out = is_theirs and one.state != Assignment.State.DRAFT
    return Newer(str(old.text["title"]), one.number, token(one) if is_out else "")


def _behind(given: str) -> tuple[Assignment, int] | None:
    try:
        named = signing.Signer(salt=f"{SALT}:{current_coop_id()}", sep="~").unsign(given)
        pk, version = (int(part) for part in (named if "." in named else f"{named}.1").split("."))
    except (signing.BadSignature, ValueError):
        return None
    found = assignments().filter(pk=pk).first()
    return (found, version) if found else None


def text_of(assignment: Assignment) -> dict[str, Any]:
    """Return what a client says yes to, as it is digested."""
    days = {"first_day": assignment.first_day.isoformat(), "last_day": assignment.last_day.isoformat()}
    names = (
        "number", "title", "trade", "lines", "note", "currency", "net_minor", "vat_minor", "vat_rate", "client_name",
        "client_email", "client_street", "client_postcode", "client_city", "client_country", "client_vat_number",
    )  # fmt: skip
    said = {name: getattr(assignment, name) for name in names}
    which = {"version": assignment.version} if assignment.version > 1 else {}
    return {"coop": coops.of_scope(assignment.coop_id).slug, **said, **days, **which}


def digest(assignment: Assignment) -> str:
    return canonical.digest(text_of(assignment))


def client(assignment: Assignment) -> Party:
    return Party(
        name=assignment.client_name, street=assignment.client_street, postcode=assignment.client_postcode,
        city=assignment.client_city, country=assignment.client_country, vat_number=assignment.client_vat_number,
    )  # fmt: skip


def why_not_guaranteed(assignment: Assignment) -> str:
    """Say why the guarantee fund does not answer for an order, by the bylaws it was quoted under, or nothing where it does."""
    version = assignment.rule_version
    if terms.flag(rules.CONFIRMED, version=version) and not assignment.is_confirmed:
        return _("The client has not confirmed the order.")
    if terms.flag(rules.IN_EU, version=version) and assignment.client_country not in EU:
        return _("The client is outside the European Union.")
    return ""


def advanced(assignment: Assignment) -> Money:
    """Return what the guarantee fund has out for an order, as the ledger says it."""
    return -books.balance(ADVANCES, assignment.currency, assignment.subject)


def drawn(assignment: Assignment) -> Money:
    """Return what the guarantee fund ever advanced for an order, whatever became of it."""
    total = assignment.contracts.aggregate(sum=Sum("drawn_minor"))["sum"] or 0
    return Money(total, assignment.currency)


def standing(assignment: Assignment) -> Standing:
    """Return how its invoice stands, with what the guarantee fund did for it."""
    one, lent = assignment.standing, drawn(assignment).minor
    return replace(one, out=advanced(assignment).minor, given=one.given + lent)


def credit_of(assignment: Assignment) -> Money:
    """Return what its client has with the co-op: paid too much, or credited after it was paid, and not on its way back."""
    held = -books.balance(CREDIT, assignment.currency, assignment.subject)
    return held - Money(payments.on_its_way_back(assignment.subject, CREDIT), assignment.currency)


def undoing(key: str) -> list[Leg]:
    """Return the postings that undo an entry, each where it came from."""
    rows = Posting.objects.filter(entry__key=key).select_related("account").order_by("pk")
    return [Leg(row.account.code, Money(-row.minor, row.account.currency), holder=row.holder) for row in rows]


def credit_notes(assignment: Assignment) -> list[CreditNote]:
    rows = assignment.credit_notes.select_related("invoice", "assignment__activity").defer("invoice__xml")
    return list(rows.order_by("pk")[:200])


def credit_note(assignment: Assignment, pk: int) -> CreditNote | None:
    rows = assignment.credit_notes.select_related("invoice", "assignment__activity")
    return rows.filter(pk=pk).first() if 0 < pk < BIG else None


def remarks(assignment: Assignment) -> list[Remark]:
    return list(assignment.remarks.order_by("pk")[:100])


def others_of_client(assignment: Assignment) -> list[Assignment]:
    """Return what else the same client owes, for what they have to be set off against."""
    rows = assignments().filter(
        state=Assignment.State.INVOICED, client_email__iexact=assignment.client_email, currency=assignment.currency
    )
    return list(rows.exclude(pk=assignment.pk)[:50])


def late(today: date) -> QuerySet[Assignment]:
    """Return what clients should have paid before today."""
    return assignments().filter(state=Assignment.State.INVOICED, due_on__lt=today).order_by("due_on", "pk")


def owed(assignment: Assignment) -> Money:
    return books.balance("1200", assignment.currency, assignment.subject)


def contracted(assignment: Assignment) -> int:
    """Return what contracts for an order cost together, in minor units."""
    live = assignment.contracts.exclude(state=Contract.State.CANCELLED)
    return int(live.aggregate(sum=Sum("cost_minor"))["sum"] or 0)


def payment(assignment: Assignment) -> Payment | None:
    return payments.of_subject(assignment.subject)
