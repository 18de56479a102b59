"""A rule that the software learned after the founding: it holds as it is declared, says so, and members can adopt it."""

from fractions import Fraction

import pytest

from toadlane.blueprints import installer
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import handlers, queries, services
from toadlane.society.bylaws.rules import find, packs, patches, undecided
from toadlane.society.bylaws.rules.patches import Conflict, NotAllowed, Patch
from toadlane.trade.orders.queries import splits

SUPPORT, FEE, LOCK, HOLD = "gov.support_share", "fees.commission", "surplus.asset_lock", "pay.hold_days"
RULES = "/api/v1/coops/sparkle/rules"


@pytest.fixture
def act(older):
    return Principal.job(older.pk, "enactment")


def adoption(rule=SUPPORT, **changed):
    book = queries.book()
    return {"base": book.number, "ops": [{**undecided.adoption(book.document, rule), **changed}]}


def codes(payload, at):
    return [fault.code for fault in handlers.check(payload, queries.book(), at)]


def adopt(act, at, payload=None, passed_by="special", decision="2027-1"):
    return services.enact(patch=Patch.read(payload or adoption()), decision=decision, passed_by=passed_by, by=act, at=at)


def test_it_holds_as_it_is_declared_and_nobody_is_said_to_have_decided_it(older):
    book = queries.book()
    assert SUPPORT not in book.rules and not book.is_decided(SUPPORT)
    assert book.value(SUPPORT) == book.maybe(SUPPORT) == Fraction(1, 10)
    told = book.decided(SUPPORT)
    assert (told.is_decided, told.decision, told.decided_on, told.label) == (False, "", None, "not yet decided by the members")
    assert book.decided("members.notice_days").is_decided


def test_what_no_room_declares_is_still_no_rule(older):
    assert queries.book().maybe("fees.invented_later") is None and undecided.entry(queries.book().document, "no.such") is None


@pytest.mark.parametrize(("rule", "least"), [("meetings.quorum_first", "1/2"), ("gov.support_share", "0.10")])
def test_it_is_lifted_to_what_the_law_asks_for(rule, least):
    document = installer.document_of("home_services", packs.load("es-27-1999"), currency="EUR", values={}, guards={})
    founded = document["rules"].pop(rule)
    found = undecided.entry(document, rule)
    assert found == founded and found["value"] == least, "as it would stand in a document founded under the same law"


def test_an_amount_is_in_the_co_ops_currency():
    document = installer.document_of("home_services", packs.load("none"), currency="JPY", values={}, guards={})
    assert document["rules"].pop("shares.entry_fee") == undecided.entry(document, "shares.entry_fee")


def test_the_page_and_the_api_say_plainly_that_members_have_not_decided_it(older, client):
    page = client.get("/c/sparkle/rules/").content.decode()
    section = page[page.index('id="undecided"') :]
    assert "Not yet decided by the members" in section and str(find(SUPPORT).question) in section
    assert page.index(str(find("gov.petition_share").question)) < page.index('id="undecided"')
    one = client.get(f"/c/sparkle/rules/{SUPPORT}/").content.decode()
    assert "does not have this rule" in one and "Two thirds of the votes" not in one and "two thirds of the votes" in one
    told = client.get(f"{RULES}/{SUPPORT}").json()
    assert told["is_decided"] is False and told["decided"]["decision"] == "" and told["decided"]["decided_on"] is None
    assert told["adoption"] == undecided.adoption(queries.book().document, SUPPORT)
    whole = client.get(RULES).json()
    assert SUPPORT in {one["id"] for one in whole["undecided"]} and SUPPORT not in {one["id"] for one in whole["rules"]}
    assert client.get(f"{RULES}/members.notice_days").json()["adoption"] is None


def test_a_co_op_that_lacks_nothing_says_nothing_of_it(sparkle, client):
    assert "Not yet decided" not in client.get("/c/sparkle/rules/").content.decode()
    assert client.get(RULES).json()["undecided"] == []


def test_the_mark_on_a_receipt_says_it_too(older):
    mark = splits.mark(queries.book(), FEE)
    assert mark.label == "not yet decided by the members" and not mark.is_decided and mark.url.endswith(f"{FEE}/")


def test_members_adopt_it_and_it_is_a_rule_like_any_other(older, act, at):
    assert codes(adoption(), at) == []
    version = adopt(act, at)
    assert version.changed == [SUPPORT]
    book = queries.book()
    assert book.is_decided(SUPPORT) and book.decided(SUPPORT).decision == "2027-1"
    whole = installer.document_of("home_services", packs.load("none"), currency="EUR", values={}, guards={})
    assert book.rules[SUPPORT] == whole["rules"][SUPPORT], "just as a founding document holds it"
    change = {"base": 2, "ops": [{"rule": SUPPORT, "expect": "0.10", "set": "0.05"}]}
    assert codes(change, at) == [] and handlers.procedure(change, book) == "special"
    faults = {name: found.faults for name, found in invariants.verify_coop().items() if found.faults}
    assert [*faults] == ["proposals.rules_follow_decisions"], "nobody voted on it here; nothing else is amiss"


def test_what_began_before_goes_by_the_version_it_began_with(older, act, at):
    adopt(act, at, adoption(set="0.05", text={"en": "Five in a hundred open an idea: 5%."}))
    assert queries.book().value(SUPPORT) == Fraction(1, 20) and queries.book(version=1).value(SUPPORT) == Fraction(1, 10)


def test_twice_is_a_conflict_and_changing_before_adopting_is_told_apart(older, act, at):
    payload = adoption()
    assert codes({"base": 1, "ops": [{"rule": SUPPORT, "expect": "0.10", "set": "0.05"}]}, at) == ["not_adopted"]
    adopt(act, at)
    assert codes(payload, at) == ["conflict"]
    with pytest.raises(Conflict):
        adopt(act, at, payload, decision="2027-2")


@pytest.mark.parametrize(
    ("rule", "asks"), [(SUPPORT, "special"), (FEE, "simple"), (HOLD, "coordinators"), (LOCK, "overwhelming")]
)
def test_the_tier_of_the_rule_says_by_which_vote_it_is_adopted(older, act, at, rule, asks):
    ranked = ["coordinators", "simple", "special", "overwhelming"]
    assert handlers.procedure(adoption(rule), queries.book()) == asks
    for weaker in ranked[: ranked.index(asks)]:
        with pytest.raises(NotAllowed):
            adopt(act, at, adoption(rule), passed_by=weaker)
    assert adopt(act, at, adoption(rule), passed_by=asks).number == 2


def test_a_weaker_guard_than_declared_takes_the_rank_above(older):
    book = queries.book()
    assert handlers.procedure(adoption(FEE, procedure="coordinators"), book) == "special"
    assert handlers.procedure(adoption(FEE, procedure="overwhelming"), book) == "overwhelming"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"set": "0.11"}, "beyond_maximum"), ({"set": "many"}, "wrong_type"), ({"expect": "0.10"}, "incomplete"),
        ({"procedure": None}, "incomplete"), ({"text": {}}, "incomplete"), ({"procedure": "whim"}, "unknown_procedure"),
        ({"text": {"en": "With 20% it opens."}}, "not_allowed"),
    ],
)  # fmt: skip
def test_it_is_adopted_whole_and_within_its_bounds(older, act, at, changed, code):
    assert codes(adoption(**changed), at) == [code]
    with pytest.raises((patches.NotAllowed, services.rules.NotARule)):
        adopt(act, at, adoption(**changed), passed_by="overwhelming")


@pytest.mark.parametrize("more", [{"tier": "operational"}, {"delay_days": 0}, {"maximum": "1"}, {"type": "text"}])
def test_nobody_writes_how_the_software_knows_it(older, act, at, more):
    payload = adoption()
    payload["ops"][0]["adopt"] |= more
    assert "declared_otherwise" in codes(payload, at)
    with pytest.raises((NotAllowed, services.rules.NotARule)):
        adopt(act, at, payload, passed_by="overwhelming")


@pytest.mark.parametrize("changed", [{"set": False}, {"procedure": "simple"}])
def test_what_no_vote_can_change_is_adopted_as_it_is_declared(older, at, changed):
    assert codes(adoption(LOCK, **changed), at) == ["entrenched"]
    assert codes(adoption(LOCK), at) == []


@pytest.mark.parametrize("ops", [[{"rule": SUPPORT, "adopt": True}], [{"rule": SUPPORT, "adopt": {}, "set": "0.1"}]])
def test_half_an_adoption_is_refused_with_words(older, at, ops):
    assert codes({"base": 1, "ops": ops}, at)[0] in ("unreadable", "incomplete")


def test_next_door_nothing_is_adopted(older, wheels, act, at):
    adopt(act, at)
    with scope(wheels.pk):
        assert queries.book().number == 1 and queries.book().is_decided(SUPPORT)


@pytest.mark.parametrize(("rule", "closed"), [("books.public", False), ("gov.records_public", "members")])
def test_an_update_opens_nothing_to_strangers(rule, closed):
    document = installer.document_of("home_services", packs.load("none"), currency="EUR", values={}, guards={})
    assert document["rules"].pop(rule)["value"] != closed and undecided.entry(document, rule)["value"] == closed
