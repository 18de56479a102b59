"""Sparkle with more people: workers who may stand, and a job that carries out what members decided."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from toadlane.democracy.circles.queries import waiting
from toadlane.plumbing.access.principals import Channel, Principal
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
