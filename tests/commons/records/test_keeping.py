"""Files are made by a job, once for each state; strangers fetch what lies there, and nobody more than is theirs."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from tests.commons.records.conftest import wrong
from tests.conftest import browser, run_jobs
from toadlane.commons.records import handlers, queries, services, tasks
from toadlane.commons.records.models import RecordsFile
from toadlane.commons.records.policies.redacting import Names
from toadlane.commons.records.policies.variants import Variant, reach
from toadlane.commons.records.queries import writing
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import every_coop, outside, scope
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.society.bylaws.rules import patches

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


def test_the_public_file_is_made_once_for_each_state(past, job, at):
    assert services.renew(by=job, at=at) and not services.renew(by=job, at=at + DAY)
    [row] = RecordsFile.objects.all()
    assert row.made_at == at and row.looked_at == at + DAY and default_storage.exists(queries.path_of(row))
    assert services.renew(by=job, at=at + 8 * DAY), "after a week names may have changed"


def test_the_one_before_goes_when_a_newer_one_is_there(past, job, at, board):
    services.renew(by=job, at=at)
    before = queries.path_of(RecordsFile.objects.get())
    from toadlane.money.ledger import services as ledger

    assert ledger.seal(by=board, at=at)
    services.renew(by=job, at=at + DAY)
    assert not default_storage.exists(before) and default_storage.exists(queries.path_of(RecordsFile.objects.get()))


def test_when_the_bylaws_close_something_the_file_of_before_is_gone(past, job, at):
    services.renew(by=job, at=at)
    before = queries.path_of(RecordsFile.objects.get())
    op = patches.Op("books.public", True, False)
    act = Principal.job(past.pk, "enactment")
    rules.enact(patch=patches.Patch(2, (op,)), decision="2027-9", passed_by="simple", by=act, at=at)
    run_jobs()
    assert queries.kept(Variant.PUBLIC) is None and not default_storage.exists(before)
    assert services.renew(by=job, at=at)
    with zipfile.ZipFile(queries.file_of(RecordsFile.objects.get())) as packed:
        assert "accounts.jsonl" not in packed.namelist()


def test_another_rule_leaves_it_where_it_is(past, job, at):
    services.renew(by=job, at=at)
    handlers.rules_changed(BylawsChanged(number=3, decision="2027-9", rules=["meetings.minutes_days"]), by=job, at=at)
    assert queries.kept(Variant.PUBLIC)


def test_a_member_asks_and_a_job_makes_it(past, worker, job, at):
    assert services.ask(variant=Variant.MEMBERS, by=worker, at=at).asked_at == at
    with every_coop(reason="as a timer asks"):
        assert queries.coops_waiting(at) == [past.pk]
    assert services.prepare(by=job, at=at + MINUTE) == 1 and services.prepare(by=job, at=at + MINUTE) == 0
    row = queries.kept(Variant.MEMBERS)
    assert row is not None and not wrong(io.BytesIO(queries.file_of(row).read()))
    # It says everything already: nothing is made anew, however often somebody asks.
    assert services.ask(variant=Variant.MEMBERS, by=worker, at=at + DAY).asked_at is None


def test_what_members_had_made_is_taken_away_after_a_month(past, worker, job, at):
    services.ask(variant=Variant.MEMBERS, by=worker, at=at)
    services.prepare(by=job, at=at)
    row = queries.kept(Variant.MEMBERS)
    services.renew(by=job, at=at + 30 * DAY)
    assert queries.kept(Variant.MEMBERS)
    services.renew(by=job, at=at + 30 * DAY + MINUTE)
    assert queries.kept(Variant.MEMBERS) is None and not default_storage.exists(queries.path_of(row))


def test_a_newer_one_is_made_every_ten_minutes_at_most(past, worker, board, job, at):
    from toadlane.money.ledger import services as ledger

    services.ask(variant=Variant.MEMBERS, by=worker, at=at)
    services.prepare(by=job, at=at)
    ledger.seal(by=board, at=at)
    with pytest.raises(services.MadeJustNow):
        services.ask(variant=Variant.MEMBERS, by=worker, at=at + 10 * MINUTE - timedelta(seconds=1))
    assert services.ask(variant=Variant.MEMBERS, by=worker, at=at + 10 * MINUTE).asked_at


def test_who_may_ask_for_what(past, worker, board, job, wheels, charlie, at):
    with pytest.raises(Refused):
        services.ask(variant=Variant.FULL, by=worker, at=at)
    assert services.ask(variant=Variant.FULL, by=board, at=at).asked_at
    nobody = Principal(coop_id=past.pk, channel=worker.channel)
    for variant in Variant:
        with pytest.raises(Refused):
            services.ask(variant=variant, by=nobody, at=at)
    with pytest.raises(Refused):
        services.renew(by=board, at=at)
    with scope(wheels.pk):
        assert queries.kept(Variant.FULL) is None and not queries.waiting().exists()


def test_coops_are_looked_after_once_a_day(past, job, at):
    with every_coop(reason="as a timer asks"):
        assert past.pk in queries.coops_to_renew(at)
    tasks.renew(by=job, at=at)
    with every_coop(reason="as a timer asks"):
        assert past.pk not in queries.coops_to_renew(at + DAY - MINUTE) and past.pk in queries.coops_to_renew(at + DAY)


# ------------------------------------------------------------------------------------------------------------- surfaces


@pytest.fixture
def made(past, job, at):
    for variant in Variant:
        RecordsFile.objects.create(variant=variant.value, asked_at=at)
    services.prepare(by=job, at=at)
    with outside():
        yield past


def test_everybody_reads_the_page_and_takes_the_public_file(made):
    page = Client().get("/c/sparkle/records/").content.decode()
    assert "toadlane verify --file" in page and "public.zip" in page and "members.zip" not in page
    answer = Client().get("/c/sparkle/records/public.zip")
    assert answer.status_code == 200 and not wrong(io.BytesIO(b"".join(answer.streaming_content)))
    for variant in ("members", "full", "else"):
        assert Client().get(f"/c/sparkle/records/{variant}.zip").status_code in (302, 404)


def test_members_take_theirs_and_officers_all(made, alice, bob, charlie):
    for person, status in ((alice, {"members": 200, "full": 404}), (bob, {"members": 200, "full": 200})):
        for variant, expected in status.items():
            assert browser(person).get(f"/c/sparkle/records/{variant}.zip").status_code == expected
    for variant in ("members", "full"):
        assert browser(charlie).get(f"/c/sparkle/records/{variant}.zip").status_code == 404
    answer = browser(alice).get("/c/sparkle/records/members.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert "shares.jsonl" not in packed.namelist() and "rolls.jsonl" in packed.namelist()


def test_a_member_has_one_made_from_the_page(past, alice):
    with outside():
        page = browser(alice).post("/c/sparkle/records/", {"variant": "members"}, follow=True).content.decode()
        assert "being made" in page
        assert Client().post("/c/sparkle/records/", {"variant": "public"}).status_code in (302, 403, 404)
        assert browser(alice).post("/c/sparkle/records/", {"variant": "full"}).status_code == 403
    assert [row.variant for row in queries.waiting()] == ["members"]


def test_the_page_is_closed_where_the_bylaws_close_it(made, alice, monkeypatch):
    from toadlane.society.bylaws.queries import Book

    maybe = Book.maybe
    monkeypatch.setattr(Book, "maybe", lambda self, rule: "members" if rule == "gov.records_public" else maybe(self, rule))
    assert Client().get("/c/sparkle/records/").status_code == 404
    assert Client().get("/c/sparkle/records/public.zip").status_code == 404
    assert Client().get("/api/v1/coops/sparkle/records").status_code == 404
    assert browser(alice).get("/c/sparkle/records/").status_code == 200


def test_the_same_over_rest(made, alice, charlie):
    told = Client().get("/api/v1/coops/sparkle/records").json()
    assert told["counts"]["decisions"] == 2 and [one["variant"] for one in told["files"]] == ["public"]
    answer = Client().get("/api/v1/coops/sparkle/records/files/public")
    file = io.BytesIO(b"".join(answer.streaming_content))
    assert not wrong(file, key=told["public_key"])
    assert Client().get("/api/v1/coops/sparkle/records/files/full").status_code == 404
    assert Client().get("/api/v1/coops/sparkle/records/files/else").status_code == 404
    body = {"data": json.dumps({"variant": "members"}), "content_type": "application/json"}
    asked = browser(alice).post("/api/v1/coops/sparkle/records/files", **body, headers={"Idempotency-Key": "one"})
    assert asked.status_code == 202 and asked.json()["sha256"]
    assert browser(charlie).post("/api/v1/coops/sparkle/records/files", **body).status_code == 404


def test_the_numbers_of_statements_do_not_grow(past, job, at, django_assert_max_num_queries, voters, board):
    from toadlane.kernel.money import Money
    from toadlane.money.ledger import services as ledger
    from toadlane.money.ledger.services import Leg

    for variant in Variant:
        with django_assert_max_num_queries(70) as first:
            writing.write(io.BytesIO(), variant=variant, at=at)
        for n in range(30):
            legs = [Leg("2100", Money(-700, "EUR")), Leg("1100", Money(700, "EUR"))]
            ledger.post(key=f"{variant}:{n}", narration="More", postings=legs, by=board, at=at)
        with django_assert_max_num_queries(len(first)):
            writing.write(io.BytesIO(), variant=variant, at=at)


# ------------------------------------------------------------------------------------------------------------- policies


def test_public_minutes_say_what_was_said_and_not_who_came(past, export, monkeypatch):
    from tests.commons.records.conftest import NAMES, Parts

    monkeypatch.setattr(writing, "reach_of", lambda variant: reach(variant, records="all", minutes=True, books=False))
    file = export(Variant.PUBLIC)
    lines = Parts.of(file).lines
    general, circle = lines["minutes"]
    assert general["document"]["attendance"] == [] and general["document"]["opening"].endswith("opens.")
    assert circle["document"] is None and circle["hash"]
    assert not [name for name in NAMES if name in str(lines)] and not wrong(file) and "seals" not in lines


@pytest.mark.parametrize(
    ("records", "parts"), [("members", {"bylaws"}), ("decisions", {"decisions", "papers"}), ("all", {"decisions", "said"})]
)
def test_the_bylaws_say_what_is_public(records, parts):
    closed = reach(Variant.PUBLIC, records=records, minutes=False, books=True).withheld
    assert not parts & {*closed} and {"entries", "rolls", "votes", "minutes", "shares"} <= {*closed}
    assert ("said" in closed) == (records != "all") and ("decisions" in closed) == (records == "members")


def test_names_are_found_in_texts_and_words_of_the_file_are_left_alone():
    names = Names([("Ana Silva", "[a]"), ("Ana", "[b]"), ("ana@home.test", "[a]"), ("for", "[c]"), ("(Bo)", "[d]")])
    assert names.out_of("Ana Silva, Ana and ANA@home.test; not Anabel, nor ana") == "[a], [b] and [a]; not Anabel, nor ana"
    assert names.out_of("for") == "for" and names.out_of("passed:for") == "passed:for"
    line = {"text": "nothing", "more": [{"label": "one"}]}
    assert names.without(line) is line
    assert names.without({"more": ["x", {"label": "By Ana"}]}) == {"more": ["x", {"label": "By [b]"}]}


def test_the_server_s_own_pages_have_no_records(made):
    for address in ("/", "/sign-in/"):
        answer = Client().get(address)
        assert answer.status_code == 200 and "/records/" not in answer.content.decode()
