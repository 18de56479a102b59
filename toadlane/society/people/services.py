import secrets
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.people import policies
from toadlane.society.people.models import ApiToken, Handover, Notice, Person
from toadlane.society.people.permissions import ARRIVE, CHANGE_OWN, CLOSE_OWN, ISSUE_TOKEN, PROVE_PHONE, USE_TOKEN, WELCOME
from toadlane.society.people.policies import digest
from toadlane.ui import formats

# Each includes the one before: a token that may write may read.
SCOPES = ("read", "write", "money")
TICKET_LIFE = timedelta(seconds=60)


class NumberTaken(Expected):
    words = lazy("Somebody else uses this number here.")
    field = "phone"


class NotAName(Expected):
    words = lazy("Tell us what to call you.")
    status = 422
    field = "name"


class NotAChoice(Expected):
    words = lazy("This is none of the choices there are.")
    status = 422


class UnknownScope(Expected):
    words = lazy("A token may read, write, or move money.")
    status = 422
    field = "scopes"


class TokenNeedsName(Expected):
    words = lazy("Say what the token is for.")
    status = 422
    field = "name"


class OutlivesItsMaker(Expected):
    words = lazy("A token cannot make one that lasts longer than itself.")
    status = 422
    field = "expires_at"


class ExpiryPassed(Expected):
    words = lazy("That day is over already.")
    status = 422
    field = "expires_at"


class TicketRefused(Expected):
    words = lazy("This way in was open for a minute, and once.")
    status = 403


class CannotClose(Expected):
    """Your account cannot be closed yet."""


@transaction.atomic
def set_phone(*, person: Person, phone: str, verified: bool, by: Principal, at: datetime) -> None:
    """Keep a number that was proven by a code, or is about to be.

    :raises NumberTaken: when somebody proved it first
    """
    by.must(PROVE_PHONE, person)
    if Person.objects.filter(phone=phone).exclude(pk=person.pk).exists():
        raise NumberTaken
    person.phone, person.phone_verified_at = phone, at if verified else None
    person.save(update_fields=["phone", "phone_verified_at"])


def welcome(*, phone: str, name: str, language: str, is_proven: bool, by: Principal, at: datetime) -> Person:
    """Open an account for somebody of whom nothing is known but a name and a phone number.

    :param phone: in the form of E.164
    :param is_proven: whether they answered a message that was sent there
    :raises NumberTaken: when somebody has it already
    """
    by.must(WELCOME)
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    person = Person(
        phone=phone, phone_verified_at=at if is_proven else None, name=policies.readable_name(name), language=known, joined_at=at
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise NumberTaken from error
    return person


def save_preferences(
    *, person: Person, name: str, language: str, time_zone: str, notices: Mapping[str, str], by: Principal
) -> None:
    """Keep what a person chose.

    :param notices: channel (`email`, `sms`, `none`) by what it is about; one left out stays as it is by default
    :raises NotAName, NotAChoice: saying which field, and what is known
    """
    by.must(CHANGE_OWN, person)
    name = policies.readable_name(name)
    if not name:
        raise NotAName
    for field, value, known in (
        ("language", language, set(dict(settings.LANGUAGES))),
        ("time_zone", time_zone, {"", *zoneinfo.available_timezones()}),
        *(
            (f"notices.{about}", channel, {"email", "sms", "none"} if about in Notice else set())
            for about, channel in notices.items()
        ),
    ):
        if value not in known:
            raise NotAChoice(field=field)
    person.name, person.language, person.time_zone, person.notices = name, language, time_zone, dict(notices)
    person.save(update_fields=["name", "language", "time_zone", "notices"])


def save_language(*, person: Person, language: str, by: Principal) -> None:
    """Remember the language picked at the foot of a page."""
    by.must(CHANGE_OWN, person)
    Person.objects.filter(pk=person.pk).exclude(language=language).update(language=language)


def issue_token(
    *, person: Person, name: str, scopes: Iterable[str], by: Principal, at: datetime, expires_at: datetime | None = None,
    coop_id: int | None = None, maker: ApiToken | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    """Make a token and return it with its secret, which is shown this once and kept nowhere.

    :param scopes: of read, write, money; each brings the smaller ones with it
    :param coop_id: the one co-op it opens; None opens all of the person's
    :param maker: the token that asks for it, if one does
    :raises UnknownScope, TokenNeedsName, ExpiryPassed, OutlivesItsMaker:
    """
    by.must(ISSUE_TOKEN, person)
    asked = set(scopes)
    if not asked or asked - set(SCOPES):
        raise UnknownScope(hint=_("Known are: %(scopes)s.") % {"scopes": formats.listed(SCOPES)})
    if not name.strip():
        raise TokenNeedsName
    if expires_at is not None and expires_at <= at:
        raise ExpiryPassed
    # A token never makes a stronger one.
    if by.scopes is not None and not asked <= by.scopes:
        raise UnknownScope(_("A token cannot make one that may do more than itself."))
    if maker is not None and maker.expires_at and (expires_at is None or expires_at > maker.expires_at):
        raise OutlivesItsMaker(hint=str(maker.expires_at.isoformat()))
    largest = max(SCOPES.index(scope_) for scope_ in asked)
    secret = f"tl_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person=person, coop_id=coop_id, name=name.strip()[:80], scopes=list(SCOPES[: largest + 1]), digest=digest(secret),
        ending=secret[-4:], made_at=at, expires_at=expires_at,
    )  # fmt: skip
    return token, secret


def revoke_token(*, token: ApiToken, by: Principal, at: datetime) -> None:
    """Take a token back; from now on it opens nothing. Doing it again is harmless."""
    by.must(CHANGE_OWN, token.person)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def note_use(*, token: ApiToken, by: Principal, at: datetime) -> None:
    """Remember the day a token was last used: one write a day, not one a request."""
    by.must(USE_TOKEN, token.person)
    ApiToken.objects.filter(pk=token.pk).exclude(last_used_on=at.date()).update(last_used_on=at.date())


def begin_handover(*, person: Person, host: str, path: str, state: str, by: Principal, at: datetime) -> str:
    """Return a ticket that signs this person in at a co-op's own host: once, there, and within a minute.

    :param state: what the co-op's host gave this very browser; the ticket is worth nothing in another
    """
    by.must(CHANGE_OWN, person)
    Handover.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    ticket = secrets.token_urlsafe(32)
    Handover.objects.create(
        digest=digest(ticket), person=person, host=host, path=path[:500], state=digest(state), expires_at=at + TICKET_LIFE
    )  # fmt: skip
    return ticket


@transaction.atomic
def redeem_handover(*, ticket: str, host: str, state: str, by: Principal, at: datetime) -> Handover:
    """Take a ticket and return it, so that its person is signed in and led to its path.

    :raises TicketRefused: used, too late, another host, another browser, or never ours: it looks the same
    """
    by.must(ARRIVE)
    rows = Handover.objects.filter(
        digest=digest(ticket), host=host, state=digest(state), used_at=None, expires_at__gt=at, person__is_active=True
    )  # fmt: skip
    # The count says who was first, however many ask at once.
    if not state or not rows.update(used_at=at):
        raise TicketRefused(hint=_("Sign in once more."))
    return Handover.objects.select_related("person").get(digest=digest(ticket))


def end_sessions(*, person: Person, keep: str = "", only: int | None = None, by: Principal) -> int:
    """Sign out other devices; return how many.

    :param keep: the session key of this device
    :param only: the one session to end
    """
    by.must(CHANGE_OWN, person)
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    keys = list(sessions.values_list("session_key", flat=True))
    for key in keys:
        SessionStore(key).delete()
    sessions.delete()
    return len(keys)


@transaction.atomic
def close_account(*, person: Person, by: Principal, at: datetime) -> None:
    """Close one's account: name and addresses go, what the law makes co-ops keep stays without them.

    :raises CannotClose: with what has to be settled first
    """
    by.must(CLOSE_OWN, person)
    if obstacles := _obstacles(person):
        raise CannotClose(" ".join(obstacles), hint=_("Settle this first, then close your account."))
    for tenant in Tenant.objects.order_by("pk"):
        with scope(tenant.pk):
            for room in personal_data.declared():
                if room.inside and room.erase:
                    room.erase(person_id=person.pk, by=Principal.job(tenant.pk), at=at)
    for room in personal_data.declared():
        if not room.inside and room.erase:
            room.erase(person_id=person.pk, by=by, at=at)
    end_sessions(person=person, by=by)
    ApiToken.objects.filter(person=person).delete()
    Handover.objects.filter(person=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.email = person.phone = person.phone_verified_at = None
    person.name, person.time_zone, person.notices, person.is_active = _("Somebody who left"), "", {}, False
    person.is_operator, person.closed_at = False, at
    person.set_unusable_password()
    person.save()


def _obstacles(person: Person) -> list[str]:
    found: list[str] = []
    rooms = [room for room in personal_data.declared() if room.obstacle]
    for tenant in Tenant.objects.order_by("pk"):
        with scope(tenant.pk):
            found += [text for room in rooms if room.inside and room.obstacle and (text := room.obstacle(person.pk))]
    return found + [text for room in rooms if not room.inside and room.obstacle and (text := room.obstacle(person.pk))]
