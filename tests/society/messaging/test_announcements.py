"""Everybody is told: on the desk at once, by letter, once, and the log says how far it has come."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import browser, run_jobs
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import worker
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import services as membership
from toadlane.society.members.models import Delegate, Membership, Organisation
from toadlane.society.messaging import queries, services, tasks
from toadlane.society.messaging.models import Announcement, Notice
from toadlane.society.people.models import Person


@pytest.fixture(autouse=True)
def sandbox(settings):
    """Letters that are sent are emptied; those of a sandbox can be read."""
    settings.TOADLANE_SANDBOX = True


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def tell(job, at):
    def go(key="vote:1", urgent=True, when=at, memberships=None):
        rows = Membership.objects.all() if memberships is None else memberships
        return services.announce(
            key=key, subject="proposal:1", template="messaging/said", context={"author": "Bob", "title": key},
            link=("bylaws:rules",), memberships=rows, urgent=urgent, by=job, at=when,
        )  # fmt: skip

    return go


@pytest.fixture
def a_co_op_member(inside, board, alice, at):
    """A worker co-op for which Alice speaks, who is a member herself, and Dora, who is not."""
    dora = Person.objects.create(phone="+353861234567", name="Dora")
    body = Organisation.objects.create(name="Clean Slate")
    row = membership.admit(organisation=body, member_class="co_op", by=board, at=at)
    Delegate.objects.bulk_create([Delegate(membership=row, person=one, since=at.date()) for one in (alice, dora)])
    return row


def test_everybody_is_told_once_by_two_ways(inside, tell, a_co_op_member, bob, alice):
    tell(), tell()
    assert {row.person.name: row.letter_at for row in Notice.objects.all()} == {"Bob": None, "Alice": None, "Dora": None}
    assert not queries.delivered("vote:1").is_complete
    run_jobs()
    log = queries.delivered("vote:1")
    assert (log.people, log.written, log.unreachable, log.is_complete) == (3, 3, 0, True)
    assert sorted(Letter.objects.values_list("channel", flat=True)) == ["email", "email", "sms"]
    assert "/c/sparkle/rules/" in Letter.objects.get(name="Bob").text


def test_a_job_that_runs_again_writes_nothing_twice(inside, tell, job, at):
    announcement = tell()
    ids = sorted(Notice.objects.values_list("pk", flat=True))
    stretch = {"announcement_id": announcement.pk, "first_id": ids[0], "last_id": ids[-1]}
    assert [services.write_letters(**stretch, by=job, at=at) for _again in range(2)] == [2, 0]
    run_jobs()
    assert Letter.objects.filter(template="messaging/said").count() == 2


def test_a_notice_of_a_vote_arrives_whatever_was_chosen_and_news_do_not(inside, tell, alice, job, at):
    Person.objects.filter(pk=alice.pk).update(notices={"decisions": "none"})
    tell(urgent=True)
    tell(key="news", urgent=False)
    run_jobs()
    tasks.digest(by=job, at=at + timedelta(days=1))
    run_jobs()
    assert queries.delivered("vote:1").unreachable == 0 and queries.delivered("news").unreachable == 1
    assert [row.template for row in Letter.objects.filter(name="Alice")] == ["messaging/said"]


def test_news_come_in_one_letter_a_day_after_the_morning(inside, tell, job, at):
    for n in range(3):
        tell(key=f"news:{n}", urgent=False, when=at + timedelta(hours=n))
    morning = at.replace(hour=7) + timedelta(days=1)

    def letters(when):
        tasks.digest(by=job, at=when)
        run_jobs()
        return Letter.objects.filter(template="messaging/digest", name="Bob")

    assert letters(morning - timedelta(seconds=1)).count() == 0
    assert letters(morning).count() == 1 and letters(morning + timedelta(hours=5)).count() == 1
    assert all(f"news:{n}" in letters(morning).get().text for n in range(3))
    tell(key="news:9", urgent=False, when=morning + timedelta(hours=1))
    assert letters(morning + timedelta(hours=23)).count() == 1 and letters(morning + timedelta(hours=24)).count() == 2


def test_what_lies_on_the_desk_leads_to_the_page_and_is_read_once_opened(inside, tell, alice):
    tell()
    one = Notice.objects.get(person=alice)
    assert b"Bob wrote to you about vote:1" in browser(alice).get("/c/sparkle/members/desk/").content
    answer = browser(alice).get(f"/c/sparkle/messages/notices/{one.pk}/")
    assert answer.status_code == 302 and answer.url.endswith("/c/sparkle/rules/")
    assert b"Bob wrote to you" not in browser(alice).get("/c/sparkle/members/desk/").content
    assert queries.delivered("vote:1").read == 1


def test_my_page_of_notices_is_mine(inside, tell, alice, bob):
    tell()
    theirs = Notice.objects.get(person=bob)
    assert b"vote:1" in browser(alice).get("/c/sparkle/messages/notices/").content
    assert browser(alice).get(f"/c/sparkle/messages/notices/{theirs.pk}/").status_code == 404
    api = browser(alice).get("/api/v1/coops/sparkle/messages/notices").json()
    assert [one["title"] for one in api["items"]] == ["Bob wrote to you about vote:1"]


def test_charlie_hears_nothing_and_opens_nothing(inside, wheels, tell, charlie):
    tell()
    one = Notice.objects.first()
    assert browser(charlie).get(f"/c/sparkle/messages/notices/{one.pk}/").status_code == 404
    with scope(wheels.pk):
        assert Notice.objects.count() == 0 and queries.delivered("vote:1").people == 0


def test_an_announcement_stays_and_is_told_only_in_its_own_co_op(inside, wheels, tell, charlie, at):
    ours = tell()
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        Announcement.objects.filter(pk=ours.pk)._raw_delete(connection.alias)
    with scope(wheels.pk):
        theirs = Membership.objects.get(person=charlie)
        with pytest.raises(IntegrityError, match="announcement_id leaves its co-op"), transaction.atomic():
            Notice.objects.create(announcement_id=ours.pk, person=charlie, membership=theirs, desk_at=at)
    with pytest.raises(IntegrityError, match="membership_id leaves its co-op"), transaction.atomic():
        Notice.objects.create(announcement=ours, person=charlie, membership_id=theirs.pk, desk_at=at)


def test_telling_many_costs_no_more_statements(inside, tell, job, django_assert_max_num_queries):
    people = [Person(email=f"m{n}@x.test", name=f"M{n}") for n in range(600)]
    Person.objects.bulk_create(people)
    rows = [Membership(person=p, member_class="worker", standing="active", joined_on="2027-01-01", number=100 + n)
            for n, p in enumerate(Person.objects.filter(email__endswith="@x.test"))]  # fmt: skip
    Membership.objects.bulk_create(rows)
    with django_assert_max_num_queries(9):
        tell()
    with django_assert_max_num_queries(80):
        while (one := worker.claim("test")) is not None and one.task_path.endswith("deliver"):
            worker.attempt(one)
    assert queries.delivered("vote:1").is_complete
