"""Those who found together: who is asked, who signed what, and what each of them reads before and after."""

import pytest
from django.test import Client

from tests.blueprints.test_founding import digest, walk
from tests.conftest import browser
from toadlane.blueprints.founding.models import Cofounder, FoundingDraft
from toadlane.blueprints.founding.policies import read, short_name
from toadlane.plumbing.sending.models import Letter
from toadlane.society.bylaws.rules.values import NotWhole, shown
from toadlane.society.coops.models import Coop

ALICE = {"deed": "ask", "name": "Alice", "email": "alice@sparkle.test", "phone": ""}


@pytest.fixture
def drafted(db, bob):
    client = browser(bob)
    walk(client)
    return client


@pytest.fixture
def key(drafted):
    assert drafted.post("/found/people/", ALICE).status_code == 302
    return Cofounder.objects.get().key


def sign(client: Client, key: str) -> None:
    page = client.get(f"/found/sign/{key}/")
    assert client.post(f"/found/sign/{key}/", {"digest": page.context["digest"]}).status_code == 302


def change_a_rule(client: Client) -> None:
    answer = client.post("/found/fees.commission/", {"choice": "own", "own": "6", "guard": "special", "deed": "keep"})
    assert answer.status_code == 302


def test_another_trade_keeps_the_name_the_place_and_the_people(drafted, key):
    start = drafted.get("/found/").content.decode()
    assert 'value="home_services" id="b-home_services" checked' in start, "going back to look changes nothing"
    assert drafted.post("/found/", {"blueprint": "marketplace", "deed": "change"}).url == "/found/name/"
    draft = FoundingDraft.objects.get()
    assert draft.blueprint == "marketplace" and draft.cofounders.count() == 1
    assert (draft.answers["name"], draft.answers["place"], draft.answers["pack"]) == ("Bright & Early", "Sevilla", "es-27-1999")
    assert "values" not in draft.answers, "the rules of the other trade are suggested anew"
    assert drafted.post("/found/", {"blueprint": "casino", "deed": "change"}).status_code == 422
    assert drafted.post("/found/", {"blueprint": "marketplace", "deed": "anew"}).status_code == 302
    assert FoundingDraft.objects.count() == 2
    assert drafted.get("/found/name/").context["form"].initial == {}


def test_the_api_changes_the_trade_too(drafted, charlie):
    draft = FoundingDraft.objects.get()
    path = f"/api/v1/found/drafts/{draft.pk}"
    told = drafted.patch(path, {"blueprint": "marketplace"}, content_type="application/json").json()
    assert told["blueprint"] == "marketplace" and told["answers"]["name"] == "Bright & Early"
    assert not told["answers"]["values"]
    assert browser(charlie).patch(path, {"blueprint": "marketplace"}, content_type="application/json").status_code == 404


@pytest.mark.parametrize("email", ["bob@sparkle.test", "BOB@Sparkle.test"])
def test_nobody_asks_themselves(drafted, bob, email):
    bob.email = "bob@sparkle.test"
    bob.save()
    page = drafted.post("/found/people/", {**ALICE, "email": email})
    assert page.status_code == 422 and "This is you." in page.content.decode() and not Cofounder.objects.exists()


def test_the_same_address_in_capitals_is_asked_once(drafted, key):
    page = drafted.post("/found/people/", {**ALICE, "email": "Alice@Sparkle.TEST"})
    assert page.status_code == 422 and "has been asked already" in page.content.decode()


def test_whoever_signed_what_has_changed_is_written_to_again(drafted, key, alice):
    one = Cofounder.objects.get()
    sign(browser(alice), key)
    again = {"deed": "again", "cofounder": one.pk}
    assert "Write to Alice again" not in drafted.get("/found/people/").content.decode()
    change_a_rule(drafted)
    page = drafted.get("/found/people/").content.decode()
    assert "has to sign again" in page and "Write to Alice again" in page
    assert drafted.post("/found/people/", again).status_code == 302
    first, second = Letter.objects.filter(template="founding/asked").order_by("pk")
    assert "has been changed since" in second.text and "has been changed since" not in first.text and key in second.text
    theirs = browser(alice)
    assert "has been changed since" in theirs.get(f"/found/sign/{key}/").content.decode()
    sign(theirs, key)
    path = f"/api/v1/found/drafts/{one.draft_id}/founders/{one.pk}/again"
    answer = drafted.post(path, headers={"idempotency-key": "once-more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "signed_already")


def test_a_link_that_was_passed_on_says_who_signed_with_it(drafted, key, charlie, alice, bob):
    sign(browser(charlie), key)
    for page in ("/found/people/", "/found/review/"):
        assert "(with the account of Charlie)" in drafted.get(page).content.decode()
    theirs = browser(alice)
    page = theirs.get(f"/found/sign/{key}/")
    assert "Charlie signed on" in page.content.decode() and "You signed on" not in page.content.decode()
    refused = theirs.post(f"/found/sign/{key}/", {"digest": page.context["digest"]})
    assert refused.status_code == 422 and "Somebody else has signed with this link." in refused.content.decode()
    own = drafted.post(f"/found/sign/{key}/", {"digest": page.context["digest"]})
    assert own.status_code == 422 and "This is you." in own.content.decode()


def test_whoever_signed_early_is_told_when_it_opens(drafted, key, alice):
    sign(browser(alice), key)
    assert drafted.post("/found/review/", {"digest": digest(drafted)}).status_code == 302
    letter = Letter.objects.get(template="founding/opened")
    assert letter.address == "alice@sparkle.test" and letter.subject == "Bright & Early is open"
    assert "/c/bright-early/members/desk/" in letter.text and Coop.objects.count() == 1


def test_what_is_signed_stands_in_sight_of_everybody_who_signs(drafted, key, alice):
    drafted.post("/found/officers/", {"founder_class": "worker", "board": ["me"], "treasurer": [Cofounder.objects.get().pk]})
    for client, path in ((drafted, "/found/review/"), (browser(alice), f"/found/sign/{key}/")):
        page = client.get(path).content.decode().replace("<wbr>", "")
        for said in ("Home services", "Spain", "Europe/Madrid", "bright-early/</dd>", "Treasurer: looks after the books"):
            assert said in page, (path, said)
        asked, _, others = page.partition('id="h-others"')
        assert "What part of each price does the platform keep?" in asked and "<details" in others
        assert "Which days are holidays?" in others and "No holidays are named" in others


def test_a_town_that_nobody_knows_is_said_before_it_is_missed_on_the_map(drafted):
    assert "no place on the map" not in drafted.get("/found/review/").content.decode()
    place = {"place": "Nowherebury", "country": "ES", "currency": "", "language": "en", "latitude": "", "longitude": ""}
    assert drafted.post("/found/place/", place).status_code == 302
    assert "no place on the map" in drafted.get("/found/review/").content.decode()


@pytest.mark.parametrize(
    ("name", "short"),
    [("Łódź & Söhne", "lodz-sohne"), ("Æble Øl", "aeble-ol"), ("Straße", "strasse"), ("東京", ""), ("تعاونية", "")],
)
def test_a_name_in_any_latin_letters_gives_a_short_one(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize("kind", ["int", "duration"])
def test_half_a_day_is_answered_with_a_whole_number(kind):
    with pytest.raises(NotWhole, match="whole number"):
        read(kind, "1.5", "EUR")


@pytest.mark.parametrize(("value", "reads"), [("0.000000001", "0.0000001%"), ("0.0525", "5.25%"), ("1/3", "1/3")])
def test_a_very_small_part_reads_as_a_percentage(value, reads):
    assert shown({"type": "rate", "value": value}) == reads


@pytest.mark.parametrize(("closes", "status"), [("07:00", 422), ("08:00", 422), ("08:30", 302)])
def test_a_price_list_that_closes_before_it_opens_is_not_kept(drafted, closes, status):
    """Nobody could ever book by it: the page of times would say “Nothing free” for ever."""
    rows = {"own-hourly": "27", "own-opens": "08:00", "own-closes": closes, "guard": "simple", "own-addons-rows": "0",
            "own-levels-rows": "0", "own-recurring-rows": "0", "own-sizes-rows": "1", "own-sizes-0-names-en": "A boat",
            "own-sizes-0-hours": "0.5", "deed": "keep"}  # fmt: skip
    answer = drafted.post("/found/trade.rates/", rows)
    assert answer.status_code == status
    assert status == 302 or "This has to be later than “We come from”." in answer.content.decode()
