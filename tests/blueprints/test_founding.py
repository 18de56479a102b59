"""A co-op founded by its own people: by the pages, by the API, alone and with others."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser
from toadlane.blueprints import installer
from toadlane.blueprints.founding import queries, services
from toadlane.blueprints.founding.models import Cofounder, FoundingDraft
from toadlane.blueprints.founding.policies import NotAValue, dots, questions, read, typed
from toadlane.democracy.counting.policies.reading import BadProcedure
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.pages import services as pages

NAME = {"name": "Bright & Early", "slug": "", "tagline": "Home cleaning owned by its cleaners"}
PLACE = {"place": "Sevilla", "country": "ES", "currency": "", "language": "en", "latitude": "", "longitude": ""}


def walk(client: Client, blueprint: str = "home_services") -> list[str]:
    """Go through the questions up to the people, keeping what is suggested; return the steps seen."""
    assert client.post("/found/", {"blueprint": blueprint}).status_code == 302
    seen = []
    for step, answers in (("name", NAME), ("place", PLACE), ("law", {"pack": "es-27-1999"})):
        assert client.get(f"/found/{step}/").status_code == 200
        answer = client.post(f"/found/{step}/", answers)
        assert answer.status_code == 302, answer.content.decode()
        seen.append(step)
    step = answer.url.rstrip("/").split("/")[-1]
    while "." in step:
        page = client.get(f"/found/{step}/")
        assert page.status_code == 200 and b"How it will read" in page.content
        form = page.context["form"]
        known = {name: form.initial[name] for name in ("choice", "guard") if name in form.initial}
        answer = client.post(f"/found/{step}/", known | {"deed": "keep"})
        assert answer.status_code == 302, answer.content.decode()
        seen.append(step)
        step = answer.url.rstrip("/").split("/")[-1]
    return [*seen, step]


def digest(client: Client) -> str:
    return str(client.get("/found/review/").context["digest"])


def test_founders_fill_in_a_price_list_row_by_row_and_it_is_what_they_sign(db, bob):
    client = Client()
    client.force_login(bob)
    walk(client)
    page = "/found/trade.rates/"
    form = client.get(page).context["form"]
    rows = {"own-hourly": "27", "own-opens": "08:00", "own-closes": "18:00", "guard": "simple", "own-addons-rows": "0",
            "own-levels-rows": "0", "own-recurring-rows": "0"}  # fmt: skip
    one = {"own-sizes-rows": "1", "own-sizes-0-names-en": "A boat", "own-sizes-0-hours": "1.5"}
    more = client.post(page, {**rows, **one, "arrange": "add:sizes"})
    html = more.content.decode()
    assert more.status_code == 200 and 'value="A boat"' in html and 'name="own-sizes-1-hours"' in html
    wrong = client.post(page, {**rows, **one, "own-sizes-0-hours": "long", "deed": "keep"})
    assert wrong.status_code == 422 and 'href="#id_own-sizes-0-hours"' in wrong.content.decode()
    assert client.get(page).context["form"].initial == form.initial, "nothing is kept before it is right"
    assert client.post(page, {**rows, **one, "deed": "keep"}).status_code == 302
    assert "A boat" in client.get("/found/review/").content.decode()
    draft = FoundingDraft.objects.get()
    assert draft.answers["values"]["trade.rates"] == {
        "hourly": 2700, "opens": "08:00", "closes": "18:00",
        "sizes": [{"id": "a_boat", "names": {"en": "A boat"}, "hours": "1.5"}], "levels": [], "addons": [], "recurring": [],
    }  # fmt: skip
    again = client.post(page, {**rows, **one, "arrange": "anew"}).content.decode()
    assert "One bedroom" in again and "A boat" not in again.partition('aria-label="Help with this rule"')[0]


def test_a_rule_that_is_not_asked_is_reached_from_the_review_and_leads_back_there(db, bob):
    client = Client()
    client.force_login(bob)
    walk(client)
    assert 'href="/found/members.classes/"' in client.get("/found/review/").content.decode()
    classes = {"guard": "special", "own-rows": "1", "own-0-names-en": "Shop", "own-0-who": "organisation",
               "own-0-questions-rows": "0"}  # fmt: skip
    refused = client.post("/found/members.classes/", classes)
    assert refused.status_code == 422 and "has to be open to people" in refused.content.decode()
    answer = client.post("/found/members.classes/", classes | {"own-0-who": ["organisation", "person"]})
    assert answer.status_code == 302 and answer.url == "/found/review/"
    assert client.get("/found/no.such_rule/").status_code == 404


def test_a_co_op_is_founded_page_by_page_and_nothing_typed_before_signing_in_is_lost(db, bob):
    stranger = Client()
    seen = walk(stranger)
    assert seen[-1] == "people" and len(seen) > 10
    door = stranger.get("/found/people/")
    assert door.status_code == 302, "names and signatures need somebody who has signed in"
    assert "Your answers are kept." in stranger.get(door.url).content.decode()
    stranger.force_login(bob)
    assert stranger.get("/found/people/").status_code == 200
    assert stranger.get("/found/officers/").status_code == 200
    answer = stranger.post("/found/officers/", {"founder_class": "worker", "board": ["me"], "treasurer": ["me"]})
    assert answer.status_code == 302, answer.content.decode()
    answer = stranger.post("/found/review/", {"digest": digest(stranger)})
    assert answer.status_code == 302, answer.content.decode()
    coop = Coop.objects.get(slug="bright-early")
    assert (coop.currency, coop.time_zone, coop.country) == ("EUR", "Europe/Madrid", "ES")
    assert coop.latitude is not None and 37 < coop.latitude < 38
    with scope(coop.pk):
        book = bylaws.book()
        assert (book.number, book.pack) == (1, "es-27-1999@1")
        assert members.principal(person_id=bob.pk, channel=Channel.WEB).roles >= {"board", "treasurer", "class:worker"}
    assert b"Bob" in Client().get("/c/bright-early/rules/founding/").content
    assert not FoundingDraft.objects.filter(founded=None).exists()


@pytest.fixture
def drafted(db, bob):
    client = browser(bob)
    walk(client)
    return client


def test_the_law_stops_a_value_and_what_was_typed_stays(drafted):
    drafted.post("/found/law/", {"pack": "es-27-1999"})
    over = {"choice": "own", "own": "90", "guard": "simple", "deed": "keep"}
    page = drafted.post("/found/members.decide_days/", over)
    assert page.status_code == 422 and 'value="90"' in page.content.decode() and "89" in page.content.decode()
    assert drafted.post("/found/members.decide_days/", {**over, "own": "89"}).status_code == 302


def test_a_preview_reads_as_typed_and_keeps_nothing(drafted):
    page = drafted.post("/found/fees.commission/", {"choice": "own", "own": "7,5", "guard": "simple", "deed": "preview"})
    assert "7.5%" in page.content.decode()
    assert FoundingDraft.objects.get().answers["values"]["fees.commission"] == "0.05"


def test_a_value_that_was_typed_and_not_chosen_is_asked_about(drafted):
    typed = {"choice": "suggested", "own": "7,5", "guard": "simple", "deed": "keep"}
    page = drafted.post("/found/fees.commission/", typed)
    assert page.status_code == 422 and 'value="7,5"' in page.content.decode()
    assert drafted.post("/found/fees.commission/", {**typed, "choice": "own"}).status_code == 302
    # What stands in the line from before, and was not touched, is no question.
    kept = drafted.get("/found/fees.commission/").context["form"].initial["own"]
    assert drafted.post("/found/fees.commission/", {**typed, "own": kept}).status_code == 302
    assert FoundingDraft.objects.get().answers["values"]["fees.commission"] == "0.05"


def test_a_founder_who_was_typed_and_not_asked_is_not_passed_over(drafted):
    typed = {"deed": "on", "name": "Alice", "email": "alice@sparkle.test", "phone": ""}
    page = drafted.post("/found/people/", typed)
    assert page.status_code == 422 and 'value="alice@sparkle.test"' in page.content.decode()
    assert not Cofounder.objects.exists()
    answer = drafted.post("/found/people/", {"deed": "on", "name": "", "email": "", "phone": ""})
    assert (answer.status_code, answer.url) == (302, "/found/officers/")


def test_a_guard_the_founders_chose_is_in_the_bylaws(drafted, bob):
    drafted.post("/found/fees.commission/", {"choice": "own", "own": "6", "guard": "special", "deed": "keep"})
    drafted.post("/found/review/", {"digest": digest(drafted)})
    with scope(Coop.objects.get().pk):
        rule = bylaws.book().rule("fees.commission")
    assert (rule["value"], rule["procedure"]) == ("0.06", "special")


def test_signing_what_has_changed_meanwhile_is_refused(drafted):
    stale = digest(drafted)
    drafted.post("/found/fees.commission/", {"choice": "own", "own": "6", "guard": "special", "deed": "keep"})
    assert drafted.post("/found/review/", {"digest": stale}).status_code == 422
    assert not Coop.objects.exists()


def test_everybody_who_founds_signs(drafted, alice, charlie):
    asked = {"deed": "ask", "name": "Alice", "email": "alice@sparkle.test", "phone": ""}
    assert drafted.post("/found/people/", {**asked, "email": ""}).status_code == 422
    assert drafted.post("/found/people/", asked).status_code == 302
    key = Cofounder.objects.get().key
    assert f"/found/sign/{key}/" in Letter.objects.get(address="alice@sparkle.test").text
    assert drafted.post("/found/review/", {"digest": digest(drafted)}).status_code == 422, "Alice has not signed"
    theirs = browser(alice)
    page = theirs.get(f"/found/sign/{key}/")
    assert b"Bright &amp; Early" in page.content and Client().get(f"/found/sign/{key}/").status_code == 200
    assert theirs.post(f"/found/sign/{key}/", {"digest": page.context["digest"]}).status_code == 302
    drafted.post("/found/fees.commission/", {"choice": "own", "own": "6", "guard": "special", "deed": "keep"})
    assert drafted.post("/found/review/", {"digest": digest(drafted)}).status_code == 422, "an answer changed: sign again"
    page = theirs.get(f"/found/sign/{key}/")
    theirs.post(f"/found/sign/{key}/", {"digest": page.context["digest"]})
    assert drafted.post("/found/review/", {"digest": digest(drafted)}).status_code == 302
    with scope(Coop.objects.get().pk):
        assert [one.person.name for one in bylaws.signatures()] == ["Alice", "Bob"]
        assert members.register().count() == 2


def test_nobody_has_strangers_written_to_without_a_name_and_without_end(drafted, bob, monkeypatch):
    monkeypatch.setattr(services, "MOST_ASKED", 2)
    draft, at = FoundingDraft.objects.get(), clock.machine_time()
    nameless = services.begin(blueprint="marketplace", by=Principal(coop_id=None, channel=Channel.WEB), at=at)

    def ask(who, *, draft=draft, person=bob.pk, channel=Channel.WEB, at=at):
        by = Principal(coop_id=None, channel=channel, person_id=person)
        return services.ask_to_found(
            draft=draft, name=who, email=f"{who}@sparkle.test", phone="", link=str, by=by, at=at
        )  # fmt: skip

    with pytest.raises(Refused):
        ask("ann", draft=nameless, person=None)
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=bob.pk)
    services.no_longer_ask(cofounder=ask("ann"), by=by)
    ask("ben", channel=Channel.API)
    with pytest.raises(services.TooManyAsked):
        ask("cleo")
    assert Letter.objects.filter(template="founding/asked").count() == 2
    ask("cleo", at=at + timedelta(days=1))


def test_who_is_asked_before_the_co_op_has_a_name_reads_that_it_has_none(drafted, bob):
    draft, at = FoundingDraft.objects.get(), clock.machine_time()
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=bob.pk)

    def asked(who):
        services.ask_to_found(draft=draft, name=who, email=f"{who}@sparkle.test", phone="", link=str, by=by, at=at)
        return Letter.objects.filter(template="founding/asked").latest("pk")

    draft.answers = {**draft.answers, "name": ""}
    assert asked("ann").subject.endswith("asks you to found a co-op together") and "no name yet" in asked("ben").text
    draft.answers = {**draft.answers, "name": "Brisk"}
    assert asked("cleo").subject.endswith("asks you to found Brisk together")


def test_what_a_stranger_began_is_not_kept_for_ever(db):
    by, at = Principal(coop_id=None, channel=Channel.WEB), clock.machine_time()
    old = services.begin(blueprint="marketplace", by=by, at=at)
    fresh = services.begin(blueprint="marketplace", by=by, at=at + services.NAMELESS_LIFE)
    assert FoundingDraft.objects.filter(pk=old.pk).exists()
    services.begin(blueprint="marketplace", by=by, at=at + services.NAMELESS_LIFE + timedelta(seconds=1))
    assert not FoundingDraft.objects.filter(pk=old.pk).exists() and FoundingDraft.objects.filter(pk=fresh.pk).exists()


def test_somebody_elses_draft_is_not_answered(drafted, charlie):
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=charlie.pk)
    with pytest.raises(Refused):
        services.answer(draft=FoundingDraft.objects.get(), answers={"name": "Mine"}, by=by)


def test_a_taken_short_name_is_said_at_once(drafted, wheels):
    page = drafted.post("/found/name/", {**NAME, "slug": "wheels"})
    assert page.status_code == 422 and b"Another co-op" in page.content


@pytest.mark.parametrize("path", ["/found/nothing/", "/found/surplus.asset_lock/", "/found/sign/nothing/"])
def test_what_is_not_asked_is_not_found(drafted, path):
    assert drafted.get(path).status_code == 404


FOUND = {"blueprint": "marketplace", "name": "The Barrow", "currency": "GBP", "values": {"fees.commission": "0.06"}}


def test_one_call_founds_and_says_the_address(db, bob):
    client = browser(bob)
    answer = client.post("/api/v1/found", FOUND, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["slug"] == "the-barrow" and answer.json()["address"].endswith("/c/the-barrow/")
    again = client.post("/api/v1/found", FOUND, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")
    assert Coop.objects.count() == 1 and not FoundingDraft.objects.filter(founded=None).exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"blueprint": "casino"}, "no_such_blueprint"), ({"values": {"fees.commission": "2"}}, "not_a_rule"),
        ({"values": {"no.such": 1}}, "not_a_rule"), ({"pack": "atlantis"}, "no_such_pack"),
        ({"time_zone": "Mars/Base"}, "no_such_time_zone"),
        ({"pack": "es-27-1999", "values": {"members.decide_days": 90}}, "not_a_rule"), ({"slug": "Not A Slug"}, "not_a_slug"),
    ],
)  # fmt: skip
def test_the_api_says_what_is_wrong(db, bob, wrong, code):
    answer = browser(bob).post("/api/v1/found", {**FOUND, **wrong}, content_type="application/json")
    assert answer.json()["code"] == code and answer.status_code == 422 and not Coop.objects.exists()


def test_a_stranger_reads_the_library_and_founds_nothing(db, client):
    assert {one["id"] for one in client.get("/api/v1/found/blueprints").json()} == set(installer.names())
    assert len(client.get("/api/v1/found/packs").json()) == 8
    assert client.post("/api/v1/found", FOUND, content_type="application/json").status_code == 401


@pytest.mark.parametrize("name", installer.names())
def test_every_blueprint_asks_what_this_server_knows(name):
    written = installer.read(name, "blueprint")
    assert [rule.id for rule in questions(written)] == written["ask"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("rate", "5", "0.05"), ("rate", "7,5 %", "0.075"), ("rate", "1/3", "1/3"), ("money", "15,40", 1540), ("int", "30", 30)],
)
def test_what_people_type_becomes_a_value_and_back(kind, text, value):
    assert read(kind, text, "EUR") == value
    assert read(kind, typed(kind, value, "EUR"), "EUR") == value


@pytest.mark.parametrize(("kind", "text"), [("rate", "five"), ("rate", ""), ("money", "1.234"), ("int", "3.5"), ("rate", "1/0")])
def test_what_is_no_number_is_said_to_be_none(kind, text):
    with pytest.raises(NotAValue):
        read(kind, text, "EUR")


def test_dots_show_each_co_op_and_what_the_law_forbids():
    shown = {1350: "13.50", 1540: "15.40"}
    found = dots("money", [1540, 1350, 1540], least=1350, shown=shown)
    assert found and len(found.dots) == 3 and found.forbidden == 85
    assert dots("money", [1540], shown=shown) is None


def test_money_of_a_blueprint_fits_the_currency():
    euro, yen, dinar = (installer.known_values("home_services", one) for one in ("EUR", "JPY", "KWD"))
    assert (euro["pay.floor_hour"], yen["pay.floor_hour"], dinar["pay.floor_hour"]) == (1540, 2300, 4600)
    assert (euro["trade.rates"]["hourly"], yen["trade.rates"]["hourly"], dinar["trade.rates"]["hourly"]) == (2700, 4100, 8100)
    assert [one["price"] for one in yen["trade.rates"]["levels"]] == [0, 4800]
    assert [one["price"] for one in yen["trade.rates"]["addons"]][:3] == [2400, 2400, 3300]
    assert yen["trade.rates"]["sizes"] == euro["trade.rates"]["sizes"], "hours are hours"
    assert installer.known_values("home_services", "USD") == installer.known_values("home_services", "GBP") == euro


@pytest.mark.parametrize("currency", ["JPY", "KRW", "CLP", "KWD", "HUF", "IRR", "CLF"])
@pytest.mark.parametrize("blueprint", installer.names())
def test_a_co_op_can_be_founded_in_any_currency(blueprint, currency):
    document = installer.document_of(blueprint, packs.load("none"), currency=currency, values={}, guards={})
    assert {one["unit"] for one in document["rules"].values() if one["type"] == "money"} == {currency}
    usual = installer.document_of(blueprint, packs.load("none"), currency="EUR", values={}, guards={})["rules"]
    for name, rule in document["rules"].items():
        if rule["type"] == "money":
            assert (rule["value"] > 0) == (usual[name]["value"] > 0), name


def test_what_others_chose_is_read_across_co_ops(sparkle, wheels):
    assert sorted(queries.chosen("fees.commission", "")) == ["0.05", "0.08"]


def test_a_co_op_is_founded_in_a_country_that_there_is():
    from toadlane.blueprints.founding.forms import _countries

    names = dict(_countries())
    assert names["IE"] == "Ireland" and not {"XA", "XB", "QO", "EU", "UN"} & set(names)


@pytest.mark.parametrize("path", sorted(installer.LIBRARY.iterdir()), ids=lambda path: path.name)
def test_nobody_founds_with_a_procedure_that_cannot_be_followed(path, monkeypatch):
    document = installer.document_of(path.name, packs.load("none"), currency="EUR", values={}, guards={})
    assert {"simple", "special"} <= set(document["procedures"])
    written = installer.read(path.name, "bylaws")
    broken = {**written, "procedures": {"odd": {"kind": "majority", "rank": 2, "treshold": "1/2"}}}
    monkeypatch.setattr(installer, "read", lambda blueprint, part: broken if part == "bylaws" else {})
    with pytest.raises(BadProcedure) as error:
        installer.document_of(path.name, packs.load("none"), currency="EUR", values={}, guards={})
    assert error.value.field == "odd.threshold", "it is missing, where another word was written"


def test_the_desk_of_founders_says_what_comes_next_and_ticks_itself_off(inside, board, at, bob, alice):
    desk = "/c/sparkle/members/desk/"
    assert "What comes next" in browser(bob).get(desk).content.decode()
    assert "What comes next" not in browser(alice).get(desk).content.decode(), "it is the board's to do"
    before = {step.title for step in queries.first_steps(board, at)["steps"] if step.is_done}
    assert "Write a page" not in before
    pages.write(slug="about", title="About us", text="We clean.", by=board, at=at)
    after = {step.title for step in queries.first_steps(board, at)["steps"] if step.is_done}
    assert after == before | {"Write a page"}
    for step in queries.first_steps(board, at)["steps"]:
        assert browser(bob).get("/c/sparkle" + step.url.split("#")[0].removeprefix("/c/sparkle")).status_code == 200, step.title


def test_what_comes_next_is_told_for_three_months_and_not_to_others(inside, board, charlie, at):
    edge = inside.founded_at + queries.FIRST_STEPS_FOR
    assert queries.first_steps(board, edge) is not None
    assert queries.first_steps(board, edge + timedelta(seconds=1)) is None
    stranger = Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=charlie.pk)
    assert queries.first_steps(stranger, at) is None


@pytest.mark.parametrize(("language", "days"), [("en", "30 days"), ("es", "30 días"), ("ar", "30 يومًا")])
def test_what_is_suggested_is_counted_as_the_language_counts(db, language, days):
    stranger = Client(headers={"accept-language": language})
    stranger.post("/found/", {"blueprint": "marketplace"})
    for step, answers in (("name", NAME), ("place", PLACE), ("law", {"pack": "es-27-1999"})):
        stranger.post(f"/found/{step}/", answers)
    assert f">{days}<" in stranger.get("/found/members.decide_days/").content.decode()
