"""A co-op arrives once and whole: members, shares and balances, and the register says what the books say."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.money.payments.cards import euro
from tests.ownership.arrivals.conftest import BALANCES, FILES, MEMBERS, SHARES
from tests.ownership.shares.test_any_sequence import something
from toadlane.config.cli.arriving import import_
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.ownership.arrivals import queries, services
from toadlane.ownership.arrivals.models import Arrival, Draft
from toadlane.ownership.shares import queries as register
from toadlane.ownership.surplus import handlers
from toadlane.ownership.surplus import queries as surplus_queries
from toadlane.ownership.surplus import services as surplus
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db


def balances(*codes):
    return tuple(books.balance(code, "EUR").minor for code in codes)


def all_holds():
    # The rules of these tests were laid down without a vote.
    return {name for name, found in invariants.verify_coop().items() if found.faults} <= {"proposals.rules_follow_decisions"}


def test_it_arrives_whole(shares, board, at):
    done = services.bring_in(files=FILES, by=board, at=at)
    assert (done.members, done.shares, done.balances) == (4, 3, 5)
    rows = {one.number: one for one in members.register()}
    assert sorted(rows) == [1, 2, 7, 9]
    assert (rows[1].name, rows[1].joined_on) == ("Bob", date(2015, 1, 31)), "whoever was here keeps their account"
    assert (rows[7].name, rows[9].person.phone, rows[9].person.email) == ("Dana Doe", "+353861234567", None)
    assert members.principal(person_id=rows[7].person_id, channel=Channel.WEB).roles == {"member", "class:worker"}
    held = register.holding(rows[7].pk, "ordinary")
    assert (held.shares, held.nominal.minor, held.unpaid.minor) == (2, 5000, 3750)
    assert balances("1000", "1300", "3000", "3100", "2110") == (150_000, 3750, -17_500, -130_000, -6250)
    assert books.balance("2110", "EUR", rows[7].holder).minor == -6250
    assert all_holds()


def test_the_same_files_again_change_nothing_and_others_are_refused(shares, board, job, at):
    first = services.bring_in(files=FILES, by=board, at=at)
    assert services.bring_in(files=dict(FILES), by=job, at=at).pk == first.pk
    assert Membership.objects.count() == 4 and balances("3000") == (-17_500,)
    other = {**FILES, "members": FILES["members"] + b"10;Fay;worker;2020-01-01;fay@x.test;;\n"}
    for deed in (services.bring_in, services.look, services.draft):
        with pytest.raises(services.BooksHaveBegun):
            deed(files=other, by=board, at=at)


def test_one_bad_line_and_nothing_is_done(shares, board, at):
    wrong = {**FILES, "shares": FILES["shares"] + b"9,ordinary,0,,\n"}
    assert [fault.line for fault in services.look(files=wrong, by=board, at=at).faults] == [5]
    with pytest.raises(services.BadLines):
        services.bring_in(files=wrong, by=board, at=at)
    assert Membership.objects.count() == 2 and not books.balances() and queries.is_before_the_books()
    assert not Person.objects.filter(email="dana@sparkle.test").exists()


def test_once_the_books_have_begun_it_is_too_late(shares, board, job, at):
    one = Money(1, "EUR")
    ledger.post(key="x", narration="x", postings=[ledger.debit("1000", one), ledger.credit("4000", one)], by=job, at=at)
    with pytest.raises(services.BooksHaveBegun):
        services.look(files=FILES, by=board, at=at)
    with pytest.raises(services.BooksHaveBegun):
        services.bring_in(files=FILES, by=board, at=at)


def test_only_the_board_brings_a_co_op_along(shares, worker, charlie, wheels, at):
    for deed in (services.look, services.bring_in, services.draft):
        with pytest.raises(Refused):
            deed(files=FILES, by=worker, at=at)
    with outside(), scope(wheels.pk):
        stranger = members.principal(person_id=charlie.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.bring_in(files=FILES, by=stranger, at=at)


def test_a_person_of_this_server_is_known_by_their_address(shares, board, charlie, at):
    text = MEMBERS + "12;Charles;worker;2020-01-01;CHARLIE@wheels.test;;\n"
    services.bring_in(files={**FILES, "members": text.encode()}, by=board, at=at)
    assert members.register().get(number=12).person_id == charlie.pk and Person.objects.get(pk=charlie.pk).name == "Charlie"


def test_organisations_arrive_too(inside, board, at):
    known = bylaws.book().rule("members.classes")["value"]
    firms = {**known[0], "id": "firm", "who": ["organisation"], "college": "firm", "probation": False, "questions": []}
    rules.enact(
        patch=Patch(bylaws.book().number, (Op("members.classes", known, [*known, firms]),)), decision="2027-firms",
        passed_by="special", by=Principal.job(inside.pk, "enactment"), at=at,
    )  # fmt: skip
    text = "number,name,class,joined_on,kind\n1,Bob,worker,2020-01-01,\n3,Kiln Ltd,firm,2020-01-01,organisation\n"
    wrong = services.look(files={"members": text.encode()}, by=board, at=at).faults
    assert [fault.column for fault in wrong] == ["email"], "a person has to be reached, an organisation need not"
    text = text.replace("kind\n1,Bob,worker,2020-01-01,", "kind,email\n1,Bob,worker,2020-01-01,,bob@sparkle.test").replace(
        "organisation\n", "organisation,\n"
    )
    services.bring_in(files={"members": text.encode()}, by=board, at=at)
    assert members.register().get(number=3).organisation.name == "Kiln Ltd"


def test_what_was_left_of_earlier_years_is_the_oldest_layer_and_comes_back_first(shares, board, at, inside):
    more = "3200,,300.00,7\n3200,,99.99,9\n"
    text = BALANCES.replace("1000,1500.00", "1000,1899.99") + more
    services.bring_in(files=FILES | {"balances": text.encode()}, by=board, at=at)
    assert all_holds()
    (layer,) = surplus_queries.layers("EUR")
    rows = {one.number: one for one in members.register()}
    assert layer.left == {str(rows[7].pk): 30_000, str(rows[9].pk): 9_999} and layer.year.name == "before-2027"
    assert layer.year.title == "the years before 2027"
    act = Principal.job(inside.pk, "enactment")
    surplus.repay(name=layer.year.name, amount_minor=10_000, decision="2027-1", by=act, at=at)
    assert books.balance("2410", "EUR").minor == -10_000 and all_holds()
    # Its days are in no books here: the first year that is closed here may begin among them.
    assert surplus_queries.taken(but="") == [] and not surplus_queries.is_open_before(date(2026, 7, 1), "EUR")
    later = at.replace(year=2028)
    ledger.post(key="e", narration="x", by=board, at=at, postings=[ledger.debit("1000", euro(5)), ledger.credit("4900", euro(5))])
    about = {"starts_on": date(2026, 7, 1), "ends_on": date(2027, 6, 30), "by": board, "at": later}
    year = surplus.put_to_members(year=surplus.work_out(name="2026-27", **about), by=board, at=later)
    handlers.enact(payload={"year": year.name, "hash": year.hash}, decision="2028-1", passed_by="simple", by=act, at=later)
    assert all_holds()


@pytest.mark.django_db(transaction=True)
def test_after_it_whatever_members_do_the_register_is_the_books(shares, board, member, take, at):
    people = [member(name) for name in ("Fay", "Gus", "Hal")]
    numbers = {one[0].person.email: one[0].number for one in people}
    more = "".join(f"{number};{mail.split('@')[0]};worker;2020-01-01;{mail};;\n" for mail, number in numbers.items())
    text = MEMBERS.replace("7;", "70;").replace("9;Eli", "90;Eli") + more
    held = SHARES.replace("7,ord", "70,ord").replace("9,ord", "90,ord")
    files = {"members": text.encode(), "shares": held.encode(), "balances": BALANCES.replace(",7\n", ",70\n").encode()}
    assert services.look(files=files, by=board, at=at).faults == []
    services.bring_in(files=files, by=board, at=at)
    chance, refused = Random(7), 0
    for step in range(25):
        try:
            something(chance, people, step, at, take, board)
        except Expected:
            refused += 1
        assert register.register_equals_ledger().faults == [], step
    assert refused < 25 and register.capital() == -books.balance("3000", "EUR")


def test_what_was_brought_along_is_never_rewritten(shares, board, at):
    services.bring_in(files=FILES, by=board, at=at)
    again = {"members": 1, "shares": 0, "balances": 0, "made_by": "x", "made_at": at}
    for deed in (
        lambda: Arrival.objects.update(members=1), lambda: Arrival.objects.all()._raw_delete("default"),
        lambda: Arrival.objects.create(digest="x", **again),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_files_on_trial_are_gone_after_a_day(shares, board, job, at):
    services.draft(files=FILES, by=board, at=at)
    services.drop_old(by=job, at=at + timedelta(days=1))
    assert Draft.objects.exists()
    services.drop_old(by=job, at=at + timedelta(days=1, seconds=1))
    assert not Draft.objects.exists()


def upload(name, data):
    return SimpleUploadedFile(f"{name}.csv", data)


def test_the_pages_lead_from_the_tables_to_the_register(shares, sparkle, alice, bob, charlie, at):
    page = browser(bob)
    wrong = {name: upload(name, data) for name, data in FILES.items()} | {"shares": upload("s", b"member\n1\n")}
    sent = page.post("/c/sparkle/arrivals/", wrong)
    shown = page.get(sent.headers["Location"]).content.decode()
    assert "This column is missing." in shown and "share_class" in shown and "Take all of it over" not in shown
    sent = page.post("/c/sparkle/arrivals/", {name: upload(name, data) for name, data in FILES.items()})
    path = sent.headers["Location"]
    shown = page.get(path).content.decode()
    assert "Dana Doe" in shown and "€175.00" in shown
    for who in (alice, charlie):
        assert browser(who).get(path).status_code in (403, 404)
        assert browser(who).post(f"{path}take-over/").status_code in (403, 404)
    assert page.post(f"{path}take-over/").status_code == 302
    assert Membership.objects.count() == 4 and not Draft.objects.exists()
    assert "It was brought along" in page.get("/c/sparkle/arrivals/").content.decode()
    done = page.get("/c/sparkle/arrivals/").content.decode()
    for path in ("members/", "shares/register/", "books/"):
        assert f'href="/c/sparkle/{path}"' in done.partition("It was brought along")[2]
    assert "Brought along: Opening balances" in page.get("/c/sparkle/books/").content.decode()
    assert page.post("/c/sparkle/arrivals/", {}).status_code == 422


def test_whoever_writes_the_tables_reads_what_this_co_op_calls_things(shares, bob):
    shown = browser(bob).get("/c/sparkle/arrivals/").content.decode()
    for told in ("<code>worker</code>", "<code>ordinary</code> (", "<code>3100</code>", "Indivisible reserve"):
        assert told in shown
    assert "<code>2100</code>" not in shown


def test_the_api_does_the_same(shares, sparkle, bob, charlie, at):
    client, root = browser(bob), "/api/v1/coops/sparkle/arrivals/drafts"
    texts = {name: data.decode() for name, data in FILES.items()}
    bad = client.post(root, {**texts, "balances": ""}, content_type="application/json").json()
    assert not bad["is_good"] and bad["faults"][0]["file"] == "balances"
    good = client.post(root, texts, content_type="application/json").json()
    assert good["is_good"] and good["capital_minor"] == 17_500
    assert browser(charlie).get(f"{root}/{good['id']}").status_code == 404
    done = client.post(f"{root}/{good['id']}/take-over", content_type="application/json")
    assert done.status_code == 200 and done.json()["members"] == 4


@pytest.mark.django_db(transaction=True)
def test_the_command_names_every_bad_line_and_then_takes_over(shares, inside, tmp_path):
    paths = {name: tmp_path / f"{name}.csv" for name in FILES}
    for name, path in paths.items():
        path.write_bytes(FILES[name])
    with outside():

        def run(*more):
            return CliRunner().invoke(
                import_, ["--coop", "sparkle", *(f"--{name}={path}" for name, path in paths.items()), *more]
            )

        paths["shares"].write_bytes(FILES["shares"].replace(b"ordinary,1", b"ordinary,none"))
        wrong = run("--dry-run", "--json")
        assert wrong.exit_code == 1 and json.loads(wrong.output)["faults"][0]["line"] == 4
        assert "shares, line 4, shares" in run().output
        paths["shares"].write_bytes(FILES["shares"])
        dry = run("--dry-run")
        assert dry.exit_code == 0 and "nothing was changed: 4 members" in dry.output
        done = run("--json")
        assert done.exit_code == 0 and json.loads(done.output)["members"] == 4
        assert run().exit_code == 0, "the same files again"
    assert Membership.objects.count() == 4 and all_holds()
