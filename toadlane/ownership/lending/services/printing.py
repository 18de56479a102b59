"""A member's loan on paper: what was agreed, and every movement since."""

from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.ownership.lending import queries
from toadlane.ownership.lending.models import Loan
from toadlane.ownership.lending.permissions import SEE
from toadlane.ownership.lending.services.register import day_of
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "loan.typ"


def printed(*, loan: Loan, by: Principal, at: datetime) -> bytes:
    """Return the statement of a loan as PDF, in the co-op’s language. Of one day and state of the register: the same bytes."""
    by.must(SEE, loan.membership)
    coop, stood = coops.of_scope(current_coop_id()), queries.standings([loan])[loan.pk]
    with translation.override(coop.language):
        lines = [
            [formats.day(one.on), str(one.get_kind_display()), formats.money(one.amount)]
            for one in loan.movements.select_related("loan")
        ]  # fmt: skip
        title = _("Statement of a member’s loan")
        says = _("%(name)s lends %(amount)s to %(coop)s, at %(interest)s a year, for %(months)s months.") % {
            "name": loan.membership.name, "amount": formats.money(loan.principal), "coop": coop.name,
            "interest": formats.percent(loan.interest), "months": loan.months,
        }  # fmt: skip
        about = [
            [_("State"), str(loan.get_state_display())], [_("On this day"), formats.day(day_of(at))],
            [_("Owed of what was lent"), formats.money(stood.principal)], [_("Owed of interest"), formats.money(stood.interest)],
        ]  # fmt: skip
        if loan.received_on and loan.ends_on:
            about.insert(1, [_("From and to"), f"{formats.day(loan.received_on)} – {formats.day(loan.ends_on)}"])
        facts = {
            "title": title, "author": coop.name, "coop": coop.name, "says": says, "about": about, "lines": lines,
            "head": [_("Day"), _("What"), _("Amount")], "foot": f"{coop.name} · {title} {loan.pk}",
            "note": _("Interest is counted by the day, from the day after the money came. It is given back when there is money."),
        }  # fmt: skip
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return paper.pdf(PAPER, facts, language=coop.language, at=midnight)
