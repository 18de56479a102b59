from django.db.models import Q
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, Proxy, RollEntry
from toadlane.democracy.proposals import permissions as proposals
from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.members import permissions as members
from toadlane.society.members.models import Delegate


def marks(by: Principal, entry: RollEntry) -> Answer:
    """Whoever is on the roll, and nobody else: a roll that is frozen asks for no other power, and takes none away."""
    return Answer(is_theirs(by, entry) or holds_proxy(by, entry), _("This vote is somebody else’s."))


def is_theirs(by: Principal, entry: RollEntry) -> bool:
    if by.person_id is None:
        return False
    if entry.person_id is not None:
        return entry.person_id == by.person_id
    if entry.membership_id in by.delegate_of:
        return True
    # Of an organisation that is suspended by now nobody speaks elsewhere; on this roll its delegates still do.
    return Delegate.objects.filter(membership_id=entry.membership_id, person_id=by.person_id, ended_on__isnull=True).exists()


def holds_proxy(by: Principal, entry: RollEntry) -> bool:
    proxy = Proxy.objects.filter(giver=entry, ended_at=None).select_related("holder").first()
    return proxy is not None and is_theirs(by, proxy.holder)


def reads(by: Principal, ballot: Ballot) -> Answer:
    """Whoever may read the proposal, and whoever is on the roll whatever has become of their membership since."""
    may = by.may(proposals.READ, ballot.proposal)
    if may or by.person_id is None:
        return may
    return Answer(RollEntry.objects.filter(mine(by), ballot=ballot).exists(), may.because)


def mine(by: Principal) -> Q:
    """Return which entries of rolls are somebody's own."""
    spoken = Delegate.objects.filter(person_id=by.person_id, ended_on__isnull=True).values("membership_id")
    return Q(person_id=by.person_id) | Q(person=None, membership_id__in=spoken)


def facilitates(by: Principal, ballot: Ballot) -> bool:
    """Say whether somebody leads through a decision: a facilitator or the chair, or whoever brought it."""
    brought = by.person_id is not None and by.person_id == ballot.proposal.author_person_id
    return brought or bool(by.roles & {"facilitator", "chair"})


def speaks(by: Principal, ballot: Ballot) -> Answer:
    """Whoever is on the roll or leads through it; and any member, since advice may be asked of each."""
    may = facilitates(by, ballot) or "member" in by.roles or RollEntry.objects.filter(mine(by), ballot=ballot).exists()
    return Answer(by.person_id is not None and may, _("Only those on the roll of this decision take part in it."))


def sees_roll(by: Principal, ballot: Ballot) -> Answer:
    """Members, and whoever is on it."""
    may = "member" in by.roles or RollEntry.objects.filter(mine(by), ballot=ballot).exists()
    return Answer(by.person_id is not None and may, _("The roll is for members."))


def sees_lines(by: Principal, ballot: Ballot) -> Answer:
    """Anybody those of a secret vote; those of an open one tell who voted what, and are for whoever may see the roll."""
    return sees_roll(by, ballot) if ballot.is_guessable else Answer(True)


def lists(by: Principal, _subject: object) -> Answer:
    return by.may(proposals.READ, None)


def _votes(by: Principal, _proposal: object) -> Answer:
    may = proposals.has_right(by, "vote") or bool(by.memberships)
    return Answer(by.person_id is not None and may, _("Only members who may vote can do this."))


ASK_SECRET = Permission("ballots.ask_secret", _votes)
OPEN = Permission("ballots.open", holds("system"))
CLOSE = Permission("ballots.close", holds("system"))
CAST = Permission("ballots.cast", marks)
GIVE = Permission("ballots.give", lambda by, entry: Answer(is_theirs(by, entry), _("This vote is somebody else’s.")))
DELEGATE = Permission("ballots.delegate", members.own)
CHOOSE_CLASS = Permission("ballots.choose_class", holds("member"))
READ = Permission("ballots.read", reads, scope="read")
SPEAK = Permission("ballots.speak", speaks)
TELL = Permission("ballots.tell", holds("board", "teller"))
# Who is here makes a quorum: the board, which wants one, does not say it. A meeting lends the role to whoever is at its door.
COUNT_HEADS = Permission("ballots.count_heads", holds("teller"))
CALL = Permission("ballots.call", holds("board", "teller", "facilitator", "coordinator"), scope="read")
ROLL = Permission("ballots.roll", sees_roll, scope="read")
SEE_LINES = Permission("ballots.lines", sees_lines, scope="read")
LIST = Permission("ballots.list", lists, scope="read")
SETTLE = Permission("ballots.settle", holds("chair", "board"))
