"""Calendars of other programs, in and out."""

import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import icalendar
import pytest

from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import services as members
from toadlane.society.members.models import Organisation
from toadlane.trade.booking import queries, services, tasks
from toadlane.trade.booking.models import Allocation, OutsideCalendar
from toadlane.trade.booking.services import fetching
from toadlane.trade.booking.services.outside import NotACalendar, busy

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//elsewhere//EN
BEGIN:VEVENT
UID:weekly
DTSTART;TZID=Europe/Zurich:20270322T100000
DTEND;TZID=Europe/Zurich:20270322T120000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Choir of Mrs Secret
END:VEVENT
BEGIN:VEVENT
UID:day
DTSTART;VALUE=DATE:20270405
DTEND;VALUE=DATE:20270406
END:VEVENT
BEGIN:VEVENT
UID:free
DTSTART:20270407T100000Z
DTEND:20270407T120000Z
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def test_recurrences_keep_local_time_whole_days_are_local_and_free_time_is_free(room):
    found = busy(FILE, room.zone, NOW)
    assert found == [
        (datetime(2027, 3, 22, 9, tzinfo=UTC), datetime(2027, 3, 22, 11, tzinfo=UTC)),
        # The clocks went forward in between: ten o'clock is an hour earlier by UTC.
        (datetime(2027, 3, 29, 8, tzinfo=UTC), datetime(2027, 3, 29, 10, tzinfo=UTC)),
        (datetime(2027, 4, 4, 22, tzinfo=UTC), datetime(2027, 4, 5, 22, tzinfo=UTC)),
    ]


def test_a_pasted_calendar_blocks_around_our_bookings_and_never_moves_them(room, board, job):
    ours = services.hold(resource=room, starts=datetime(2027, 3, 22, 10, tzinfo=UTC), ends=datetime(2027, 3, 22, 12, tzinfo=UTC),
                         until=NOW + timedelta(days=1), key="ours", by=job, at=NOW)  # fmt: skip
    there = services.subscribe(resource=room, name="Choir", content=FILE, by=board, at=NOW)
    assert there.clashes == 1
    assert ours.allocations.count() == 1
    first = Allocation.objects.filter(kind="outside").order_by("starts_at").first()
    assert (first.starts_at.hour, first.ends_at.hour) == (9, 10)
    with pytest.raises(services.Taken):
        services.hold(resource=room, starts=datetime(2027, 3, 29, 9, tzinfo=UTC), ends=datetime(2027, 3, 29, 10, tzinfo=UTC),
                      until=NOW + timedelta(days=1), key="late", by=job, at=NOW)  # fmt: skip
    services.unsubscribe(calendar=there, by=board, at=NOW)
    assert list(Allocation.objects.values_list("kind", flat=True)) == ["booking"]


@pytest.mark.parametrize("content", ["", "hello", "\x00"])
def test_what_is_no_calendar_is_refused_in_words(room, board, content):
    with pytest.raises(services.NotACalendar):
        services.subscribe(resource=room, name="x", content=content, by=board, at=NOW)


@pytest.mark.parametrize(
    "content",
    [
        # A zone is looked for as a file of that name.
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        + f"DTSTART;TZID={'A' * 5000}:20270305T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 50_000 + "END:VEVENT\r\n" * 50_000 + "END:VCALENDAR\r\n",
    ],
    ids=["a zone of five thousand letters", "events in events without end"],
)
def test_what_the_parser_breaks_on_is_refused_in_words(room, board, content):
    with pytest.raises(services.NotACalendar):
        services.subscribe(resource=room, name="x", content=content, by=board, at=NOW)


BOMBS = [
    "SECONDLY",
    "MINUTELY;INTERVAL=2",
    "DAILY;INTERVAL=0",
    "SECONDLY;COUNT=3;BYMONTH=2;BYMONTHDAY=30",
    "DAILY;BYMONTHDAY=30;BYMONTH=2",
    "DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=1,2,3,4,5",
    "HOURLY;BYDAY=MO;BYWEEKNO=53;BYMONTH=6",
    "YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE="
    + ",".join(map(str, range(60)))
    + ";BYSECOND="
    + ",".join(map(str, range(60))),
    # These never come true, and would be looked for until the year 9999.
    "YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20280101T000000Z",
    "WEEKLY;BYDAY=MO;BYSETPOS=9",
    "DAILY;INTERVAL=7;BYDAY=TU",
]


@pytest.mark.parametrize("rule", BOMBS)
def test_a_bomb_of_recurrences_is_refused_before_it_goes_off(room, rule):
    began = time.monotonic()
    with pytest.raises(NotACalendar):
        busy(FILE.replace("FREQ=WEEKLY;COUNT=3", f"FREQ={rule}"), room.zone, NOW)
    assert time.monotonic() - began < 2


def test_many_series_are_no_more_than_one(room):
    event = (
        FILE[FILE.index("BEGIN:VEVENT") : FILE.index("BEGIN:VEVENT", 60)].replace("COUNT=3", "INTERVAL=1").replace("2027", "1990")
    )
    lines = [event.replace("UID:weekly", f"UID:{n}") for n in range(200)]
    with pytest.raises(NotACalendar):
        busy(FILE.replace("BEGIN:VEVENT", "".join(lines) + "BEGIN:VEVENT", 1), room.zone, NOW)


def test_series_that_come_thousands_of_times_a_year_are_refused_at_once(room):
    """A day holds as many moments as a year holds days: what is unfolded is counted, not the lines it is written in."""
    series = FILE[FILE.index("BEGIN:VEVENT") : FILE.index("BEGIN:VEVENT", 60)].replace("FREQ=WEEKLY;COUNT=3", "FREQ=DAILY")
    lines = [series.replace("UID:weekly", f"UID:{n}") for n in range(400)]
    began = time.monotonic()
    with pytest.raises(NotACalendar, match="repeats"):
        busy(FILE.replace("BEGIN:VEVENT", "".join(lines) + "BEGIN:VEVENT", 1), room.zone, NOW)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("rule", "times"),
    [
        ("HOURLY;COUNT=3", 1),
        ("DAILY", 400),
        ("MONTHLY;BYDAY=-1FR", 14),
        ("YEARLY", 2),
        ("YEARLY;BYMONTH=2;BYMONTHDAY=29", 1),
        ("DAILY;UNTIL=20270401T000000Z", 10),
    ],
)
def test_what_people_keep_in_their_calendars_is_read(room, rule, times):
    found = busy(FILE.replace("FREQ=WEEKLY;COUNT=3", f"FREQ={rule}").replace("20270322", "20270320"), room.zone, NOW)
    assert abs(len(found) - times) <= 20, len(found)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x", "http://localhost:5432/", "http://[::1]/", "http://10.0.0.8/c.ics", "http://169.254.169.254/latest",
     "ftp://example.org/x", "http:///x", "file:///etc/passwd"],
)  # fmt: skip
def test_our_own_network_is_out_of_reach(address):
    with pytest.raises(fetching.CannotFetch):
        fetching.fetch(address, most_bytes=1000)


@pytest.mark.parametrize(
    "address", ["http://[::1", "https://example.org:99999/x", "https://example.org:x/", "https://exa mple/\n"]
)
def test_what_is_no_address_at_all_is_said_to_be_none(address):
    with pytest.raises(fetching.CannotFetch):
        fetching.fetch(address, most_bytes=1000)


def test_a_calendar_that_breaks_does_not_keep_the_others_from_being_read(room, board, job, monkeypatch):
    for name in ("a", "b"):
        services.subscribe(resource=room, name=name, address="http://[::1", by=board, at=NOW)

    def read(*, calendar, by, at):
        if calendar.name == "a":
            raise ZeroDivisionError
        calendar.trouble = "read"
        calendar.save()

    monkeypatch.setattr("toadlane.trade.booking.services.read_again", read)
    with pytest.raises(ZeroDivisionError):
        tasks.read_outside_calendars(by=job, at=NOW)
    assert OutsideCalendar.objects.get(name="b").trouble == "read"


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/away.ics":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.8/x.ics")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 3_000_000 if self.path == "/large.ics" else FILE.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(monkeypatch):
    """A calendar server of somebody else; only its own address counts as public here."""
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    real = fetching.public_address
    monkeypatch.setattr(
        fetching, "public_address", lambda host, port: "127.0.0.1" if host == "elsewhere.test" else real(host, port)
    )
    yield f"http://elsewhere.test:{server.server_port}"
    server.shutdown()


def test_an_address_is_read_by_a_job_and_its_trouble_is_told(room, board, job, elsewhere):
    there = services.subscribe(resource=room, name="Choir", address=f"{elsewhere}/choir.ics", by=board, at=NOW)
    assert Allocation.objects.count() == 0 and queries.outside_due(NOW) == [there]
    services.read_again(calendar=there, by=job, at=NOW)
    assert Allocation.objects.count() == 3 and queries.outside_due(NOW) == []
    for path, word in (("/large.ics", "large"), ("/away.ics", "public")):
        OutsideCalendar.objects.filter(pk=there.pk).update(address=elsewhere + path)
        there.refresh_from_db()
        services.read_again(calendar=there, by=job, at=NOW + timedelta(hours=1))
        assert word in there.trouble
    assert Allocation.objects.count() == 3, "what was read last stays in force"


def test_a_feed_tells_when_and_never_who(client, sparkle, room, board, job):
    held = services.hold(resource=room, starts=datetime(2027, 3, 22, 10, tzinfo=UTC), ends=datetime(2027, 3, 22, 12, tzinfo=UTC),
                         until=datetime(2027, 4, 1, tzinfo=UTC), key="k", subject="order:12", by=job, at=NOW)  # fmt: skip
    services.confirm(booking=held, by=job, at=NOW)
    feed = services.make_feed(resource=room, by=board, at=NOW)
    text = queries.feed_text(feed, at=NOW)
    event = icalendar.Calendar.from_ical(text).events[0]
    assert (event.start, event.end) == (held.starts_at, held.ends_at)
    assert "12" not in str(event["SUMMARY"]) and "Rehearsal room" in str(event["SUMMARY"])
    address = f"/c/sparkle/calendar/feed/{queries.feed_address(feed)}.ics"
    assert client.get(address)["Content-Type"].startswith("text/calendar")
    assert client.get(address.replace("/c/sparkle/", "/c/wheels/")).status_code == 404
    assert client.get(address[:-5] + "x.ics").status_code == 404
    services.end_feed(feed=feed, by=board, at=NOW)
    assert client.get(address).status_code == 404


def test_an_own_feed_tells_of_the_organisations_somebody_speaks_for(sparkle, room, board, worker, alice, job):
    firm = members.admit(organisation=Organisation.objects.create(name="Tidewater"), member_class="co_op", by=board, at=NOW)
    theirs = services.open_resource(name="Tidewater", time_zone="UTC", membership_id=firm.pk, by=board, at=NOW)
    services.block(resource=theirs, starts=NOW, ends=NOW + timedelta(hours=1), by=board, at=NOW)
    feed = services.make_own_feed(membership_id=worker.membership_id, by=worker, at=NOW)
    assert "Tidewater" not in queries.feed_text(feed, at=NOW), "she does not speak for them yet"
    members.name_delegate(membership=firm, person=alice, by=board, at=NOW)
    assert "Tidewater: taken" in queries.feed_text(feed, at=NOW)


def test_a_member_keeps_their_own_calendar_and_nobody_elses(room, worker, board, wheels):
    with pytest.raises(Refused):
        services.make_feed(resource=room, by=worker, at=NOW)
    own = services.open_resource(name="Alice", time_zone="Europe/Zurich", membership_id=worker.membership_id, by=worker, at=NOW)
    services.block(resource=own, starts=NOW, ends=NOW + timedelta(hours=1), by=worker, at=NOW)
    services.block(resource=own, starts=NOW + timedelta(hours=1), ends=NOW + timedelta(hours=2), by=board, at=NOW)
    with pytest.raises(Refused), scope(wheels.pk):
        services.block(resource=own, starts=NOW, ends=NOW + timedelta(hours=1), by=worker, at=NOW)
