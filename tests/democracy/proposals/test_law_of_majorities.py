"""The law asks for more votes to change the bylaws than a document that is older than it says: the law holds."""

from copy import deepcopy

import pytest

from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.queries import procedures
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules import lawful
from toadlane.society.bylaws.rules.patches import NotAllowed, Op, Patch

QUORUM = change("gov.simple.quorum", "0.20", base=2, set="0.25")  # Bylaws to the law: it is a constitutional rule.
FEE = change(base=2, set="0.06")
TWO_THIRDS = {"kind": "majority", "roll": "members", "rank": 3, "threshold": "2/3", "op": "ge", "of": "cast"}


@pytest.fixture
def old(inside, at):
    """Have the co-op be one of a legal form, with the ways of deciding of a time when its pack asked for nothing."""

    def make(pack, **guards):
        last = bylaws.version(bylaws.book().number)
        document = deepcopy(last.document) | {"pack": pack}
        document["procedures"]["special"] |= {"threshold": "1/2", "op": "gt", "of": "cast"}
        for rule, guard in guards.items():
            document["rules"][rule.replace("__", ".")]["procedure"] = guard
        rules._append(document=document, changed=[], decision="2026-9", at=at, previous=last)

    return make


@pytest.mark.parametrize(
    ("pack", "threshold", "of"), [("es-27-1999@1", "2/3", "present"), ("de-eg@1", "3/4", "cast"), ("none@1", "1/2", "cast")]
)
def test_an_old_way_of_deciding_takes_what_the_law_asks_for(old, pack, threshold, of):
    old(pack)
    way = procedures.named("special")
    assert (way.frozen["threshold"], way.frozen["of"]) == (threshold, of)
    assert procedures.named("simple").frozen["threshold"] == "1/2", "an ordinary vote stays one"


def test_a_rule_of_the_bylaws_that_an_ordinary_vote_guards_is_put_to_the_vote_of_the_law(old):
    old("es-27-1999@1", gov__simple__quorum="simple", fees__commission="simple")
    book = bylaws.book()
    assert procedures.procedure_for([QUORUM], book) == "special"
    assert procedures.procedure_for([FEE], book) == "simple", "a policy is no bylaws to the law"


def test_where_no_way_of_deciding_is_enough_nothing_can_be_decided(old):
    old("es-27-1999@1")
    document = deepcopy(dict(bylaws.book().document))
    document["procedures"] = {name: one for name, one in document["procedures"].items() if one["rank"] < 3} | {
        "special": {"kind": "consent", "roll": "members", "rank": 3}
    }
    with pytest.raises(NotAllowed, match="Ley 27/1999"):
        lawful.passing(document, Patch(2, (Op("gov.simple.quorum", "0.20", set="0.25"),)))


def votes(yes, no, abstained=0, **terms):
    return {"figures": {"eligible": 99, "for": yes, "against": no, "abstain": abstained}, "terms": TWO_THIRDS | terms}


@pytest.mark.parametrize(
    ("pack", "contents", "outcome", "state"),
    [
        ("de-eg@1", QUORUM, votes(74, 26), "failed"),  # Two thirds of the votes: GenG asks for three quarters.
        ("de-eg@1", QUORUM, votes(75, 25), "enacted"),  # The terms asked for less, and the votes were enough.
        ("de-eg@1", QUORUM, votes(75, 25, 50), "enacted"),
        ("es-27-1999@1", QUORUM, votes(66, 20, 14), "failed"),  # Two thirds of those there, not of the votes.
        ("es-27-1999@1", QUORUM, votes(67, 20, 13), "enacted"),
        ("es-27-1999@1", QUORUM, votes(51, 49, of="present"), "enacted"),  # Counted so, it would not have passed.
        ("de-eg@1", FEE, votes(51, 49), "enacted"),  # A policy: the law asks for nothing.
        ("none@1", QUORUM, votes(51, 49), "enacted"),
    ],
)
def test_what_passed_below_the_law_never_takes_effect(old, idea, decided, job, worker, pack, contents, outcome, state):
    old(pack)
    decision = decided(idea(contents), **outcome)
    services.enact_due(by=job, at=decision.enactment.due_at)
    decision.enactment.refresh_from_db()
    assert decision.enactment.state == state
    assert bylaws.book().number == (3 if state == "enacted" else 2)
    if state == "failed":
        assert decision.enactment.error_code == "below_the_law"
        assert "asks for more votes" in decision.enactment.error
        assert services.repair(decision=decision, by=worker, at=decision.enactment.due_at).stage == "discussion"


def test_votes_of_colleges_are_judged_by_their_terms(old):
    old("de-eg@1")
    patch, document = Patch.read(QUORUM["payload"]), bylaws.book().document
    chambers = {"mode": "weighted", "weights": {"a": "1"}}
    figures = votes(99, 1)["figures"]
    assert lawful.falls_short(document, patch, terms=TWO_THIRDS | {"chambers": chambers}, figures=figures)
    enough = TWO_THIRDS | {"chambers": chambers, "threshold": "3/4"}
    assert lawful.falls_short(document, patch, terms=enough, figures=figures) is None


def test_the_page_of_a_rule_says_what_the_law_makes_of_it(old):
    old("de-eg@1")
    article = next(
        one for _heading, rows in bylaws.articles(bylaws.book(), "en") for one in rows if one.id == "gov.simple.quorum"
    )
    assert "three quarters" in article.guard
