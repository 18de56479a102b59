"""Members change how they decide: filled in on pages, voted by a stricter way, in force by itself, and then decided by."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.test_adopting import carried
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Draft, Proposal, Stage
from toadlane.democracy.proposals.queries import decisions, procedures, shown, verification
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import reading

CONSENT = {"kind": "consent", "roll": "members", "min_days": 5, "rank": 2}
NEW, SIMPLE = "/c/sparkle/proposals/new/way/", "/c/sparkle/proposals/change/procedures.simple/"
TERMS = {"title": "Consent of all", "as_strict_as": "simple", "kind": "consent", "roll": "members", "min_days": "5",
         "discussion_days": "7", "notice_days": "3"}  # fmt: skip


def way(name="consent_of_all", expect=None, **terms):
    table = {**CONSENT, "names": {"en": "Consent of all"}, **terms}
    return {"kind": "patch", "payload": {"base": bylaws.book().number, "ops": [
        {"rule": f"procedures.{name}", "expect": expect, "set": table}]}}  # fmt: skip


def test_a_new_way_is_filled_in_and_brought_forward(inside, alice, worker):
    client = browser(alice)
    with outside():
        asked = client.get(NEW).content.decode()
        told = client.post(NEW, TERMS | {"kind": "majority", "threshold": "two"})
        done = client.post(NEW, TERMS)
    assert "What people call it" in asked and "As strict as" in asked
    assert (
        told.status_code == 422 and "such as 2/3 or 60 %" in told.content.decode() and "Consent of all" in told.content.decode()
    )
    draft = Draft.objects.get()
    op = draft.parts[0]["payload"]["ops"][0]
    assert (op["rule"], op["expect"]) == ("procedures.consent_of_all", None)
    assert op["set"] == {"kind": "consent", "roll": "members", "discussion_days": 7, "notice_days": 3, "min_days": 5, "rank": 2,
                         "names": {"en": "Consent of all"}}  # fmt: skip
    with outside():
        assert client.get(done["Location"]).status_code == 200
        assert client.get(f"/c/sparkle/proposals/drafts/{draft.pk}/0/guard/").status_code == 404
        client.post(f"/c/sparkle/proposals/drafts/{draft.pk}/why/", {"title": "Decide by consent"})
        review = client.get(f"/c/sparkle/proposals/drafts/{draft.pk}/review/").content.decode()
        client.post(f"/c/sparkle/proposals/drafts/{draft.pk}/review/", {"procedure": "special"})
        page = client.get("/c/sparkle/proposals/1/").content.decode()
    assert "It is decided when nobody objects" in review and "A vote on important rules" in review
    assert "do not have yet" in page and "As strict as" in page and Proposal.objects.get().procedure == "special"


def test_what_is_filled_in_again_without_a_change_is_no_change(inside, alice):
    client = browser(alice)
    with outside():
        asked = client.get(SIMPLE)
    form = asked.context["form"]
    same = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    with outside():
        told = client.post(SIMPLE, same)
        done = client.post(SIMPLE, same | {"min_days": "10", "secrecy": "secret", "quorum": "30 %", "tie": "lot"})
    assert told.status_code == 422 and "Nothing would change" in told.content.decode()
    assert done.status_code == 302
    op = Draft.objects.get().parts[0]["payload"]["ops"][0]
    before = bylaws.book().document["procedures"]["simple"]
    rest = {key: value for key, value in before.items() if key != "quorum_rule"}
    assert op["expect"] == before and op["set"] == {**rest, "min_days": 10, "secrecy": "secret", "quorum": "0.3", "tie": "lot"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"kind": "lazy"}, "it is missing"), ({"kind": "majority", "threshold": "3/2"}, "between 0 and 1"),
        ({"kind": "majority", "threshold": "1/2", "secrecy": "secret", "delegation": "3"}, "does not reach secret"),
        ({"kind": "majority", "threshold": "100 %", "op": "gt"}, ""), ({"kind": "consent", "roll": "moon"}, ""),
        ({"kind": "majority", "threshold": "1/2", "min_days": "-1"}, ""),
    ],
)  # fmt: skip
def test_what_could_not_be_followed_is_told_and_nothing_is_lost(inside, alice, answers, words):
    with outside():
        told = browser(alice).post(NEW, TERMS | answers)
    page = told.content.decode()
    assert told.status_code == 422 and words in page.replace("&#x27;", "'").lower() and "Consent of all" in page
    assert not Draft.objects.exists()


def test_groups_with_a_part_each_are_filled_in(inside, alice):
    with outside():
        form = browser(alice).get(NEW).context["form"]
    parts = [name for name in form.fields if name.startswith("part_")]
    answers = TERMS | {"kind": "majority", "threshold": "1/2", "op": "gt", "of": "cast", "chambers": "proportional"}
    with outside():
        bad = browser(alice).post(NEW, answers)
        done = browser(alice).post(NEW, answers | dict.fromkeys(parts, "1/2"))
    assert len(parts) > 1 and bad.status_code == 422 and done.status_code == 302
    chambers = Draft.objects.get().parts[0]["payload"]["ops"][0]["set"]["chambers"]
    assert chambers == {"mode": "proportional", "weights": {name.removeprefix("part_"): "0.5" for name in parts}}


def test_it_takes_effect_by_itself_and_what_is_decided_by_it_follows_it(inside, alice, worker, at, charlie, client):
    proposal = services.propose(title="Decide by consent", contents=[way()], by=worker, at=at)
    assert proposal.procedure == "special"
    decision = carried(proposal, worker, at)
    book = bylaws.book()
    assert procedures.named("consent_of_all", book).kind == "consent"
    told = book.decided("procedures.consent_of_all")
    assert (told.decision, told.version, book.decided("procedures.simple").decision) == (decision.name, 2, "founding")
    guarded = {"rule": "members.notice_days", "expect": 30, "procedure": "consent_of_all"}
    moved = {"kind": "patch", "payload": {"base": 2, "ops": [guarded]}}
    carried(services.propose(title="Guard it so", contents=[moved], by=worker, at=decision.decided_at), worker, at)
    assert procedures.procedure_for([{"kind": "patch", "payload": {"base": 3, "ops": [
        {"rule": "members.notice_days", "expect": 30, "set": 60}]}}], bylaws.book()) == "consent_of_all"  # fmt: skip
    # The vote that no rule names stays what it was.
    assert procedures.procedure_for([{"kind": "resolution", "payload": {"text": "x"}}], bylaws.book()) == "simple"
    assert not decisions.chain().faults and not bylaws.changes_are_declared().faults and not verification.rules().faults
    with outside():
        page = client.get("/c/sparkle/rules/procedures.consent_of_all/").content.decode()
        whole = client.get("/c/sparkle/rules/").content.decode()
        compared = client.get("/c/sparkle/rules/versions/compare/?from=1&to=2").content.decode()
        asked = client.get("/api/v1/coops/sparkle/rules/procedures.consent_of_all").json()
        assert client.get("/c/sparkle/rules/procedures.nothing/").status_code == 404
        assert client.get("/c/sparkle/rules/procedures.never/").status_code == 404
        assert browser(charlie).get(NEW).status_code == browser(charlie).post(NEW, TERMS).status_code == 404
    assert (
        "Consent of all" in page
        and f"/decisions/{decision.name}/" in page
        and "Consent of all" in whole
        and "Consent of all" in compared
    )
    assert asked["decided"]["decision"] == decision.name and asked["value"]["kind"] == "consent"


def test_a_way_that_has_moved_goes_back_and_can_be_written_again(inside, worker, at):
    before = bylaws.book().document["procedures"]["simple"]
    first = services.propose(
        title="Longer", contents=[way("simple", before, **{**before, "min_days": 9, "names": {}})], by=worker, at=at
    )
    second = services.propose(
        title="Longest", contents=[way("simple", before, **{**before, "min_days": 12, "names": {}})], by=worker, at=at
    )
    carried(first, worker, at)
    run_jobs()
    second.refresh_from_db()
    assert second.stage == Stage.DISCUSSION and second.stuck_because
    mended = services.rebase(proposal=second, by=worker, at=second.talk_until)
    assert mended.contents[0]["payload"]["ops"][0]["expect"] == bylaws.book().document["procedures"]["simple"]


def test_whoever_runs_the_database_cannot_rewrite_a_way_unseen(inside, at):
    assert not bylaws.changes_are_declared().faults and not verification.rules().faults
    last = BylawsVersion.objects.get()
    forged = {**last.document, "procedures": {**last.document["procedures"], "simple": {**CONSENT}}}
    rules._append(document=forged, changed=[], decision="2027-9", at=at, previous=last)
    assert bylaws.changes_are_declared().faults == ["version 2: procedures.simple changed without a decision"]
    assert verification.rules().faults and bylaws.first_broken_link() is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 10**12)
    | st.text(max_size=8)
    | st.sampled_from(["1/2", "2/3", "members", "majority"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [key for key, _label in reading.ROWS] + ["kind", "rank", "threshold", "op", "of", "quorum", "block", "names", "x"]
)
KINDS = st.sampled_from(["majority", "consent", "lazy", "advice", "selection", "election", "sortition", "never", "odd"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=5), KINDS, st.sampled_from(["simple", "new_one", "", "ö"]), st.booleans())
def test_whatever_is_written_is_refused_in_words_or_can_be_read(inside, at, table, kind, name, fits):
    known = bylaws.book().document["procedures"].get(name)
    written = {**({"rank": 2, "kind": kind} if fits else {}), **table}
    part = {"kind": "patch", "payload": {"base": 1, "ops": [{"rule": f"procedures.{name}", "expect": known, "set": written}]}}
    parts, found = procedures.readable([part])
    found = found or procedures.faults(parts, bylaws.book(), at)
    assert all(one.words and one.code for one in found)
    if not found:
        assert shown.parts(parts) and procedures.describe(parts, "en") and procedures.procedure_for(parts, bylaws.book())
