from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import scope, scoped_coop_id
from toadlane.society.people import policies
from toadlane.society.people.models import ApiToken, Person


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a person is reached about something: one address, the one they chose."""

    name: str
    language: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Home:
    """A co-op somebody belongs to, for the list on their own page."""

    coop_id: int
    name: str
    url: str
    standing: str = ""


# People know no co-ops. The rooms above that do, say so in their wiring.
_homes: list[Callable[[int], list[Home]]] = []
_visited: list[Callable[[int], list[Home]]] = []
_hosts: list[Callable[[str], bool]] = []
_named: list[Callable[[str], Home | None]] = []
_slugs: list[Callable[[], dict[int, str]]] = []


def declare_homes(of: Callable[[int], list[Home]]) -> None:
    """Say which co-ops a person (by id) belongs to."""
    _homes.append(of)


def declare_visited(by: Callable[[int], list[Home]]) -> None:
    """Say where a person (by id) has been a customer."""
    _visited.append(by)


def declare_hosts(knows: Callable[[str], bool]) -> None:
    """Say whether a host name is a co-op's own: only there does a sign-in travel."""
    _hosts.append(knows)


def declare_names(find: Callable[[str], Home | None]) -> None:
    """Say which co-op has a short name."""
    _named.append(find)


def declare_slugs(of_all: Callable[[], dict[int, str]]) -> None:
    """Say which short name each co-op (by id) has."""
    _slugs.append(of_all)


def home_named(slug: str) -> Home | None:
    return next((home for find in _named if (home := find(slug))), None)


def names(ids: set[int]) -> dict[int, str]:
    """Return what people are called, for lists that hold only their numbers."""
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def homes_of(person_id: int) -> list[Home]:
    return [home for of in _homes for home in of(person_id)]


def visited_by(person_id: int) -> list[Home]:
    """Return the co-ops in which somebody has been a customer and does not belong to."""
    own = {home.coop_id for home in homes_of(person_id)}
    found = {home.coop_id: home for by in _visited for home in by(person_id) if home.coop_id not in own}
    return list(found.values())


def is_home_host(host: str) -> bool:
    return any(knows(host) for knows in _hosts)


def by_email(email: str) -> Person | None:
    address = EmailAddress.objects.filter(email__iexact=email).select_related("user").order_by("-verified").first()
    return address.user if address else Person.objects.filter(email__iexact=email).first()


def by_phone(phone: str) -> Person | None:
    return Person.objects.filter(phone=phone).first() if phone else None


def reach(person_id: int, about: str) -> Reach | None:
    """Return where to write to a person about `orders`, `messages`, ...; None when they chose not to be told, or are gone."""
    return reaches([person_id], about).get(person_id)


def reaches(person_ids: Collection[int], about: str, *, always: bool = False) -> dict[int, Reach]:
    """Return where to write to many people; who is not in it chose not to be told, or cannot be reached. One statement.

    :param always: also those who chose not to be told: for a notice that a right hangs on
    """
    found = {}
    one = next(iter(person_ids)) if len(person_ids) == 1 else None
    for person in _OPEN(pk=one) if one is not None else Person.objects.filter(pk__in=person_ids, closed_at=None):
        channel = person.channel_for(about)
        if channel == "none" and always:
            channel = "email" if person.email else "sms" if person.phone else "none"
        if channel == "email":
            found[person.pk] = Reach(name=person.name, language=person.language, email=person.email or "")
        elif channel == "sms":
            found[person.pk] = Reach(name=person.name, language=person.language, phone=person.phone or "")
    return found


_OPEN: Prepared[Person] = Prepared(lambda: Person.objects.filter(pk=Param("pk"), closed_at=None), of_coop=False)


def bearer(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the living token behind a secret, with its person: one statement."""
    alive = Q(expires_at=None) | Q(expires_at__gt=at)
    tokens = ApiToken.objects.select_related("person").filter(alive, revoked_at=None, person__is_active=True)
    return tokens.filter(digest=policies.digest(secret)).first() if secret.startswith("tl_") else None


def server_roles(person: Any) -> frozenset[str]:
    """Return what somebody is on the server's own pages. Inside a co-op it counts for nothing."""
    return frozenset({"operator"}) if person.is_authenticated and person.is_operator else frozenset()


def as_bearer(token: ApiToken) -> Principal:
    """Return the person behind a token, for what concerns the token itself."""
    return Principal(coop_id=scoped_coop_id(), channel=Channel.API, person_id=token.person_id, scopes=frozenset(token.scopes))


def tokens_of(person_id: int) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(person_id=person_id, revoked_at=None).order_by("-pk")


@dataclass(frozen=True, kw_only=True)
class SecondSteps:
    """What somebody signs in with besides a password."""

    app: bool
    passkeys: int
    codes_left: int


def second_steps(person: Person) -> SecondSteps:
    found = {row.type: row for row in Authenticator.objects.filter(user=person).exclude(type="webauthn")}
    codes = found.get("recovery_codes")
    return SecondSteps(
        app="totp" in found, passkeys=Authenticator.objects.filter(user=person, type="webauthn").count(),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )  # fmt: skip


def sessions_of(person: Person) -> list[UserSession]:
    """Return where somebody is signed in, newest first; sessions that ended by themselves are forgotten on the way."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda session: session.created_at, reverse=True)


def everything_about(person: Person) -> dict[str, Any]:
    """Return what this server holds about a person, room by room; `coop-` and its short name for what a co-op holds."""
    rooms, slugs = personal_data.declared(), {pk: slug for of_all in _slugs for pk, slug in of_all().items()}
    whole: dict[str, Any] = {room.name: room.export(person_id=person.pk) for room in rooms if not room.inside}
    for tenant in Tenant.objects.order_by("pk"):
        with scope(tenant.pk):
            found = {
                room.name: data for room in rooms if room.inside and _says_something(data := room.export(person_id=person.pk))
            }
        if found:
            whole[f"coop-{slugs.get(tenant.pk, tenant.pk)}"] = found
    return whole


def _says_something(data: Any) -> bool:
    """Say whether there is anything in it: rooms may answer with empty lists under their headings."""
    return any(map(_says_something, data.values())) if isinstance(data, dict) else bool(data)


def own_data(*, person_id: int) -> dict[str, Any]:
    """Return what this room holds: the account itself."""
    person = Person.objects.get(pk=person_id)
    fields = ("name", "email", "phone", "language", "time_zone", "notices", "joined_at", "last_login")
    return {
        "account": {field: getattr(person, field) for field in fields},
        "tokens": list(ApiToken.objects.filter(person=person).values("name", "scopes", "made_at", "expires_at", "last_used_on")),
        "sessions": list(UserSession.objects.filter(user=person).values("created_at", "ip", "user_agent")),
        "second_steps": list(Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")),
    }
