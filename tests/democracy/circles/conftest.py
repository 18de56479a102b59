"""Sparkle with more people: workers who may stand, and a job that carries out what members decided."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.democracy.ballots.conftest import rules
from toadlane.democracy.circles import services
from toadlane.democracy.circles.queries import waiting
from toadlane.democracy.circles.tasks import keep_draws
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.sealing import services as sealing
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person


def terms(**more: Any) -> dict[str, Any]:
    return {
        "slug": "harbor", "names": {"en": "Harbor circle", "es": "Círculo del puerto"}, "purpose": "Runs the jobs by the harbor.",
        "scope": "Rotas and tools up to 300 euro.", "parent": "board", "seats": {"": 1, "worker": 2}, "term_months": 12,
        "review_on": None, **more,
    }  # fmt: skip


def asker(person: Person) -> Principal:
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def enactment(inside) -> Principal:
    return Principal.job(inside.pk, "enactment")


@pytest.fixture
def job(inside) -> Principal:
    return Principal.job(inside.pk)


@pytest.fixture
def people(inside, board, at) -> dict[str, Person]:
    found = {}
    for name in ("Dana", "Emil", "Fatou"):
        found[name] = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        admit(person=found[name], member_class="worker", by=board, at=at)
    return found


def payload(office: str, people: list[Person], at: datetime, **more: Any) -> dict[str, Any]:
    candidates = [{"person": one.pk, "name": one.name, "statement": "I would do my best."} for one in people]
    return {
        "office": office, "member_class": "", "sits": "seat", "seats": 1, "term_months": 12, "method": "scottish-stv",
        "candidates": candidates, "nomination": None, **more,
    }  # fmt: skip


DAY = timedelta(days=1)


def desk(by: Principal, at: datetime) -> list[str]:
    """Return what waits for somebody here, as on the co-op's own pages."""
    with coops.among_pages(coops.of_scope(by.coop_id or 0)):
        return [one.title for one in waiting.waiting(by, at)]


# ---------------------------------------------------------------------------------------------------------------- draws

HOUR = timedelta(hours=1)
PANEL = terms(slug="panel", names={"en": "Citizens' panel"}, parent="", seats={"": 1, "worker": 2}, chosen="lot", term_months=6)
SOURCE = "The numbers of the lottery of 9 March, from the smallest, with spaces between."


CLIENT = {
    "id": "client", "names": {"en": "Client"}, "who": ["person"], "rights": ["vote", "propose", "stand"], "college": "clients",
    "votes": 1, "probation": False, "questions": [],
}  # fmt: skip


@pytest.fixture
def panel(inside, people, enactment, board, at):
    """A circle whose seats the lot fills, two for workers and one for all, among seven workers and two clients."""
    rules(classes=[*bylaws.book().rules["members.classes"]["value"], CLIENT])
    for name, kind in (("Gus", "worker"), ("Hana", "worker"), ("Ivo", "client"), ("Jun", "client")):
        admit(person=Person.objects.create(email=f"{name}@x.test", name=name), member_class=kind, by=board, at=at)
    return services.found_circle(terms=PANEL, decision="2027-1", by=enactment, at=at)


@pytest.fixture
def announce(panel, board, at):
    return lambda **more: services.announce_draw(office="panel", by=board, at=at, **{"draws_at": at + 7 * DAY} | more)


@pytest.fixture
def drawn(announce, job):
    draw = announce()
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    draw.refresh_from_db()
    return draw
