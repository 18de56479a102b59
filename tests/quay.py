"""A small cleaning co-op of two member co-ops with two delegates each, on a server that is there already.

`TOADLANE_DATA=... python -m tests.quay` founds it, says in a line of JSON who lives there, and then reads instants, one a
line: to each it moves the co-op's clock, as its board would, lets the timers ring, and says so.
"""

import json
import sys
from datetime import datetime
from typing import Any

from tests.town import PASSWORD

SLUG = "quay"
DELEGATES = {"Salt": ("sal", "sim"), "Tern": ("tara", "tom")}


def login(name: str) -> str:
    return f"{name}@quay.example"


def build() -> dict[str, Any]:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from toadlane.blueprints import installer
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.bylaws.rules import packs
    from toadlane.society.members import queries as members
    from toadlane.society.members import services as joining
    from toadlane.society.members.models import Organisation
    from toadlane.society.people.models import Person
    from toadlane.trade.booking.models import Resource

    at, secret = clock.machine_time(), make_password(PASSWORD)

    def person(name: str) -> Person:
        made = Person.objects.create(email=login(name), name=name.title(), password=secret)
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
        return made

    usual = installer.document_of("home_services", packs.load("none"), currency="EUR", values={}, guards={})
    classes = [
        {**one, "delegates": 2} if one["id"] == "co_op" else one for one in usual["rules"]["members.classes"]["value"]
    ]  # fmt: skip
    coop = installer.found(
        blueprint="home_services", name="Quay Cleaners", slug=SLUG, founder=person("dara"), at=at, sandbox=True,
        by=Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"})), values={"members.classes": classes},
    )  # fmt: skip
    act = Principal.job(coop.pk, "founder", "board")
    with scope(coop.pk):
        for name, names in DELEGATES.items():
            house = Organisation.objects.create(name=name)
            membership = joining.admit(organisation=house, member_class="co_op", by=act, at=at)
            for one in names:
                joining.name_delegate(membership=membership, person=person(one), by=act, at=at)
            joining.add_worker(membership=membership, name=f"Ana of {name}", by=act, at=at)
            Resource.objects.create(
                membership=membership, name=name, time_zone="UTC", is_always_open=True, unit="hour", slot_minutes=30
            )
        board = members.officers().get(office="board")
    return {"slug": SLUG, "board": board.person.email, "delegates": [login(one) for names in DELEGATES.values() for one in names]}


def until(instant: str) -> None:
    from toadlane.plumbing.access.principals import Channel
    from toadlane.plumbing.clock import services as clock
    from toadlane.plumbing.outbox import worker
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops
    from toadlane.society.members import queries as members

    coop = coops.at_slug(SLUG)
    assert coop
    with scope(coop.pk):
        board = members.officers().get(office="board")
        clock.advance(by=members.principal(person_id=board.person_id, channel=Channel.CLI), until=datetime.fromisoformat(instant))
    # What one timer does may be what another waits for: a notice that went out, a ballot that closed.
    for _turn in range(2):
        worker.run_timers(coop.pk)


if __name__ == "__main__":
    from toadlane.config.cli.common import wake

    wake()
    print(json.dumps(build()), flush=True)
    for line in sys.stdin:
        until(line.strip())
        print(f"it is {line.strip()}", flush=True)
