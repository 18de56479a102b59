"""Two who decide at the same moment: one decides, and the other is told. With real threads and real transactions."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Channel
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries, services
from toadlane.society.members.models import Application, Membership, Organisation, Standing
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {"with": "Tidewater", "why": "I want a say."}


def at_once(coop_id: int, *deeds: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each in its own connection; return what was done. The rest is told why."""
    gate, done, faults = threading.Barrier(len(deeds)), [], []

    def run(deed: Callable[[], Any]) -> None:
        try:
            with scope(coop_id):
                gate.wait()
                done.append(deed())
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(isinstance(error, Expected) for error in faults), faults
    return done


def asker(person):
    return queries.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def dana(db):
    return Person.objects.create(email="dana@example.test", name="Dana")


@pytest.fixture
def application(inside, dana, at):
    return services.apply(person=dana, member_class="worker", answers=ANSWERS, by=asker(dana), at=at)


def test_an_application_is_decided_once(inside, application, board, at):
    def accept():
        return services.accept(application=Application.objects.get(), by=board, at=at)

    def decline():
        return services.decline(application=Application.objects.get(), reason="No.", by=board, at=at)

    [membership] = at_once(inside.pk, accept, decline, accept, decline, accept, decline)
    application.refresh_from_db()
    assert membership.standing == application.membership.standing
    assert (application.outcome, membership.standing) in (("accepted", Standing.ACCEPTED), ("declined", Standing.DECLINED))


def test_whoever_agrees_in_five_windows_has_one_number_in_the_register(inside, application, dana, board, at):
    services.accept(application=application, by=board, at=at)
    by, last = asker(dana), Membership.objects.exclude(number=None).order_by("-number").first()

    def agree():
        return services.agree_to_bylaws(membership=Membership.objects.get(person=dana), version=1, by=by, at=at)

    assert len(at_once(inside.pk, *[agree] * 5)) == 1
    assert Membership.objects.get(person=dana).number == last.number + 1


def test_an_organisation_applies_once_and_lists_a_name_once(inside, dana, board, at):
    by = asker(dana)

    def ask():
        answers = {"people": "7", "where": "Everywhere"}
        return services.apply(person=dana, member_class="co_op", answers=answers, organisation="Tidewater", by=by, at=at)

    [application] = at_once(inside.pk, *[ask] * 5)
    assert Organisation.objects.count() == 1
    membership = services.accept(application=application, by=board, at=at)
    services.agree_to_bylaws(membership=membership, version=1, by=asker(dana), at=at)

    def add():
        return services.add_worker(membership=membership, name="Rosa", by=asker(dana), at=at)

    [worker] = at_once(inside.pk, *[add] * 5)
    assert list(queries.workers_of(membership)) == [worker]


def test_an_organisation_without_a_name_does_not_apply(inside, dana, at):
    with pytest.raises(services.NoSuchClass):
        services.apply(person=dana, member_class="co_op", answers={"people": "7"}, organisation="  ", by=asker(dana), at=at)
