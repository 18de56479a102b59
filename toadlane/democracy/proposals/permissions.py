"""Who may propose, speak, sign, stop and judge. Nobody here may decide alone."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import OPEN, Proposal, Stage, Support
from toadlane.democracy.proposals.policies import concerned
from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.society.members.policies import classes


def classes_with(right: str) -> frozenset[str]:
    """Return the classes of members that have a right, as the bylaws in force give it."""
    known = classes(bylaws.book().value("members.classes"))
    return frozenset(one.id for one in known.values() if right in one.rights)


def has_right(by: Principal, right: str) -> bool:
    return any(f"class:{one}" in by.roles for one in classes_with(right))


def may_bring(by: Principal, proposers: Iterable[str]) -> bool:
    """Say whether somebody may bring something forward that a procedure decides.

    :param proposers: as the procedure names them: `members` (of a class that may propose), `class:…`, `office:…`, `circle:…`
    """
    return any(
        one in by.roles or one.partition(":")[2] in by.roles if ":" in one else has_right(by, "propose") for one in proposers
    )


def is_author(by: Principal, proposal: Proposal) -> bool:
    return proposal.supports.filter(role=Support.Role.AUTHOR, membership_id__in=by.memberships).exists()


def _proposes(by: Principal, _subject: Any) -> Answer:
    return Answer(
        has_right(by, "propose"), _("Only members of a class that may propose can do this. Any member can begin a petition.")
    )


def _writes(by: Principal, proposal: Proposal) -> Answer:
    return Answer(is_author(by, proposal), _("Only those who brought it do this. You can offer an amendment."))


def _votes(by: Principal, _subject: Any) -> Answer:
    return Answer(has_right(by, "vote"), _("Only members who may vote can do this."))


def _summarises(by: Principal, proposal: Proposal) -> Answer:
    may = is_author(by, proposal) or bool(by.roles & {"facilitator", "moderator"})
    return Answer(may, _("Those who brought it, or a facilitator, write the summary."))


def _reads(by: Principal, subject: Any) -> Answer:
    """Decisions and talk, for strangers as far as the bylaws open them."""
    if by.roles & {"member", "system"} or by.memberships:
        return Answer(True)
    opened = str(bylaws.book().maybe("gov.records_public") or "members")
    is_decided = not isinstance(subject, Proposal) or subject.stage not in (*OPEN, Stage.VOTING, Stage.WITHDRAWN)
    return Answer(opened == "all" or (opened == "decisions" and is_decided), _("This is for the members of the co-op."))


def _appeals(by: Principal, decision: Any) -> Answer:
    about = concerned(decision.contents)
    # A suspended member has no memberships to act for, and still appeals what was decided about them.
    mine = by.person_id is not None and Membership.objects.filter(pk__in=about, person_id=by.person_id).exists()
    return Answer(mine or bool(by.memberships & about), _("Only whom the decision is about may appeal."))


def _own(by: Principal, draft: Any) -> Answer:
    return Answer(by.person_id is not None and draft.person_id == by.person_id, _("This is somebody else’s draft."))


def _guards(by: Principal, _subject: Any) -> Answer:
    if "board" in by.roles:
        return Answer(False, _("Whoever sits on the board is no guardian."))
    return holds("guardian")(by, _subject)


def _judges(by: Principal, appeal: Any) -> Answer:
    if appeal.membership_id in by.memberships or appeal.person_id == by.person_id:
        return Answer(False, _("Nobody decides in their own case."))
    return holds("appeals")(by, appeal)


PROPOSE = Permission("proposals.propose", _proposes)
PETITION = Permission("proposals.petition", holds("member"))
DRAFT = Permission("proposals.draft", holds("member"))
OWN_DRAFT = Permission("proposals.own_draft", _own)
WRITE = Permission("proposals.write", _writes)
SPEAK = Permission("proposals.speak", holds("member"))
SUPPORT = Permission("proposals.support", holds("member"))
AMEND = Permission("proposals.amend", holds("member"))
SUMMARISE = Permission("proposals.summarise", _summarises)
HIDE = Permission("proposals.hide", holds("moderator", "board"))
DEMAND = Permission("proposals.demand", _votes)
GUARD = Permission("proposals.guard", _guards)
APPEAL = Permission("proposals.appeal", _appeals)
JUDGE = Permission("proposals.judge", _judges)
READ = Permission("proposals.read", _reads, scope="read")
LIST = Permission("proposals.list", anyone, scope="read")
# The ballot's own job tells what came of a vote; a timer carries it out. Neither is anybody's to do by hand.
COUNT = Permission("proposals.count", holds("system"))
RUN = Permission("proposals.run", holds("system"))
