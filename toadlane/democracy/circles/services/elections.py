"""Before an election: who stands. Put forward by themselves or by others, with their own yes, until a day that all know."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.circles import queries
from toadlane.democracy.circles.events import NominationsClosed, NominationsOpened, SomebodyNominated
from toadlane.democracy.circles.models import Chosen, Election, Nomination, Sits
from toadlane.democracy.circles.permissions import CALL_ELECTION, KEEP_TIME, NOMINATE, STAND
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.ui import formats


class NotNow(Expected):
    words = lazy("Nominations are not open.")


class NotThatLong(Expected):
    words = lazy("Nominations have to be open for longer.")
    status = 422
    field = "closes_at"


class AlreadyNominated(Expected):
    words = lazy("They have been put forward already.")


class CannotStand(Expected):
    words = lazy("Only members of a class that may stand can be put forward, and for a class's seats only its own.")
    status = 422
    field = "membership"


class FillsOneSeat(Expected):
    words = lazy("Votes counted this way fill one seat, and there are more.")
    status = 422
    field = "seats"


class NothingToFill(Expected):
    words = lazy("There is no such seat to fill here.")
    status = 422
    field = "office"


class ByLot(Expected):
    words = lazy("The lot fills these seats. The members can decide that they are elected.")
    status = 422
    field = "office"


@transaction.atomic
def open_election(
    *, office: str, closes_at: datetime, by: Principal, at: datetime, seats: int | None = None, member_class: str = "",
    sits: str = Sits.SEAT, method: str = "",
) -> Election:  # fmt: skip
    """Open nominations for seats of a circle, and let every member know.

    :param seats: as many as the circle has for this class where it is not said
    :param method: how the votes are counted; the bylaws' where it is not said
    :raises NotThatLong: when the deadline is nearer than the bylaws allow
    :raises FillsOneSeat: when the way of counting elects one, and more are asked for
    """
    by.must(CALL_ELECTION, office)
    book, circle = bylaws.book(), queries.find(office)
    if circle is None:
        raise NothingToFill
    if sits == Sits.SEAT and circle.chosen == Chosen.LOT:
        raise ByLot
    earliest = at + timedelta(days=book.value("circles.nomination_days"))
    if closes_at < earliest:
        raise NotThatLong(hint=_("The earliest is %(day)s.") % {"day": formats.moment(earliest, "date")})
    wanted = seats if seats is not None else queries.seats_of(circle, member_class) if sits == Sits.SEAT else 1
    if wanted < 1 or (sits != Sits.SEAT and (wanted != 1 or circle.parent is None)):
        raise NothingToFill
    method = method or book.value("circles.method")
    if wanted > 1 and not METHODS[method].several:
        hint = _("Say one seat, and open another election after this one; or let the members change how votes are counted.")
        raise FillsOneSeat(hint=hint)
    try:
        with transaction.atomic():
            election = Election.objects.create(
                office=office, sits=sits, member_class=member_class, seats=wanted, term_months=circle.term_months,
                method=method, opened_at=at, opened_by=str(by), closes_at=closes_at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotNow(_("There is an election for these seats already.")) from error
    events.publish(NominationsOpened(election_id=election.pk))
    return election


@transaction.atomic
def nominate(
    *, election: Election, membership: Membership, by: Principal, at: datetime, person_id: int | None = None,
    reason: str = "", statement: str = "",
) -> Nomination:  # fmt: skip
    """Put a member forward. Whoever puts forward themselves has said yes with it.

    :param person_id: which of an organisation's delegates would sit
    :raises NotNow, AlreadyNominated, CannotStand:
    """
    by.must(NOMINATE, election)
    _be_open(election, at)
    person = queries.who_would_sit(membership, person_id)
    if person is None or not queries.may_stand(membership, election.member_class):
        raise CannotStand
    is_own = person.pk == by.person_id
    if is_own and not statement.strip():
        raise CannotStand(_("Say in a few words what you would do: members read it before they vote."), field="statement")
    try:
        with transaction.atomic():
            nomination = Nomination.objects.create(
                election=election, person=person, membership=membership, nominated_by_id=by.person_id, nominated_at=at,
                reason=reason.strip(), statement=statement.strip() if is_own else "", accepted_at=at if is_own else None,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyNominated(hint=_("They are on the list.")) from error
    if not is_own:
        events.publish(SomebodyNominated(nomination_id=nomination.pk))
    return nomination


@transaction.atomic
def accept_nomination(*, nomination: Nomination, statement: str, by: Principal, at: datetime) -> Nomination:
    """Say yes, in one's own words; or say it anew, until nominations close."""
    by.must(STAND, nomination)
    _be_open(nomination.election, at)
    if not statement.strip():
        raise CannotStand(_("Say in a few words what you would do: members read it before they vote."), field="statement")
    nomination.statement, nomination.accepted_at, nomination.declined_at = statement.strip(), at, None
    nomination.save()
    return nomination


@transaction.atomic
def decline_nomination(*, nomination: Nomination, by: Principal, at: datetime) -> Nomination:
    """Say no, also after having said yes, until nominations close. No reason is owed."""
    by.must(STAND, nomination)
    _be_open(nomination.election, at)
    nomination.declined_at, nomination.accepted_at = at, None
    nomination.save()
    return nomination


@transaction.atomic
def close_nominations(*, election: Election, by: Principal, at: datetime) -> Election:
    """Close what is due. With nobody standing it is cancelled, and says so. Doing it again is harmless."""
    by.must(KEEP_TIME)
    election = Election.objects.select_for_update().get(pk=election.pk)
    if election.state != Election.State.OPEN or at < election.closes_at:
        return election
    if election.nominations.filter(accepted_at__isnull=False).exists():
        election.state = Election.State.CLOSED
        events.publish(NominationsClosed(election_id=election.pk, office=election.office))
    else:
        election.state, election.cancelled_because = Election.State.CANCELLED, "nobody stands"
    election.save()
    return election


@transaction.atomic
def cancel_election(*, election: Election, reason: str, by: Principal, at: datetime) -> Election:
    """Call an election off before it is with the members, and say why."""
    by.must(CALL_ELECTION, election)
    election = Election.objects.select_for_update().get(pk=election.pk)
    if election.state not in (Election.State.OPEN, Election.State.CLOSED):
        raise NotNow(_("It is with the members, or over."))
    if not reason.strip():
        raise NotNow(_("Say why: people have been put forward."), field="reason")
    election.state, election.cancelled_because = Election.State.CANCELLED, reason.strip()
    election.save()
    return election


@transaction.atomic
def set_proposal(*, election: Election, proposal: str, by: Principal, at: datetime) -> Election:
    """Note where an election is voted on: the room of meetings brings it before the members."""
    by.must(KEEP_TIME)
    election = Election.objects.select_for_update().get(pk=election.pk)
    if election.state != Election.State.CLOSED:
        raise NotNow
    election.state, election.proposal = Election.State.PROPOSED, proposal
    election.save()
    return election


@transaction.atomic
def election_failed(*, election: Election, why: str, by: Principal, at: datetime) -> Election:
    """Note that the vote elected nobody, so that nominations can be opened again. Doing it again is harmless."""
    by.must(KEEP_TIME)
    election = Election.objects.select_for_update().get(pk=election.pk)
    if election.state == Election.State.PROPOSED:
        election.state, election.cancelled_because = Election.State.CANCELLED, why
        election.save()
    return election


def _be_open(election: Election, at: datetime) -> None:
    if election.state != Election.State.OPEN or at >= election.closes_at:
        raise NotNow
