"""What holds of the rules whatever the members decide, one decision after another: the eight invariants.

Sequences of patches are drawn at random, good ones and bad: values out of bounds and of the wrong type, guards made weaker
and stricter, expectations that no longer hold, rules that nobody may touch, procedures too weak for what they pass. Some
co-ops were founded before the software knew some rules, and adopt them on the way, rightly and wrongly.
"""

import ast
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toadlane.blueprints import installer
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.bylaws import queries, services
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import find, packs, patches, undecided, ways
from toadlane.society.bylaws.rules.documents import out_of_bounds
from toadlane.society.bylaws.rules.patches import Op, Patch

TOADLANE = Path(queries.__file__).parents[3]
DAY = date(2027, 3, 1)
LAWS = ("none", "es-27-1999", "fr-scic")


def founded(law):
    return installer.document_of("home_services", packs.load(law), currency="EUR", values={}, guards={})


FOUNDED = {}


def document(law):
    """Return the founding document under a law; made once, and never changed by anything here."""
    if law not in FOUNDED:
        FOUNDED[law] = canonical.text(founded(law))
    return json.loads(FOUNDED[law])


values = st.one_of(
    st.sampled_from(["0", "0.05", "0.06", "0.10", "0.20", "0.5", "1", "2", "1/3", "-0.1", "x", True, False, None, [], {}]),
    st.integers(-5, 3000),
)


def lacking(current, ids):
    """Return the document of a co-op that was founded before the software knew some rules."""
    return {**current, "rules": {rule: entry for rule, entry in current["rules"].items() if rule not in ids}}


@st.composite
def adoption_of(draw, current, rule):
    """Draw an adoption: mostly as the rule is declared, sometimes with a value, a guard or a frame that may not be."""
    op = undecided.adoption(current, rule)
    if draw(st.integers(0, 4)) == 0:
        op["set"] = draw(values)
    if draw(st.integers(0, 4)) == 0:
        op["procedure"] = draw(st.sampled_from([*sorted(current["procedures"]), "no_such"]))
    if draw(st.integers(0, 5)) == 0:
        op["adopt"] = {**op["adopt"], **draw(st.sampled_from([{"tier": "operational"}, {"delay_days": 0}, {"maximum": 9999}]))}
    if draw(st.integers(0, 9)) == 0:
        op.pop(draw(st.sampled_from(["set", "procedure", "text"])))
    return Op.read(op)


CONSENT = {"kind": "consent", "roll": "members", "min_days": 5, "rank": 2}
TERMS = st.fixed_dictionaries(
    {},
    optional={
        "min_days": st.integers(0, 40), "threshold": st.sampled_from(["1/3", "1/2", "2/3", "1"]), "rank": st.integers(1, 5),
        "op": st.sampled_from(["gt", "ge"]), "kind": st.sampled_from(["majority", "consent", "never", "sortition"]),
    },
)  # fmt: skip


@st.composite
def way_of(draw, current):
    """Draw a change of a way of deciding, or a new one; rank and kind move now and then, which they may not always."""
    name = draw(st.sampled_from([*sorted(current["procedures"]), "quick", "quick"]))
    says = current["procedures"].get(name)
    return Op(ways.id_of(name), draw(st.sampled_from([says, says, says, {"rank": 1}])), {**(says or CONSENT), **draw(TERMS)})


@st.composite
def patch_of(draw, current, version):
    """Draw a patch on a document: mostly with what the rule says now as its expectation, sometimes not."""
    rules = draw(st.lists(st.sampled_from(sorted(current["rules"])), min_size=1, max_size=3))
    ops = []
    if new := sorted(undecided.undecided(current)):
        adopted = draw(st.lists(st.sampled_from(new), max_size=2))
        ops = [draw(adoption_of(current, rule)) for rule in adopted]
        rules = rules if not ops or draw(st.booleans()) else []
    for rule in rules:
        says = current["rules"][rule]["value"]
        expect = draw(st.sampled_from([says, says, says, "0.99"]))
        more = {}
        if draw(st.integers(0, 3)):
            more["set"] = draw(st.one_of(values, st.just(says)))
        if draw(st.integers(0, 2)) == 0:
            more["procedure"] = draw(st.sampled_from([*sorted(current["procedures"]), "no_such"]))
        if draw(st.integers(0, 5)) == 0:
            more["effective"] = DAY + timedelta(days=draw(st.integers(-3, 60)))
        ops.append(Op(rule, expect, **more))
    if draw(st.integers(0, 3)) == 0:
        ops = [*ops[: draw(st.integers(0, len(ops)))], draw(way_of(current))]
    return Patch(draw(st.integers(1, version)), tuple(ops))


@st.composite
def histories(draw, most=6):
    """Draw a law, and one patch after another with the procedure that passed it; return every document on the way."""
    law = draw(st.sampled_from(LAWS))
    current, steps = document(law), []
    if draw(st.booleans()):
        current = lacking(current, draw(st.lists(st.sampled_from(sorted(current["rules"])), max_size=8)))
    for _n in range(draw(st.integers(1, most))):
        # Every procedure, and the strictest more often: most changes would be refused for the weakness of the vote alone.
        names = sorted(current["procedures"], key=lambda name: (current["procedures"][name]["rank"], name))
        able = [name for name in names if current["procedures"][name]["kind"] != "never"]
        patch, passed_by = draw(patch_of(current, len(steps) + 1)), draw(st.sampled_from([*names, *able[-1:] * len(names)]))
        verdict = judged(current, patch, passed_by, len(steps) + 1)
        after = applied(current, patch) if verdict == "scheduled" else None
        steps.append((current, patch, passed_by, verdict, after))
        current = after or current
    return law, steps


def judged(current, patch, passed_by, version):
    try:
        return patches.judge(current, patch, version=version, passed_by=passed_by, passed_on=DAY).state
    except KeyError:
        return "rejected"


def applied(current, patch):
    """Return what enactment would make of it, or None where it refuses: the words disagree, or a rule would be locked in."""
    try:
        after = patches.apply(current, patch)
    except Expected:
        return None
    return None if ways.unreachable(after) else after


def rank(current, procedure):
    return current["procedures"][procedure]["rank"]


many = settings(max_examples=150, deadline=None)


@many
@given(histories())
def test_1_every_rule_that_can_be_changed_has_somebody_who_can_change_it(history):
    _law, steps = history
    for before, *_more, after in steps:
        for one in filter(None, (before, after)):
            assert ways.unreachable(one) == []
            for rule in one["rules"].values():
                procedure = one["procedures"][rule["procedure"]]
                assert rule["tier"] == "entrenched" or (procedure["kind"] != "never" and procedure.get("roll", "members"))


def guard_of(before, op):
    """Return what a change has to pass: the rule's guard, or what its tier asks for at a founding where it is adopted."""
    return before["rules"][op.rule]["procedure"] if op.adopt is None else undecided.passes(before, find(op.rule).tier)


@many
@given(histories())
def test_2_no_patch_lowers_the_guard_that_it_has_to_pass(history):
    _law, steps = history
    for before, patch, passed_by, verdict, after in steps:
        if verdict != "scheduled" or after is None:
            continue
        for op in patch.ops:
            if ways.is_way(op.rule):
                least = min(op.set["rank"] + 1, rank(before, "overwhelming"))
                assert rank(before, passed_by) >= least, "one above the way itself, as far as there is one"
                continue
            own = rank(before, guard_of(before, op))
            if op.adopt is not None and before["procedures"][op.procedure]["kind"] == "never":
                continue  # What is entrenched is adopted by the strictest vote there is, and no vote changes it again.
            assert rank(before, passed_by) >= own, "by the guard as it stood before, not as the patch would have it"
            if op.procedure and rank(before, op.procedure) < own:
                assert rank(before, passed_by) > own, "weakening takes the rank above"
            if op.procedure:
                assert rank(before, passed_by) >= rank(before, op.procedure), "a stricter guard is passed at its own strictness"


@many
@given(histories())
def test_3_the_history_replays_from_the_founding_byte_for_byte(history):
    law, steps = history
    current = steps[0][0]
    for _before, patch, _passed_by, verdict, after in steps:
        if verdict == "scheduled" and after is not None:
            current = patches.apply(current, Patch.read(json.loads(canonical.text(patch.written()))))
            assert canonical.text(current) == canonical.text(after)
    assert canonical.text(document(law)) == FOUNDED[law], "and nothing on the way has touched the beginning"


@many
@given(histories())
def test_2_ways_of_deciding_move_only_where_a_patch_says_so_and_their_order_never(history):
    _law, steps = history
    for before, patch, _passed_by, _verdict, after in steps:
        named = {ways.name_of(op.rule) for op in patch.ops if ways.is_way(op.rule)}
        for name, one in before["procedures"].items() if after else ():
            now = after["procedures"][name]
            assert now["rank"] == one["rank"] and (now == one or name in named) and (one["kind"] != "never" or now == one)
        assert not after or set(after["procedures"]) - set(before["procedures"]) <= named


@many
@given(histories())
def test_4_no_value_ever_breaks_the_law(history):
    law, steps = history
    bounds = packs.load(law).bounds
    for *_more, after in steps:
        for rule, entry in (after or {"rules": {}})["rules"].items():
            assert not out_of_bounds({**entry, **bounds.get(rule, {})}), rule


@many
@given(histories())
def test_5_what_is_entrenched_never_moves(history):
    law, steps = history
    locked = {rule: entry for rule, entry in document(law)["rules"].items() if entry["tier"] == "entrenched"}
    assert locked
    for before, *_more, after in steps:
        for rule, entry in locked.items():
            if after and rule in before["rules"]:
                assert after["rules"][rule] == entry
            elif after:
                assert after["rules"].get(rule, entry) == entry, "adopted as it is declared, or not at all"


def test_6_nothing_but_enactment_and_the_founding_writes_rules():
    """Read from the source: no other file makes, changes or takes away a version, by its model or by its table."""
    writers = set()
    for path in TOADLANE.rglob("*.py"):
        source = path.read_text()
        if "migrations" in path.parts or ("BylawsVersion" not in source and "bylaws_bylawsversion" not in source):
            continue
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call):
                continue
            call = ast.unparse(node.func)
            makes = call == "BylawsVersion"
            writes = call.startswith("BylawsVersion.objects") and call.rsplit(".", 1)[-1] in (
                "create", "bulk_create", "update", "delete", "update_or_create", "get_or_create", "bulk_update",
            )  # fmt: skip
            if makes or writes:
                writers.add(path.relative_to(TOADLANE).as_posix())
        assert "bylaws_bylawsversion" not in source, f"{path} writes SQL at the rules"
    assert writers == {"society/bylaws/services.py"}


# ------------------------------------------------------------------------------------------------ with the database

ON_ROWS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# What an enactment itself writes: the version, that it came, and the word of it.
OWN = {"bylaws_bylawsversion", "bylaws_coming"}


def everything_else():
    """Return all rows of the co-op but those of the rules themselves: what members have earned, own, ordered and said."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if issubclass(model, CoopModel) and table not in OWN:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                found[table] = cursor.fetchall()
    return found


def enact_all(inside, steps, at):
    """Enact on rows whatever can be; return the documents that came of it, by version."""
    act, made = Principal.job(inside.pk, "enactment"), {1: canonical.text(queries.version(1).document)}
    for n, (patch, passed_by) in enumerate(steps):
        try:
            made_now = services.enact(patch=patch, decision=f"2027-{n}", passed_by=passed_by, by=act, at=at + timedelta(days=n))
        except (Expected, KeyError):
            continue
        made[made_now.number] = canonical.text(made_now.document)
    return made


def surely():
    """Return a patch that passes: the fee, from what it is."""
    return Patch(1, (Op("fees.commission", queries.version(1).document["rules"]["fees.commission"]["value"], set="0.0701"),))


@st.composite
def attempts(draw):
    """Draw patches on the founding document and what might have come of it, blindly: many conflict, as they do in life."""
    return draw(
        st.lists(
            st.tuples(patch_of(document("none"), 3), st.sampled_from(["simple", "special", "overwhelming", "coordinators"])),
            min_size=1, max_size=6,
        )
    )  # fmt: skip


@ON_ROWS
@given(steps=attempts())
def test_3_and_8_on_rows_versions_stay_what_they_were_when_something_began_under_them(inside, at, steps):
    from django.db import transaction

    with transaction.atomic():
        made = enact_all(inside, steps, at)
        assert queries.first_broken_link() is None and BylawsVersion.objects.count() == len(made)
        for number, text in made.items():
            # An order, a pay period and a ballot that began under a version read this for as long as they last.
            assert canonical.text(dict(queries.book(version=number).document)) == text
        assert queries.book().number == max(made)
        transaction.set_rollback(True)
    queries.forget_in_force()


@ON_ROWS
@given(data=st.data())
def test_1_to_8_hold_on_rows_where_rules_are_adopted(older, at, data):
    from django.db import transaction

    first = dict(queries.version(1).document)
    passing = st.sampled_from(["coordinators", "simple", "special", "overwhelming"])
    steps = data.draw(st.lists(st.tuples(patch_of(first, 1), passing), min_size=1, max_size=4))
    surely = Patch(1, (Op.read(undecided.adoption(first, "gov.support_share")),))
    others = everything_else()
    with transaction.atomic():
        made = enact_all(older, [(surely, "special"), *steps], at)
        assert BylawsVersion.objects.count() == len(made) > 1 and everything_else() == others
        assert [queries.chain_holds().faults, queries.changes_are_declared().faults, queries.within_the_law().faults] == [[]] * 3
        for number, text in made.items():
            assert canonical.text(dict(queries.book(version=number).document)) == text
            assert ways.unreachable(json.loads(text)) == []
        transaction.set_rollback(True)
    queries.forget_in_force()


@ON_ROWS
@given(steps=attempts())
def test_7_no_decision_on_rules_takes_anything_from_anybody(inside, at, steps):
    from django.db import transaction

    before = everything_else()
    with transaction.atomic():
        enact_all(inside, [(surely(), "overwhelming"), *steps], at)
        assert BylawsVersion.objects.count() > 1, "the first of them passes, whatever is drawn after it"
        assert everything_else() == before, "earned pay, declared refunds, shares and data are rows, and rows stay"
        transaction.set_rollback(True)
    queries.forget_in_force()


def test_the_histories_are_not_all_refusals():
    """A property over nothing holds of anything."""
    seen = {"scheduled": 0, "rejected": 0, "adopted": 0, "ways": 0}

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(histories())
    def count(history):
        for before, *_more, verdict, after in history[1]:
            seen[verdict] += 1
            seen["adopted"] += bool(after and set(after["rules"]) - set(before["rules"]))
            seen["ways"] += bool(after and after["procedures"] != before["procedures"])

    count()
    assert seen["scheduled"] > 20 and seen["rejected"] > 20 and seen["adopted"] > 5 and seen["ways"] > 3, seen


@pytest.mark.parametrize("law", LAWS)
def test_the_founding_document_itself_holds(law):
    assert ways.unreachable(document(law)) == []
