"""Whoever is sent to jobs has them in her own calendar, also where she is no member; nobody else's are in it."""

from datetime import timedelta

import icalendar
import pytest

from tests.conftest import browser
from tests.trade.work.test_jobs import NOW, START, ana, clean_slate, dana, job, new_broom, offered  # noqa: F401
from toadlane.plumbing.access.principals import Channel, Refused
from toadlane.society.members import queries as members
from toadlane.society.members import services as membership
from toadlane.society.people.models import Person
from toadlane.trade.work import queries, services
from toadlane.trade.work.models import JobFeed

FEED = "/api/v1/coops/sparkle/work/feed"


@pytest.fixture
def ben(clean_slate, job, at):  # noqa: F811
    person = Person.objects.create(email="ben@slate.test", name="Ben")
    return membership.add_worker(membership=clean_slate, name="Ben", person=person, by=job, at=at)


def principal(worker):
    return members.principal(person_id=worker.person_id, channel=Channel.WEB)


def send(to, subject, *, clean_slate, dana, job):  # noqa: F811
    taken = services.accept(offer=offered(job, clean_slate, subject=subject), by=dana, at=NOW)
    return services.assign(job=taken, worker=to, by=dana, at=NOW)


def events(url):
    text = queries.feed_text(url.rsplit("/", 1)[-1].removesuffix(".ics"), at=NOW)
    return None if text is None else list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_a_worker_who_is_no_member_has_her_jobs_and_no_others(clean_slate, dana, ana, ben, job):  # noqa: F811
    hers = send(ana, "order:1", clean_slate=clean_slate, dana=dana, job=job)
    his = send(ben, "order:2", clean_slate=clean_slate, dana=dana, job=job)
    as_ana = principal(ana)
    assert not as_ana.memberships
    services.make_feed(by=as_ana, at=NOW)
    url = queries.feed_of(as_ana).url
    [event] = events(url)
    assert event["uid"] == f"job-{hers.pk}@toadlane" and event["location"] == "Ardmullen"
    assert event.start == START and event.end == START + timedelta(hours=4)
    services.assign(job=his, worker=ana, by=dana, at=NOW)
    assert [one["uid"] for one in events(url)] == [f"job-{hers.pk}@toadlane", f"job-{his.pk}@toadlane"]
    services.assign(job=hers, worker=ben, by=dana, at=NOW)
    assert [one["uid"] for one in events(url)] == [f"job-{his.pk}@toadlane"]


def test_there_is_one_address_each_and_it_ends(ana, ben):  # noqa: F811
    as_ana = principal(ana)
    assert services.make_feed(by=as_ana, at=NOW) == services.make_feed(by=as_ana, at=NOW)
    services.make_feed(by=principal(ben), at=NOW)
    assert JobFeed.objects.count() == 2 and queries.feed_of(as_ana) != queries.feed_of(principal(ben))
    url = queries.feed_of(as_ana).url
    assert events(url) == [] and events(url.replace(".ics", "x.ics")) is None
    services.end_feed(by=as_ana, at=NOW)
    assert events(url) is None and queries.feed_of(as_ana) is None and events(queries.feed_of(principal(ben)).url) == []
    services.make_feed(by=as_ana, at=NOW)
    assert queries.feed_of(as_ana).url != url, "an address that has ended stays ended"
    Person.objects.filter(pk=ana.person_id).update(is_active=False)
    assert events(queries.feed_of(as_ana).url) is None


def test_whoever_does_no_jobs_here_has_none(inside, charlie, ana, job):  # noqa: F811
    with pytest.raises(Refused):
        services.make_feed(by=members.principal(person_id=charlie.pk, channel=Channel.WEB), at=NOW)
    client = browser(charlie)
    assert [client.get(FEED).status_code, client.post(FEED).status_code, client.delete(FEED).status_code] == [404] * 3
    assert client.post("/c/sparkle/work/feed/").status_code in (403, 404) and not JobFeed.objects.exists()


def test_by_page_and_by_api(inside, ana):  # noqa: F811
    client = browser(ana.person)
    assert client.get(FEED).status_code == 404
    assert b"In your own calendar" in client.get("/c/sparkle/work/").content
    client.post("/c/sparkle/work/feed/")
    url = client.get(FEED).json()["url"]
    assert url.encode() in client.get("/c/sparkle/work/").content and client.post(FEED).json()["url"] == url
    path = "/c/sparkle" + url.split("/c/sparkle", 1)[-1]
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    assert client.get(path.replace("sparkle", "wheels")).status_code == 404
    assert client.delete(FEED).status_code == 204 and client.get(path).status_code == 404
    client.post(FEED)
    client.post("/c/sparkle/work/feed/end/")
    assert client.get(FEED).status_code == 404
