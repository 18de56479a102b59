"""A member's statement of a year on paper."""

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.permissions import SEE
from toadlane.ownership.surplus.queries.statements import Statement
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "statement.typ"


def printed(*, year: Year, statement: Statement, by: Principal) -> bytes:
    """Return a member's written notice of what a year brought them, the same bytes each time."""
    by.must(SEE, year)
    coop = coops.of_scope(current_coop_id())
    with translation.override(coop.language):
        title = _("The surplus of %(year)s") % {"year": year.name}
        facts = {
            "title": title, "author": coop.name, "name": coop.name, "foot": f"{coop.name} · {title} · {year.hash[:16]}",
            "member": statement.name,
            "about": [
                [_("From and to"), f"{formats.day(year.starts_on)} – {formats.day(year.ends_on)}"],
                [_("Number in the register"), str(statement.number or "–")], [_("Decision"), year.decision or "–"],
            ],
            "parts": [
                [_("Your part of what goes back"), formats.money(statement.refund)],
                [_("In money"), formats.money(statement.cash)],
                [_("In your capital account"), formats.money(statement.retained)],
                [_("Interest on your shares"), formats.money(statement.interest)],
                *([[_("Off your capital account and your shares, for the loss"), formats.money(statement.loss)]] * bool(
                    statement.loss_minor
                )),
            ],
            "note": _("What stays in your capital account is yours. It is given back in later years, the oldest first."),
        }  # fmt: skip
    return paper.pdf(PAPER, facts, language=coop.language, at=year.booked_at or year.worked_out_at)
