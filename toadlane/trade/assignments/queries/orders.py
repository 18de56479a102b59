"""What clients ordered: the text they say yes to, the signed address they say it at, and who answers if they do not pay."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from toadlane.kernel import canonical
from toadlane.kernel.money import Money
from toadlane.money.invoicing.policies.documents import Party
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.assignments import rules
from toadlane.trade.assignments.models import Assignment, Contract
from toadlane.trade.assignments.permissions import FUND as FUND_KEEPERS
from toadlane.trade.assignments.permissions import MANAGE
from toadlane.trade.assignments.policies.europe import EU
from toadlane.trade.assignments.queries import terms
from toadlane.ui.shapes import Moment

SALT = "assignments.quote"
BIG = 2**31
FUND, ADVANCES, FUNDS_SIDE = "2140", "2145", "guarantee:fund"


def assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("activity", "invoice").defer("invoice__xml").order_by("-pk")


def assignment(pk: int) -> Assignment | None:
    return assignments().filter(pk=pk).first() if 0 < pk < BIG else None


def token(assignment: Assignment) -> str:
    """Return what stands in the address that the client gets: it names the quote and proves that we gave it out."""
    return signing.Signer(salt=f"{SALT}:{assignment.coop_id}", sep="~").sign(str(assignment.pk))


def at_token(token: str) -> Assignment | None:
    """Return the quote a token is for; None where we did not make it, or it was never sent."""
    try:
        pk = int(signing.Signer(salt=f"{SALT}:{current_coop_id()}", sep="~").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return assignments().filter(pk=pk).exclude(state=Assignment.State.DRAFT).first()


def text_of(assignment: Assignment) -> dict[str, Any]:
    """Return what a client says yes to, as it is digested."""
    days = {"first_day": assignment.first_day.isoformat(), "last_day": assignment.last_day.isoformat()}
    names = (
        "number", "title", "trade", "lines", "note", "currency", "net_minor", "vat_minor", "vat_rate", "client_name",
        "client_email", "client_street", "client_postcode", "client_city", "client_country", "client_vat_number",
    )  # fmt: skip
    said = {name: getattr(assignment, name) for name in names}
    return {"coop": coops.of_scope(assignment.coop_id).slug, **said, **days}


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


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that somebody may see and do of an order."""

    assignment: Assignment
    contracts: list[Contract]
    uncontracted: Money
    owed: Money
    advanced: Money
    not_guaranteed: str
    reference: str
    days_late: int
    story: list[Moment]
    deeds: frozenset[str]


def page(assignment: Assignment, by: Principal, today: date, *, may_invoice: bool) -> Page:
    paying = payment(assignment)
    state = Assignment.State
    deeds = set()
    if by.may(MANAGE, assignment.activity):
        deeds |= {"send", "drop"} if assignment.is_open else set()
        deeds |= {"drop"} if assignment.state == state.CONFIRMED else set()
        deeds |= {"invoice"} if assignment.may_be_invoiced and may_invoice else set()
        deeds |= {"contract"} if assignment.state not in (state.DECLINED, state.DROPPED, state.DEFAULTED) else set()
    if by.may(FUND_KEEPERS, assignment) and assignment.state == state.INVOICED:
        deeds.add("give_up")
    late = (today - assignment.due_on).days if assignment.due_on and assignment.state == state.INVOICED else 0
    return Page(
        assignment=assignment, contracts=list(assignment.contracts.select_related("membership__person").order_by("pk")),
        uncontracted=assignment.labor - Money(contracted(assignment), assignment.currency), owed=owed(assignment),
        advanced=advanced(assignment), not_guaranteed=why_not_guaranteed(assignment),
        reference=paying.reference if paying else "", days_late=max(late, 0), story=story(assignment), deeds=frozenset(deeds),
    )  # fmt: skip


def story(assignment: Assignment) -> list[Moment]:
    one = assignment
    told = [Moment(one.made_at, _("The quote was written."))]
    if one.sent_at:
        told.append(Moment(one.sent_at, _("It was sent to %(email)s.") % {"email": one.client_email}))
    if one.confirmed_at:
        told.append(Moment(one.confirmed_at, _("confirmed the order."), who=one.confirmed_name))
    if one.invoice:
        told.append(Moment(one.invoice.issued_at, _("Invoice %(number)s was issued.") % {"number": one.invoice.number}))
    for row in one.reminders.order_by("step"):
        told.append(Moment(row.sent_at, _("Reminder %(step)s was sent.") % {"step": row.step}))
    advanced_at = one.contracts.filter(drawn_minor__gt=0, paid_at__isnull=False).values_list("paid_at", flat=True)
    told += [Moment(at, _("A wage left. The guarantee fund advanced it.")) for at in advanced_at if at]
    if one.defaulted_at:
        told.append(Moment(one.defaulted_at, _("It was given up: nobody expects the money any more.")))
    if one.paid_at:
        told.append(Moment(one.paid_at, _("The client has paid.")))
    return sorted(told, key=lambda moment: str(moment.at))
