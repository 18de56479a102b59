"""Members of a co-op that was there before: with the numbers and the days they had, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.events import MemberJoined
from toadlane.society.members.models import Membership, Organisation, Standing
from toadlane.society.members.permissions import ADMIT
from toadlane.society.members.services import register
from toadlane.society.people.models import Person

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """:param here: their membership where they are a member already: they take the number and the day they had"""

    number: int
    name: str
    email: str
    phone: str
    member_class: str
    joined_on: date
    is_organisation: bool
    here: int | None = None


@transaction.atomic
def bring_in(*, arriving: Sequence[Arriving], by: Principal, at: datetime) -> dict[int, Membership]:
    """Make many people and organisations members, in a few statements; return them by their numbers.

    Whoever has an account on this server keeps it. Which version of the bylaws they agreed to is not known here.
    """
    by.must(ADMIT)
    Tenant.lock_current()
    here = {one.here: one for one in arriving if one.here}
    _renumber(here)
    persons = _persons([one for one in arriving if not one.here and not one.is_organisation], at)
    bodies = _organisations([one for one in arriving if not one.here and one.is_organisation])
    made = Membership.objects.bulk_create(
        [
            Membership(
                number=one.number, person=persons.get(one.number), organisation=bodies.get(one.number), standing=Standing.ACTIVE,
                member_class=one.member_class, joined_on=one.joined_on,
            )
            for one in arriving if not one.here
        ],
        batch_size=BATCH,
    )  # fmt: skip
    again = list(Membership.objects.filter(pk__in=here))
    register.write_down([*made, *again], at)
    events.publish(*(MemberJoined(membership_id=one.pk) for one in made))
    found = {one.number: one for one in made if one.number}
    return found | {here[one.pk].number: one for one in again}


def _renumber(here: dict[int, Arriving]) -> None:
    """Give members who are here already the numbers they had: first none, since no two may have one at any moment."""
    rows = Membership.objects.filter(pk__in=here)
    rows.update(number=None)
    for one in rows:
        Membership.objects.filter(pk=one.pk).update(number=here[one.pk].number, joined_on=here[one.pk].joined_on)


def _persons(arriving: Sequence[Arriving], at: datetime) -> dict[int, Person]:
    language = coops.of_scope(current_coop_id()).language
    by_way: dict[str, Person] = {}
    for start in range(0, len(arriving), BATCH):
        some = arriving[start : start + BATCH]
        emails, phones = {one.email.lower() for one in some if one.email}, {one.phone for one in some if one.phone}
        rows = Person.objects.annotate(low=Lower("email")).filter(Q(low__in=emails) | Q(phone__in=phones), is_active=True)
        for person in rows:
            by_way |= {way: person for way in ((person.email or "").lower(), person.phone or "") if way}
    fresh: list[Person] = []
    found: dict[int, Person] = {}
    for one in arriving:
        known = by_way.get(one.email.lower()) if one.email else by_way.get(one.phone)
        if known is None:
            # A number that somebody else proved is theirs: an e-mail address is enough then.
            phone = one.phone if one.phone and one.phone not in by_way else None
            known = Person(
                email=one.email or None, phone=phone, name=one.name, language=language, joined_at=at, password=make_password(None)
            )
            fresh.append(known)
            by_way |= {way: known for way in (one.email.lower(), phone or "") if way}
        found[one.number] = known
    Person.objects.bulk_create(fresh, batch_size=BATCH)
    return found


def _organisations(arriving: Sequence[Arriving]) -> dict[int, Organisation]:
    known = {one.name: one for one in Organisation.objects.filter(name__in=[one.name for one in arriving])}
    fresh = {one.name: Organisation(name=one.name, email=one.email, phone=one.phone) for one in arriving if one.name not in known}
    Organisation.objects.bulk_create(fresh.values(), batch_size=BATCH)
    return {one.number: (known | fresh)[one.name] for one in arriving}
