"""What the law of a legal form demands is in the bylaws from the founding on, and nobody can agree on less."""

from datetime import date

import pytest

from toadlane.blueprints import installer
from toadlane.democracy.counting.policies.procedures import Procedure, Roll, Tally, judge
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.rules import NotARule, packs, patches
from toadlane.society.bylaws.rules.patches import Op, Patch

# 59 for, 10 against and 21 who abstain: two thirds of the votes cast, and not of those present.
ABSTAINED = Tally(for_=59, against=10, abstain=21)
RULE = "gov.special.quorum"


def document(pack, **guards):
    wanted = {rule.replace("__", "."): {"procedure": name} for rule, name in guards.items()}
    return installer.document_of("home_services", packs.load(pack), currency="EUR", values={}, guards=wanted)


def passes(pack, procedure, tally):
    return judge(Procedure.read(procedure, document(pack)), tally, Roll(eligible=90, present=90)).passed


@pytest.mark.parametrize(("pack", "passed"), [("es-27-1999", False), ("sce", True), ("none", True), ("de-eg", True)])
def test_the_same_votes_pass_under_one_law_and_fail_under_another(pack, passed):
    assert passes(pack, "special", ABSTAINED) is passed
    # Ordinary votes are nobody's but those who cast them.
    assert passes(pack, "simple", ABSTAINED)


def test_two_thirds_of_those_present_are_enough_in_spain():
    assert passes("es-27-1999", "special", Tally(for_=60, against=10, abstain=20))


@pytest.mark.parametrize(("for_", "against", "passed"), [(75, 25, True), (74, 25, False)])
def test_in_germany_it_takes_three_quarters(for_, against, passed):
    assert passes("de-eg", "special", Tally(for_=for_, against=against)) is passed
    assert Procedure.read("special", document("de-eg")).mandatory_majority is not None, "plural votes lapse"
    assert passes("sce", "special", Tally(for_=for_, against=against))


def test_what_asks_for_more_than_the_law_keeps_asking_for_more():
    overwhelming = document("de-eg")["procedures"]["overwhelming"]
    assert (overwhelming["threshold"], overwhelming["of"]) == ("4/5", "cast")
    assert document("es-27-1999")["procedures"]["overwhelming"]["of"] == "present"


def test_founders_cannot_let_the_bylaws_change_by_less_than_the_law_demands():
    guards = {RULE.replace(".", "__"): "simple"}
    for pack in ("es-27-1999", "sce", "de-eg"):
        with pytest.raises(NotARule, match="asks for more votes"):
            document(pack, **guards)
    assert document("none", **guards)["rules"][RULE]["procedure"] == "simple"
    # What is no part of the bylaws to the law may change as they like.
    assert document("es-27-1999", fees__commission="simple")["rules"]["fees.commission"]["procedure"] == "simple"


@pytest.mark.parametrize(("pack", "why"), [("es-27-1999", "below_legal_floor"), ("none", "")])
def test_members_cannot_either(pack, why):
    found = document(pack)
    patch = Patch(1, (Op(RULE, found["rules"][RULE]["value"], procedure="simple"),))
    verdict = patches.judge(found, patch, version=1, passed_by="overwhelming", passed_on=date(2027, 3, 1))
    assert verdict.why == why


def test_in_spain_a_committees_silence_is_for_whoever_appealed():
    found = document("es-27-1999")["rules"]
    assert (found["gov.appeal_days"]["value"], found["gov.appeal_silence"]["value"]) == (31, "falls")
    for wrong in ({"gov.appeal_days": 30}, {"gov.appeal_decide_days": 60}, {"gov.appeal_silence": "stands"}):
        with pytest.raises(NotARule):
            installer.document_of("home_services", packs.load("es-27-1999"), currency="EUR", values=wrong, guards={})
        installer.document_of("home_services", packs.load("sce"), currency="EUR", values=wrong, guards={})
    edge = {"gov.appeal_days": 31, "gov.appeal_decide_days": 59}
    installer.document_of("home_services", packs.load("es-27-1999"), currency="EUR", values=edge, guards={})


def test_where_a_country_has_words_of_its_own_a_co_op_begins_with_them_and_founders_may_write_others():
    def said(law, **values):
        found = installer.document_of("marketplace", packs.load(law), currency="EUR", values=values, guards={})
        return found["rules"]["invoicing.exempt"]["value"]

    assert said("none") == "Exempt from VAT" and said("es-27-1999") == "Operación exenta de IVA, artículo 20 de la Ley 37/1992"
    assert said("es-27-1999", **{"invoicing.exempt": "Exenta, artículo 20.Uno.9"}) == "Exenta, artículo 20.Uno.9"


@pytest.mark.parametrize("law", [pack.id for pack in packs.every()])
def test_the_words_of_a_country_belong_to_rules_that_are_texts(law):
    assert all(rules.find(rule).type == "text" for rule in packs.load(law).wordings)
