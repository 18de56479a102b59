"""Procedures as the bylaws write them: read whole or refused by name, judged, shown, hashed and counted again."""

import json
from copy import deepcopy
from fractions import Fraction

import pytest

from toadlane.democracy.counting.policies.majorities import FactMissing
from toadlane.democracy.counting.policies.procedures import (
    BadProcedure,
    NotByVotes,
    Outcome,
    Procedure,
    Roll,
    Tally,
    early,
    judge,
    recount,
    settle,
)
from toadlane.democracy.counting.policies.wording import explained
from toadlane.kernel import canonical
from toadlane.society.bylaws.rules.documents import ORGANS, PROCEDURES, compose

SIMPLE = {"kind": "majority", "rank": 2, "threshold": "1/2"}
FIFTY_FIFTY = {"mode": "proportional", "weights": {"workers": "50", "clients": "50"}}


def procedure(**more) -> Procedure:
    return Procedure.thaw("trial", {**SIMPLE, **more})


def document(**procedures):
    return {
        "procedures": {**deepcopy(PROCEDURES), **procedures}, "organs": {**ORGANS, "tech": {"who": "circle:tech"}},
        "rules": {
            "gov.simple.quorum": {"type": "rate", "value": "0.20"}, "gov.special.quorum": {"type": "rate", "value": "1/3"},
            "gov.heads": {"type": "int", "value": 12}, "gov.word": {"type": "text", "value": "many"},
            "votes.colleges": {"type": "weights", "value": {"workers": "0.6", "users": "0.4"}},
        },
    }  # fmt: skip


def test_every_procedure_of_the_bylaws_reads():
    composed = compose(values={}, currency="EUR")
    for name in composed["procedures"]:
        assert Procedure.read(name, composed).name == name
    simple, special = (Procedure.read(name, composed) for name in ("simple", "special"))
    assert (simple.majority.threshold, simple.majority.op) == (Fraction(1, 2), "gt")
    assert [quorum.fraction for quorum in simple.majority.quorums] == [Fraction(1, 5)]
    assert (special.majority.threshold, special.majority.op) == (Fraction(2, 3), "ge")
    assert Procedure.read("coordinators", composed).roll.who == "office:coordinator"
    assert Procedure.read("never", composed).kind == "never"


def test_a_rule_sets_the_quorum_as_a_share_or_a_number():
    heads = Procedure.read("heads", document(heads={**SIMPLE, "quorum_rule": "gov.heads"}))
    assert judge(heads, Tally(for_=12), Roll()).passed and judge(heads, Tally(for_=11), Roll()).why == "quorum"
    for name in ("gov.word", "gov.nothing", 7):
        with pytest.raises(BadProcedure) as error:
            Procedure.read("bad", document(bad={**SIMPLE, "quorum_rule": name}))
        assert error.value.field == "bad.quorum_rule"


def test_a_ballot_keeps_its_procedure_whatever_becomes_of_the_rules():
    bylaws = document(mixed={**SIMPLE, "quorum_rule": "gov.simple.quorum", "roll": "tech",
                             "chambers": {"mode": "proportional", "weights_rule": "votes.colleges"}})  # fmt: skip
    before = Procedure.read("mixed", bylaws)
    stored = json.loads(json.dumps(before.frozen))
    bylaws["rules"]["gov.simple.quorum"]["value"] = "0.99"
    bylaws["organs"]["tech"]["who"] = "office:board"
    after = Procedure.thaw("mixed", stored)
    assert after == before and after.roll.who == "circle:tech" and after.chambers
    assert after.chambers.weights == {"workers": Fraction(3, 5), "users": Fraction(2, 5)}


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"kind": "plebiscite"}, "kind"),
        ({"rank": 10}, "rank"),
        ({"rank": "2"}, "rank"),
        ({"roll": "everybody"}, "roll"),
        ({"roll": {"who": "members", "statuses": ["former"]}}, "roll.statuses"),
        ({"roll": {"who": "members", "statuses": ["friend"]}}, "roll.statuses"),
        ({"roll": {"class": "workers"}}, "roll.class"),
        ({"roll": "members", "circle": "tech"}, "circle"),
        ({"propose": ["strangers"]}, "propose"),
        ({"propose": []}, "propose"),
        ({"support": {"fraction": "1/10", "of": "votes"}}, "support"),
        ({"min_days": -1}, "min_days"),
        ({"min_days": True}, "min_days"),
        ({"secrecy": "hidden"}, "secrecy"),
        ({"secrecy": "secret", "replaceable": True}, "replaceable"),
        ({"secrecy": "secret", "results": "live"}, "results"),
        ({"secrecy": "secret", "delegation": {}}, "delegation"),
        ({"early_close": True, "replaceable": True}, "early_close"),
        ({"early_close": "yes"}, "early_close"),
        ({"delegation": {"cap": 0}}, "delegation.cap"),
        ({"tie": "duel"}, "tie"),
        ({"second_call": {"threshold": "1/3"}}, "second_call"),
        ({"chambers": {"mode": "proportional"}}, "chambers.weights"),
        ({"chambers": {"mode": "proportional", "weights": {}}}, "chambers.weights"),
        ({"chambers": {"mode": "proportional", "weights": {"workers": "-1", "users": "2"}}}, "chambers.weights.workers"),
        ({"chambers": {"mode": "double_majority", "each": {"workers": {"threshold": "1/2"}}}}, "chambers.each"),
        ({"chambers": {**FIFTY_FIFTY, "of": "cast"}}, "chambers.of"),
        ({"chambers": {**FIFTY_FIFTY, "empty": "forget"}}, "chambers.empty"),
        ({"chambers": FIFTY_FIFTY, "of": "eligible"}, "of"),
        ({"chambers": FIFTY_FIFTY, "precedence": ["owners"]}, "precedence"),
        ({"precedence": ["workers"]}, "precedence"),
        ({"hours": 72}, "hours"),
        ({"method": "schulze"}, "method"),
        ({"names": {"en": 7}}, "names"),
        ({"qorum": "1/2"}, "qorum"),
        ({"threshold": None}, "threshold"),
    ],
)
def test_what_a_procedure_cannot_say_is_refused_by_name(table, key):
    with pytest.raises(BadProcedure) as error:
        procedure(**table)
    assert error.value.field.rstrip(".") == f"trial.{key}" and error.value.status == 422


def test_a_procedure_that_is_not_there_or_no_table_is_refused():
    for bylaws, name in ((document(), "nothing"), (document(odd="majority"), "odd")):
        with pytest.raises(BadProcedure) as error:
            Procedure.read(name, bylaws)
        assert error.value.field == name


def test_a_way_out_leads_to_another_procedure():
    lazy = {"kind": "lazy", "rank": 1, "hours": 72, "fallback": "simple"}
    assert Procedure.read("quick", document(quick=lazy)).fallback == "simple"
    for fallback in ("quick", "nowhere"):
        with pytest.raises(BadProcedure):
            Procedure.read("quick", document(quick={**lazy, "fallback": fallback}))


def test_every_kind_reads_what_is_its_own():
    read = {
        "consent": Procedure.thaw("c", {"kind": "consent", "rank": 1, "circle": "tech", "quorum": {"number": 3}, "rounds": 4}),
        "lazy": Procedure.thaw("l", {"kind": "lazy", "rank": 1, "hours": 168}),
        "advice": Procedure.thaw("a", {"kind": "advice", "rank": 1, "answer_days": 5}),
        "selection": Procedure.thaw("s", {"kind": "selection", "rank": 1, "quorum": "1/2"}),
        "election": Procedure.thaw("e", {"kind": "election", "rank": 2, "method": "scottish-stv", "seats": 9, "quorum": "1/5"}),
        "sortition": Procedure.thaw("j", {"kind": "sortition", "rank": 2, "seats": 7}),
    }
    assert read["consent"].roll.who == "circle:tech" and read["consent"].results == "live"
    assert read["lazy"].escalations == 2 and read["election"].seats == 9
    for name in ("consent", "lazy", "advice", "selection", "sortition"):
        with pytest.raises(NotByVotes):
            judge(read[name], Tally(for_=9), Roll(eligible=9))


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"method": "coin"}, "method"),
        ({"method": 7}, "method"),
        ({"method": "irv", "seats": 2}, "seats"),
        ({"method": "scottish-stv", "seats": 0}, "seats"),
        ({"method": "irv", "params": {"skip": 1}}, "params.skip"),
        ({"method": "irv", "params": {"max_skipped": -1}}, "params.max_skipped"),
        ({"method": "scottish-stv", "params": {"seats": 3}}, "params.seats"),
        ({"method": "irv", "params": "all"}, "params"),
        ({"method": "irv", "threshold": "1/2"}, "threshold"),
        ({"method": "irv", "tie": "status_quo"}, "tie"),
    ],
)
def test_what_an_election_cannot_say_is_refused_by_name(table, key):
    with pytest.raises(BadProcedure) as error:
        Procedure.thaw("e", {"kind": "election", "rank": 2, **table})
    assert error.value.field == f"e.{key}"


def test_an_election_keeps_the_settings_of_its_method():
    election = Procedure.thaw(
        "e", {"kind": "election", "rank": 2, "method": "irv", "params": {"max_skipped": None, "batch": True}}
    )
    assert election.params == {"max_skipped": None, "batch": True} and election.seats == 1


def test_an_election_needs_its_quorum_and_the_method_says_the_rest():
    election = Procedure.thaw("e", {"kind": "election", "rank": 2, "method": "irv", "quorum": "1/5"})
    assert judge(election, Tally(abstain=20), Roll(eligible=100)).passed
    assert judge(election, Tally(abstain=19), Roll(eligible=100)).why == "quorum"
    assert not judge(Procedure.thaw("e", {"kind": "election", "rank": 2, "method": "irv"}), Tally(), Roll()).passed


def test_secret_votes_are_not_replaceable_and_small_rolls_hide_little():
    secret = procedure(secrecy="secret")
    assert secret.is_secret and not secret.replaceable and procedure().replaceable
    assert secret.hides_little(4) and not secret.hides_little(5) and not procedure().hides_little(1)


def test_there_is_notice_and_time_to_talk_unless_somebody_says_otherwise():
    usual, quick = procedure(min_days=14), procedure(min_days=2, notice_days=0, discussion_days=1)
    assert (usual.discussion_days, usual.notice_days) == (7, 3)
    assert (quick.discussion_days, quick.notice_days) == (1, 0)


def test_a_second_call_needs_fewer_and_keeps_everything_else():
    """Regulation 1435/2003, art. 61(4): at the second call no quorum is needed, and still two thirds."""
    first = procedure(threshold="2/3", op="ge", quorum="1/2", second_call={"after_days": 7})
    votes, roll = Tally(for_=40, against=5, abstain=5), Roll(eligible=101, present=50)
    assert first.second_call_days == 7 and judge(first, votes, roll).why == "quorum"
    second = first.at_second_call()
    assert judge(second, votes, roll).passed and judge(second, Tally(for_=2, against=2), roll).why == "threshold"
    assert Procedure.thaw("trial", second.frozen) == second and second.at_second_call() is second
    spain = procedure(quorum="1/2", second_call={"quorum": {"fraction": "1/10", "number": 100}}).at_second_call()
    assert judge(spain, Tally(for_=100), Roll(eligible=5000)).passed
    assert judge(spain, Tally(for_=99), Roll(eligible=5000)).why == "quorum"


def two_workers_and_98_clients(**more) -> Outcome:
    votes = Tally(colleges={"workers": Tally(for_=2), "clients": Tally(against=98)})
    return judge(procedure(chambers=FIFTY_FIFTY, **more), votes, Roll(eligible=100))


def test_two_workers_against_98_clients_are_a_tie_and_the_tie_rule_decides():
    stays = two_workers_and_98_clients()
    assert (stays.passed, stays.why, stays.share) == (False, "tie", Fraction(1, 2))
    assert explained(stays)[-1] == "As many are for it as against it: everything stays as it is."
    for rule in ("chair", "lot", "runoff"):
        open_ = two_workers_and_98_clients(tie=rule)
        assert (open_.passed, open_.awaits) == (None, rule)
        for passed in (True, False):
            closed = settle(open_, passed=passed)
            assert (closed.passed, closed.settled_by, closed.awaits) == (passed, rule, "") and closed.is_tie
    with pytest.raises(NotByVotes):
        settle(stays, passed=True)


def test_a_tie_without_chambers_is_one_too_and_a_near_miss_is_none():
    chair = procedure(tie="chair")
    assert judge(chair, Tally(for_=5, against=5), Roll()).awaits == "chair"
    assert judge(chair, Tally(for_=5, against=6), Roll()).why == "threshold"
    assert judge(chair, Tally(abstain=4), Roll()).why == "threshold"
    assert judge(procedure(tie="chair", op="ge"), Tally(for_=5, against=5), Roll()).passed
    assert judge(procedure(tie="chair", quorum={"number": 11}), Tally(for_=5, against=5), Roll()).why == "quorum"


def test_quorum_and_blocks_are_a_matter_of_members_and_come_before_the_colleges():
    votes = Tally(colleges={"workers": Tally(for_=2), "clients": Tally(for_=10)})
    assert judge(procedure(chambers=FIFTY_FIFTY, quorum="1/2"), votes, Roll(eligible=25)).why == "quorum"
    assert judge(procedure(chambers=FIFTY_FIFTY, quorum="1/2"), votes, Roll(eligible=24)).passed
    blocked = Tally(colleges={"workers": Tally(for_=2, block=1), "clients": Tally(for_=10)})
    assert judge(procedure(chambers=FIFTY_FIFTY, block={}), blocked, Roll(eligible=24)).why == "blocked"


def test_a_silent_college_leaves_its_part_to_the_others_or_fails_the_vote():
    votes = Tally(colleges={"workers": Tally(for_=2), "clients": Tally(abstain=3)})
    assert judge(procedure(chambers=FIFTY_FIFTY), votes, Roll()).passed
    outcome = judge(procedure(chambers={**FIFTY_FIFTY, "empty": "fail"}), votes, Roll())
    assert (outcome.passed, outcome.why, outcome.empty) == (False, "empty_chamber", ("clients",))
    assert "clients: nobody voted for or against." in explained(outcome)


def test_chambers_that_agree_do_not_replace_a_quorum_of_the_whole():
    each = {"workers": {"threshold": "1/2"}, "clients": {"threshold": "1/2"}}
    both = procedure(threshold=None, quorum={"number": 4}, chambers={"mode": "double_majority", "each": each})
    votes = Tally(colleges={"workers": Tally(for_=2), "clients": Tally(for_=1)})
    assert judge(both, votes, Roll()).why == "quorum"
    more = Tally(colleges={"workers": Tally(for_=2), "clients": Tally(for_=1, abstain=1)})
    assert judge(both, more, Roll()).passed


def test_an_early_close_needs_a_settled_outcome_and_votes_that_stand():
    roll = Roll(eligible=100)
    assert early(procedure(early_close=True), Tally(for_=51), roll)
    assert not early(procedure(early_close=True), Tally(for_=50), roll)
    assert not early(procedure(), Tally(for_=100), roll), "who did not ask for it does not get it"
    with pytest.raises(FactMissing):
        early(procedure(early_close=True), Tally(for_=51), Roll())


def test_a_college_that_has_not_voted_yet_keeps_the_vote_open():
    closing = procedure(early_close=True, chambers=FIFTY_FIFTY)
    rolls = Roll(eligible=100, colleges={"workers": Roll(eligible=2), "clients": Roll(eligible=98)})
    assert not early(closing, Tally(colleges={"workers": Tally(for_=2)}), rolls)
    assert not early(closing, Tally(), rolls)
    assert early(closing, Tally(colleges={"workers": Tally(for_=2), "clients": Tally(for_=1, against=97)}), rolls)
    each = {"workers": {"threshold": "1/2"}, "clients": {"threshold": "1/2"}}
    both = procedure(early_close=True, threshold=None, chambers={"mode": "double_majority", "each": each})
    assert early(both, Tally(colleges={"workers": Tally(against=2)}), rolls), "without the workers nothing passes"
    assert not early(both, Tally(colleges={"workers": Tally(for_=2)}), rolls)


def test_an_outcome_is_shown_hashed_and_counted_again():
    rule = procedure(chambers=FIFTY_FIFTY, tie="chair", quorum="1/3", block={"override": "9/10"})
    votes = Tally(colleges={"workers": Tally(for_=1, against=2), "clients": Tally(for_=30, against=3, abstain=4)})
    outcome = judge(rule, votes, Roll(eligible=90, everyone=95))
    stored = json.loads(canonical.text(outcome.as_json()))
    again = recount(Procedure.thaw("trial", json.loads(json.dumps(rule.frozen))), stored)
    assert again.as_json() == stored and again.digest == outcome.digest == canonical.digest(stored)
    moved = recount(rule, {**stored, "tally": {**stored["tally"], "colleges": {"workers": {"for": 3}}}})
    assert moved.digest != outcome.digest
    chair = settle(two_workers_and_98_clients(tie="chair"), passed=True)
    assert recount(procedure(chambers=FIFTY_FIFTY, tie="chair"), chair.as_json()).as_json() == chair.as_json()


def test_an_outcome_says_in_words_how_it_came_about():
    rule = procedure(threshold="3/4", op="ge", of="present", quorum="1/5", block={"override": "19/20"})
    words = explained(judge(rule, Tally(for_=22, abstain=5, against=1, block=1), Roll(eligible=111)))
    assert words == [
        "29 took part; at least 23 had to.",
        "1 blocked it; that stops it unless 95% are in favor.",
        "22 of 29 who took part are in favor (75.9%).",
        "At least three quarters was needed.",
    ]
    each = {"workers": {"threshold": "2/3", "op": "ge", "quorum": {"number": 2}}, "users": {"threshold": "1/2"}}
    double = procedure(threshold=None, chambers={"mode": "double_majority", "each": each})
    votes = Tally(colleges={"workers": Tally(for_=1, against=1), "users": Tally(for_=3)})
    outcome = judge(double, votes, Roll(eligible=9, colleges={"workers": Roll(eligible=4), "users": Roll(eligible=5)}))
    assert (outcome.passed, outcome.why) == (False, "chamber")
    assert explained(outcome, {"workers": "Workers", "users": "Users"}) == [
        "Workers: 1 for, 1 against. They do not agree.", "Workers: 2 took part; at least 2 had to.",
        "Users: 3 for, 0 against. They agree.",
    ]  # fmt: skip
    opposed = judge(procedure(threshold=None, max_opposed=1), Tally(for_=4, against=2), Roll())
    assert explained(opposed) == ["2 are opposed; at most 1 may be."]
