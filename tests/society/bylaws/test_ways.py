"""Ways of deciding are bylaws too: a vote stricter than the way itself rewrites it, and nothing weaker ever does."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toadlane.blueprints import installer
from toadlane.society.bylaws.rules import countable, lawful, packs, patches, reading, replaying, ways
from toadlane.society.bylaws.rules.decisions import weakest
from toadlane.society.bylaws.rules.patches import Conflict, NotAllowed, Op, Patch

ON = date(2027, 3, 1)
SIMPLE, CONSENT = "procedures.simple", {"kind": "consent", "roll": "members", "min_days": 5, "rank": 2}


def founded(law="none"):
    return installer.document_of("home_services", packs.load(law), currency="EUR", values={}, guards={})


def rewritten(document, name="simple", **terms):
    return Op(f"procedures.{name}", document["procedures"].get(name), {**document["procedures"].get(name, {}), **terms})


def faults(document, op, by):
    return patches.faults(document, Patch(1, (op,)), passed_by=by, passed_on=ON)


@pytest.mark.parametrize(
    ("name", "by", "allowed"),
    [
        ("coordinators", "coordinators", False), ("coordinators", "simple", True),
        ("simple", "coordinators", False), ("simple", "simple", False), ("simple", "special", True),
        ("special", "special", False), ("special", "overwhelming", True),
        ("overwhelming", "special", False), ("overwhelming", "overwhelming", True),
    ],
)  # fmt: skip
def test_it_takes_one_rank_above_the_way_and_the_strictest_rewrites_itself(name, by, allowed):
    document = founded()
    op = rewritten(document, name, min_days=document["procedures"][name]["min_days"] + 1)
    assert faults(document, op, by) == ([] if allowed else ["wrong_procedure"])
    if allowed:
        assert patches.apply(document, Patch(1, (op,)))["procedures"][name] == op.set
        assert patches.procedure_for(document, Patch(1, (op,))) == by


def test_weakening_a_way_to_pass_something_else_with_it_takes_the_strict_vote_for_both():
    document = founded()
    both = Patch(
        1, (rewritten(document, threshold="1/10"), Op("fees.commission", document["rules"]["fees.commission"]["value"], "0.01"))
    )
    assert patches.procedure_for(document, both) == "special"
    # A rule cannot be moved to a way that the same change adds: it is not there to be judged by.
    added = Op("procedures.quick", None, {**CONSENT})
    moved = Op("fees.commission", document["rules"]["fees.commission"]["value"], procedure="quick")
    assert "unknown_procedure" in patches.faults(document, Patch(1, (added, moved)), passed_by="overwhelming", passed_on=ON)


@pytest.mark.parametrize(
    ("name", "table", "code"),
    [
        ("quick", {**CONSENT}, None), ("quick", {**CONSENT, "rank": 5}, "unknown_rank"),
        ("quick", {**CONSENT, "rank": 0}, "unknown_rank"),
        ("quick", {**CONSENT, "rank": True}, "wrong_type"), ("quick", {**CONSENT, "kind": "never"}, "wrong_type"),
        ("quick", {"rank": 2}, "wrong_type"), ("quick", [], "wrong_type"), ("quick", None, "wrong_type"),
        ("quick", "x", "wrong_type"),
        ("quick", {**CONSENT, "kind": ["majority"]}, "wrong_type"), ("quick", {**CONSENT, "min_days": 1.5}, "wrong_type"),
        ("quick", {**CONSENT, "names": {"en": "x" * 4000}}, "wrong_type"),
        ("quick", {**CONSENT, "kind": "majority", "threshold": "1", "op": "gt"}, "wrong_type"),
        ("quick", {**CONSENT, "kind": "majority", "threshold": "1", "op": "ge"}, None),
        ("quick", {**CONSENT, "kind": "majority", "threshold": "1/0"}, "wrong_type"),
        ("Quick", {**CONSENT}, "wrong_name"), ("", {**CONSENT}, "wrong_name"), ("q.r", {**CONSENT}, "wrong_name"),
        ("simple", {**CONSENT}, "conflict"), ("never", {**CONSENT, "rank": 9}, "entrenched"),
    ],
)  # fmt: skip
def test_what_may_be_added(name, table, code):
    document, op = founded(), Op(f"procedures.{name}", None, table)
    found = faults(document, op, "overwhelming")
    assert (code in found) if code else found == [], found
    if code and code != "unknown_rank":
        with pytest.raises((NotAllowed, Conflict)):
            patches.apply(document, Patch(1, (op,)))


def test_a_rank_stays_and_nothing_stands_beside_the_table():
    document = founded()
    assert faults(document, rewritten(document, rank=3), "overwhelming") == ["rank_moves"]
    known = document["procedures"]["simple"]
    beside = [Op(SIMPLE, known, {**known}, procedure="special"), Op(SIMPLE, known, {**known}, text={"en": "x"}),
              Op(SIMPLE, known, {**known}, adopt={"tier": "policy"})]  # fmt: skip
    for op in beside:
        assert "way_alone" in faults(document, op, "overwhelming")
        with pytest.raises(NotAllowed):
            patches.apply(document, Patch(1, (op,)))
    assert "empty" in faults(document, Op(SIMPLE, known), "overwhelming")
    assert "conflict" in faults(document, Op(SIMPLE, {**known, "min_days": 99}, {**known, "min_days": 9}), "overwhelming")
    assert ways.is_same({"a": 1}, {"a": 1}) and not ways.is_same({"a": 1}, {"a": True})


def test_no_rule_could_pass_sooner_by_it_than_it_may_change():
    document = founded()
    ranks = {name: one["rank"] for name, one in document["procedures"].items()}
    delays = [(ranks[rule["procedure"]], int(rule["delay_days"])) for rule in document["rules"].values()]
    longest = {most: max([days for rank, days in delays if rank <= most] or [0]) for most in (1, 2, 3, 4)}
    for name in ("coordinators", "simple", "special", "overwhelming"):
        patch = Patch(1, (rewritten(document, name, min_days=40),))
        assert patches.delay_days(document, patch) == longest[document["procedures"][name]["rank"]]
    added = Patch(1, (Op("procedures.quick", None, {**CONSENT}),))
    assert patches.delay_days(document, added) == longest[2]


class _Book:
    def __init__(self, document):
        self.document = document


def test_a_way_that_is_added_does_not_decide_what_no_rule_guards():
    document = founded()
    for name, table in (("aardvark", CONSENT), ("aaa", {**document["procedures"]["simple"], "threshold": "1/10"})):
        document = patches.apply(document, Patch(1, (Op(f"procedures.{name}", None, {**table}),)))
    assert weakest(_Book(document), 2) == "simple" and weakest(_Book(document), 3) == "special"
    # Nor does it take over where the guard of a rule is too weak for a change.
    weaker = Op("members.notice_days", document["rules"]["members.notice_days"]["value"], procedure="coordinators")
    assert patches.procedure_for(document, Patch(1, (weaker,))) in {"simple", "special", "overwhelming"}


@pytest.mark.parametrize(("law", "enough", "short"), [("de-eg", "3/4", "2/3"), ("es-27-1999", "2/3", "3/5")])
def test_the_law_of_the_form_holds_for_ways_too(law, enough, short):
    document = founded(law)
    of = "present" if law.startswith("es") else "cast"
    way = {"kind": "majority", "roll": "members", "op": "ge", "of": of, "min_days": 14, "rank": 3}
    added = [Op("procedures.other", None, {**way, "threshold": share}) for share in (enough, short)]
    assert [faults(document, one, "overwhelming") for one in added] == [[], ["below_legal_floor"]]
    # A way is bylaws to the law: even a mild one is rewritten by what the law asks for.
    mild = Patch(1, (rewritten(document, "coordinators", min_days=9),))
    assert lawful.changes_the_bylaws(document, mild) and lawful.passing(document, mild) == "special"


def test_a_history_with_ways_in_it_replays():
    document = founded()
    patch = Patch(1, (Op("procedures.quick", None, {**CONSENT}), rewritten(document, min_days=10)))
    after = patches.apply(document, patch)
    first, second = replaying.Version(1, document, []), replaying.Version(2, after, ["procedures.quick", SIMPLE])
    decided = replaying.Decided("2027-1", True, patch.written(), "special", ON)
    assert list(replaying.faults(first, second, decided)) == []
    by_too_little = replaying.Decided("2027-1", True, patch.written(), "simple", ON)
    assert "wrong_procedure" in " ".join(replaying.faults(first, second, by_too_little))
    forged = deepcopy(after)
    forged["procedures"]["special"]["threshold"] = "1/10"
    assert "is not version 1 with the patch" in " ".join(
        replaying.faults(first, replaying.Version(2, forged, second.changed), decided)
    )


TERMS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["majority", "consent", "lazy", "never", "sortition", 3, None]), "rank": st.integers(-1, 10),
        "threshold": st.sampled_from(["0", "1/2", "1", "2", "x", "1/0", 1, None]), "op": st.sampled_from(["gt", "ge", "no"]),
        "hours": st.integers(0, 9), "min_days": st.integers(-1, 40),
        "quorum_rule": st.sampled_from(["gov.simple.quorum", "no.rule"]),
    },
)  # fmt: skip


@given(
    st.sampled_from(["simple", "special", "quick", "never", "x" * 50, ""]),
    TERMS,
    st.sampled_from(["coordinators", "simple", "special", "overwhelming"]),
)
def test_whatever_is_asked_nothing_weaker_rewrites_and_no_rule_gets_locked(name, table, by):
    document = founded()
    op = Op(f"procedures.{name}", document["procedures"].get(name), table)
    if faults(document, op, by):
        return
    rank = document["procedures"][by]["rank"]
    assert rank > table["rank"] or by == "overwhelming"
    after = patches.apply(document, Patch(1, (op,)))
    assert after["rules"] == document["rules"] and after["procedures"]["never"] == document["procedures"]["never"]
    assert {one for one in after["procedures"] if after["procedures"][one] != document["procedures"].get(one)} <= {name}
    assert countable.broken(document, after) or ways.unreachable(after) == []


def test_it_reads_in_words_and_rows():
    document = founded()
    reads = {name: reading.sentence(ways.entry(document, f"procedures.{name}")) for name in ways.names(document)}
    assert reads["simple"].startswith("More than half of the votes.") and "objects" in reads["coordinators"]
    groups = {"kind": "majority", "rank": 2, "threshold": "1/2",
              "chambers": {"mode": "proportional", "weights": {"a": "1/2", "b": "1/2"}},
              "roll": {"who": "members", "classes": ["worker"], "min_months": 3, "arrears_block": True}, "secrecy": "secret",
              "delegation": {"cap": 3}, "support": {"fraction": "1/10"}, "early_close": True}  # fmt: skip
    rows = {line.label: line.text for line in reading.lines({**ways.entry(document, SIMPLE), "value": groups}, "en")}
    assert rows["Groups"].endswith("a 1/2, b 1/2") and rows["How people vote"] == "Nobody can find out who voted what"
    assert rows["Who decides"] == "All members (only of these classes: worker) (members for 3 months) (who owe the co-op nothing)"
    assert rows["Votes one member may carry for others"] == "3" and rows["Support that opens it"] == "10%"
    assert rows["As strict as"] == "An ordinary vote" and rows["Ends when the rest can change nothing"] == "Yes"
