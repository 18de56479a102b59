"""Founding a demo co-op: its people, its members, what it offers."""

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from toadlane.blueprints import installer
from toadlane.blueprints.demo import policies
from toadlane.money.invoicing import services as invoices
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as member_queries
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Organisation
from toadlane.society.pages import services as pages
from toadlane.society.people.models import Person
from toadlane.trade.catalog import queries as listed
from toadlane.trade.catalog import services as catalog
from toadlane.trade.catalog.models import Listing


class Cast:
    """The people of one demo co-op, by the names its data gives them, and how each of them asks."""

    def __init__(self, data: dict[str, Any], coop: Coop, persons: dict[str, Person]) -> None:
        self.data, self.coop, self.persons = data, coop, persons
        self.memberships: dict[str, Membership] = {}
        self.listings: list[Listing] = []
        self._principals: dict[str, Principal] = {}

    def by(self, name: str) -> Principal:
        """Return a person as they would come in through the browser. Once the cast is complete, standings stay as they are."""
        if name not in self._principals:
            self._principals[name] = member_queries.principal(person_id=self.persons[name].pk, channel=Channel.WEB)
        return self._principals[name]

    def forget(self) -> None:
        """Ask anew who everybody is: they have become delegates and workers meanwhile."""
        self._principals.clear()

    def holding(self, office: str) -> Principal:
        return self.by(next(one["id"] for one in self.data["people"] if office in one.get("offices", ())))


def person(data: dict[str, Any], language: str, at: datetime) -> Person:
    """Return the person with this address, signed up if they are new."""
    reached = {"email": data["email"]} if data.get("email") else {"phone": data["phone"]}
    known = Person.objects.filter(**reached).first()
    if known:
        return known
    made = Person.objects.create(
        name=data["name"], language=language, joined_at=at, password=_hashed(),
        phone_verified_at=at if "phone" in reached else None, **reached,
    )  # fmt: skip
    if made.email:
        # As if they had typed the code: nobody in the demo has a mailbox to fetch it from.
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


@lru_cache
def _hashed() -> str:
    """Hash the demo's one password once: it is meant to be slow, and here it is no secret."""
    return make_password(policies.PASSWORD)


def found(data: dict[str, Any], *, by: Principal, at: datetime) -> Cast:
    about = dict(data["coop"])
    language = about["language"]
    persons = {one["id"]: person(one, language, at) for one in data["people"]}
    signing = [one for one in data["people"] if one.get("offices")]
    offices: dict[str, list[Person]] = {}
    for one in signing:
        for office in one["offices"]:
            offices.setdefault(office, []).append(persons[one["id"]])
    blueprint, name, slug, pack = (about.pop(key) for key in ("blueprint", "name", "slug", "pack"))
    coop = installer.found(
        blueprint=blueprint, name=name, slug=slug, pack=pack, founder=persons[signing[0]["id"]],
        founders=[persons[one["id"]] for one in signing[1:]], offices=offices, values=data["rules"], theme=data["theme"],
        sandbox=True, clock_at=at, by=by, at=at, **about,
    )  # fmt: skip
    cast = Cast(data, coop, persons)
    with scope(coop.pk):
        _join(cast, at)
        _organise(cast, at)
        cast.forget()
        _write_down(cast, at)
        _offer(cast, at)
    return cast


def _join(cast: Cast, at: datetime) -> None:
    """Everybody who did not sign the founding act was let in by the board the same week."""
    board = cast.holding("board")
    founding = {m.person_id: m for m in Membership.objects.all()}
    own_class = next(iter(founding.values())).member_class
    for one in cast.data["people"]:
        who = cast.persons[one["id"]]
        cast.memberships[one["id"]] = founding.get(who.pk) or members.admit(person=who, member_class=own_class, by=board, at=at)
    for one in cast.data["customers"]:
        if one.get("has_account"):
            cast.persons[one["name"]] = person(one, cast.coop.language, at)


def _organise(cast: Cast, at: datetime) -> None:
    board = cast.holding("board")
    for one in cast.data.get("organisations", ()):
        organisation = Organisation.objects.create(
            name=one["name"], about=one["about"], latitude=one["latitude"], longitude=one["longitude"]
        )
        membership = members.admit(organisation=organisation, member_class="co_op", by=board, at=at)
        for delegate in one["delegates"]:
            members.name_delegate(membership=membership, person=cast.persons[delegate], by=board, at=at)
        for worker in one["workers"]:
            who = cast.persons[worker]
            members.add_worker(membership=membership, name=who.name, person=who, by=board, at=at)
        cast.memberships[one["id"]] = membership


def _write_down(cast: Cast, at: datetime) -> None:
    """The board writes the co-op's own pages, and those who invoice say what an invoice has to say."""
    board = cast.holding("board")
    for nth, one in enumerate(cast.data.get("pages", ()), 1):
        pages.write(title=one["title"], text=one["text"], slug=one["slug"], place="foot", position=10 * nth, by=board, at=at)
    for one in cast.data.get("particulars", ()):
        said = invoices.Said(**{name: value for name, value in one.items() if name not in ("of", "by")}, agrees="of" in one)
        membership = cast.memberships[one["of"]] if "of" in one else None
        invoices.give(membership=membership, said=said, by=cast.by(one["by"]) if "by" in one else board, at=at)


def _offer(cast: Cast, at: datetime) -> None:
    if more := cast.data.get("kinds"):
        catalog.set_kinds(kinds=[*listed.kinds_as_data(cast.coop), *more], by=cast.holding("board"))
        cast.coop.refresh_from_db()
    for number, one in enumerate(cast.data.get("listings", ())):
        by = cast.by(one["by"])
        said = {"title": one["title"], "text": one["text"], "values": one.get("values", {})}
        if "area" in one:
            # Round about, so that the pins stand apart.
            said["area"] = one["area"]
            said["latitude"] = str(float(cast.coop.latitude or 0) + (number % 5 - 2) * 0.0042)
            said["longitude"] = str(float(cast.coop.longitude or 0) + (number % 7 - 3) * 0.0051)
        said |= {f"{name}_minor": one[name] for name in ("price", "deposit") if name in one}
        said |= {name: one[name] for name in ("stock", "prices") if name in one}
        provider = cast.memberships[one["by"]].pk
        listing = catalog.create(kind=one.get("kind", "goods"), said=said, provider_id=provider, by=by, at=at)
        catalog.add_picture(listing=listing, file=BytesIO(policies.drawing(one["drawing"])), alt=one["title"], by=by, at=at)
        cast.listings.append(catalog.submit(listing=listing, by=by, at=at))
