"""A general meeting of Sparkle: ten members, called by the board, with an agenda."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import run_jobs
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.models import Invitation, Meeting
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.members import queries as members
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

NAMES = ("Dana", "Emil", "Fatou", "Gus", "Hana", "Ivo", "Jun", "Kemi")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def asker(person: Person) -> Principal:
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def people(inside, board, at, alice, bob) -> dict[str, Person]:
    """Ten members: Bob on the board, Alice, and eight more."""
    found = {"Alice": alice, "Bob": bob}
    for name in NAMES:
        found[name] = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        admit(person=found[name], member_class="worker", by=board, at=at)
    return found


@pytest.fixture
def job(inside) -> Principal:
    return Principal.job(inside.pk)


@pytest.fixture
def draft(people, board, at) -> Meeting:
    meeting = services.draft_meeting(
        title="Spring meeting",
        starts_at=at + 20 * DAY,
        place="The boathouse",
        link="https://meet.example/spring",
        by=board,
        at=at,
    )
    services.add_item(meeting=meeting, title="How the year went", kind="report", by=board, at=at)
    services.add_item(meeting=meeting, title="The vans", text="Two of them are old.", by=board, at=at)
    return meeting


@pytest.fixture
def called(draft, board, at) -> Meeting:
    return services.call_meeting(meeting=draft, by=board, at=at)


@pytest.fixture
def ready(called, people, board, at) -> Meeting:
    """Called, with everybody told, and with people who chair, write, count and sign."""
    run_jobs()
    for name, task in (("Bob", "chair"), ("Alice", "minutes"), ("Dana", "teller"), ("Emil", "teller"), ("Fatou", "signer"),
                       ("Gus", "signer")):  # fmt: skip
        services.name_helper(meeting=called, person=people[name], task=task, by=board, at=at)
    return called


def invitation(meeting: Meeting, person: Person) -> Invitation:
    return queries.invitations(meeting).get(membership__person=person)


def come(meeting: Meeting, people: dict[str, Person], *names: str, at: datetime, mode: str = "room") -> None:
    for name in names:
        services.check_in(meeting=meeting, invitation=invitation(meeting, people[name]), mode=mode, by=asker(people[name]), at=at)


@pytest.fixture
def opened(ready, people) -> Meeting:
    at = ready.starts_at
    come(ready, people, "Bob", "Alice", "Dana", "Emil", "Fatou", at=at)
    return services.open_meeting(meeting=ready, by=asker(people["Bob"]), at=at + timedelta(minutes=5))


def hold(meeting: Meeting, people: dict[str, Person], **more: Any) -> Meeting:
    """Go through the agenda and close."""
    by, at = asker(people["Bob"]), meeting.opened_at + timedelta(minutes=5)
    for item in queries.items(meeting):
        services.open_item(item=item, by=by, at=at)
        item.refresh_from_db()
        services.write_notes(item=item, notes=f"We talked about {item.title}.", by=by, at=at)
        services.close_item(item=item, conclusion="Noted.", by=by, at=at + timedelta(minutes=10))
        at += timedelta(minutes=15)
    return services.close_meeting(meeting=queries.find(meeting.number), by=by, at=at)


@pytest.fixture
def held(opened, people) -> Meeting:
    return hold(opened, people)
