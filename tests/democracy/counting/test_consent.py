"""Consent, lazy consensus, advice, and elections without candidates, told event by event."""

from datetime import UTC, datetime, timedelta

import pytest

from toadlane.democracy.counting.policies import consent as ways
from toadlane.democracy.counting.policies import selection as elections
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event, advice, consent, lazy
from toadlane.democracy.counting.policies.selection import selection

ABC = ["a", "b", "c"]
HARM = "breaks the pay floor"
OPENED = datetime(2026, 5, 1, 9, tzinfo=UTC)


def told(*acts):
    """Turn ("a", "object", "why") into events; what is about somebody names them third."""
    about = {"not_paramount", "second_not_paramount", "nominate", "change", "propose"}
    return [
        Event(who, act, **({"about": rest[0]} if act in about else {"text": rest[0]} if rest else {})) for who, act, *rest in acts
    ]


def test_one_waits_for_whoever_has_not_spoken():
    state = consent(ABC, told(("a", "consent")))
    assert (state.state, state.awaited, state.passed) == ("open", ("b", "c"), None)
    assert consent(ABC, told(("a", "consent")), closed=True).passed
    assert consent(ABC, told(("a", "consent"), ("b", "consent"), ("c", "consent"))).awaited == ()


def test_silence_is_not_consent():
    assert consent(ABC, [], closed=True).state == "failed_quorum"
    aside = told(("a", "stand_aside"), ("b", "stand_aside"), ("c", "stand_aside"))
    assert consent(ABC, aside, quorum=2).state == "failed_quorum", "nobody wants it"


def test_standing_aside_takes_part_and_does_not_stop_it():
    acts = told(("a", "consent"), ("b", "stand_aside", "not my field"))
    assert consent(ABC, acts, quorum=2, closed=True).state == "passed"
    assert consent(ABC, acts, quorum=3, closed=True).state == "failed_quorum"


def test_a_reasoned_objection_stops_it_until_it_is_taken_back():
    acts = told(("a", "consent"), ("b", "consent"), ("c", "object", HARM))
    state = consent(ABC, acts, quorum=1, closed=True)
    assert (state.state, state.objections) == ("objection_pending", {"c": HARM})
    assert consent(ABC, [*acts, *told(("c", "consent"))]).state == "passed"
    assert consent(ABC, [*acts, *told(("c", "withdraw"))]).awaited == ("c",)
    assert consent(ABC, told(("a", "consent"), ("a", "block", HARM))).objections == {"a": HARM}, "a second thought counts"


def test_an_amendment_asks_everybody_anew():
    acts = told(("a", "consent"), ("b", "object", HARM), (FACILITATOR, "amend"))
    state = consent(ABC, acts)
    assert (state.state, state.round, state.awaited, state.objections) == ("open", 2, ("a", "b", "c"), {})
    with pytest.raises(ways.NotEligible):
        consent(ABC, told(("a", "amend")))
    assert consent(ABC, told(("a", "amend")), facilitators=["a"]).round == 2
    with pytest.raises(ways.RoundsOver):
        consent(ABC, told((FACILITATOR, "amend"), (FACILITATOR, "amend")), rounds=2)


def test_an_objection_is_set_aside_by_two_others_and_stays_in_the_record():
    acts = told(("a", "consent"), ("c", "consent"), ("b", "object", "I prefer blue"), (FACILITATOR, "not_paramount", "b"))
    moved = consent(ABC, acts)
    assert (moved.state, moved.moved) == ("objection_pending", {"b": FACILITATOR})
    over = consent(ABC, [*acts, *told(("c", "second_not_paramount", "b"))])
    assert (over.state, over.concerns, over.passed) == ("passed_with_concern", {"b": "I prefer blue"}, True)
    anew = consent(ABC, [*acts, *told(("c", "second_not_paramount", "b"), ("b", "object", HARM))])
    assert anew.state == "objection_pending", "another reason is another objection"


@pytest.mark.parametrize(
    ("acts", "error"),
    [
        ([("z", "consent")], ways.NotEligible),
        ([(FACILITATOR, "consent")], ways.NotEligible),
        ([("a", "object", "  ")], ways.ObjectionWithoutReason),
        ([("a", "not_paramount", "b")], ways.NoSuchObjection),
        ([("b", "object", HARM), ("b", "not_paramount", "b")], ways.OwnObjection),
        ([("b", "object", HARM), ("a", "second_not_paramount", "b")], ways.NotSeconded),
        ([("b", "object", HARM), ("a", "not_paramount", "b"), ("a", "second_not_paramount", "b")], ways.NotSeconded),
        ([("b", "object", HARM), ("a", "not_paramount", "b"), ("b", "second_not_paramount", "b")], ways.OwnObjection),
        # Taken back and made anew, it is another objection, and the motion against the first is spent.
        (
            [("b", "object", HARM), ("a", "not_paramount", "b"), ("b", "object", "and more"), ("c", "second_not_paramount", "b")],
            ways.NotSeconded,
        ),
        ([("a", "applaud")], ways.UnknownAct),
    ],
)
def test_what_cannot_be_is_refused(acts, error):
    with pytest.raises(error):
        consent(ABC, told(*acts))


def quiet(*acts, hours=0.0, **more):
    return lazy(told(*acts), opened=OPENED, hours=72, now=OPENED + timedelta(hours=hours), **more)


def test_lazy_consensus_passes_by_itself_at_its_hour():
    assert (quiet(hours=71.99).state, quiet(hours=72).state) == ("open", "passed")
    assert quiet().passed is None and quiet(hours=72).passed
    assert quiet().closes_at == OPENED + timedelta(hours=72)


def test_an_objection_stops_it_and_two_who_want_more_take_it_further():
    assert quiet(("a", "object", HARM), hours=100).state == "objection_pending"
    assert quiet(("a", "object", HARM), ("a", "withdraw"), hours=100).state == "passed"
    assert quiet(("a", "escalate"), ("a", "escalate"), hours=100).state == "passed", "one who asks twice is one"
    assert quiet(("a", "escalate"), ("b", "escalate")).state == "to_full_decision"
    assert quiet(("a", "escalate"), ("b", "escalate"), escalations=3).state == "open"


def test_only_members_speak_with_reasons_and_in_time():
    with pytest.raises(ways.NotEligible):
        quiet(("z", "object", HARM), members=ABC)
    with pytest.raises(ways.ObjectionWithoutReason):
        quiet(("a", "object", ""))
    with pytest.raises(ways.UnknownAct):
        quiet(("a", "consent"))
    late = Event("a", "object", HARM, at=OPENED + timedelta(hours=72))
    with pytest.raises(ways.TooLate):
        lazy([late], opened=OPENED, hours=72, now=OPENED + timedelta(hours=73))


def test_whoever_decides_alone_has_asked_first():
    def where(asked, answered=(), *, over=False, experts=("x", "y")):
        return advice(affected=["a", "b"], experts=experts, asked=asked, answered=answered, deadline_passed=over)

    assert where(["a"]).to_ask == ("b", ways.AN_EXPERT)
    assert where(["a", "b", "x"]).awaited == ("a", "b", "x")
    assert where(["a", "b", "x"], ["a"]).state == "wait"
    assert where(["a", "b", "x"], ["a", "b", "x"]).state == "may_decide", "one who knows is enough"
    assert where(["a", "b", "y"], over=True).state == "may_decide"
    assert where(["a", "b"], ["a", "b"], over=True, experts=()).state == "ask_first"


NAMED = [("a", "nominate", "c"), ("b", "nominate", "c"), ("c", "nominate", "b")]


def test_everybody_names_somebody_then_all_consent_the_nominee_last():
    state = selection(ABC, told(*NAMED[:2]))
    assert (state.state, state.awaited, state.leading) == ("nominating", ("c",), "c")
    state = selection(ABC, told(*NAMED, (FACILITATOR, "propose", "c")))
    assert (state.state, state.tally, state.awaited) == ("consenting", {"c": 2, "b": 1}, ("a", "b"))
    others = told(*NAMED, (FACILITATOR, "propose", "c"), ("a", "consent"), ("b", "consent"))
    assert (selection(ABC, others).selected, selection(ABC, others).awaited) == (None, ("c",))
    assert selection(ABC, [*others, *told(("c", "consent"))]).selected == "c"


def test_a_nominees_early_yes_stands_until_they_say_otherwise_or_another_is_proposed():
    early = told(*NAMED, (FACILITATOR, "propose", "c"), ("c", "consent"))
    assert (selection(ABC, early).selected, selection(ABC, early).awaited) == (None, ("a", "b")), "the others are asked first"
    both = [*early, *told(("a", "consent"), ("b", "consent"))]
    assert selection(ABC, both).selected == "c"
    objected = [*early, *told(("c", "object", "not before May"), ("a", "consent"), ("b", "consent"))]
    assert (selection(ABC, objected).state, selection(ABC, objected).selected) == ("objection_pending", None)
    assert selection(ABC, [*objected, *told(("c", "consent"))]).selected == "c", "and can come round"
    again = [*early, *told((FACILITATOR, "propose", "b"), (FACILITATOR, "propose", "c"), ("a", "consent"), ("b", "consent"))]
    assert selection(ABC, again).awaited == ("c",), "they said yes to a proposal that is over"
    assert selection(ABC, [*both[:-2], *told(("c", "decline"))]).proposed is None


def test_two_who_are_level_wait_for_the_change_round_or_the_facilitator():
    level = told(("a", "nominate", "b"), ("b", "nominate", "a"), ("c", "nominate", "c"))
    assert (selection(ABC, level).state, selection(ABC, level).leading) == ("changing", None)
    assert selection(ABC, [*level, *told(("c", "change", "a"))]).leading == "a"
    assert selection(ABC, [*level, *told((FACILITATOR, "propose", "c"))]).proposed == "c", "reasons weigh more than numbers"


def test_an_objection_or_a_no_from_the_nominee_leads_to_another_proposal():
    acts = told(*NAMED, (FACILITATOR, "propose", "c"), ("a", "object", "is away in May"))
    state = selection(ABC, acts)
    assert (state.state, state.objections, state.selected) == ("objection_pending", {"a": "is away in May"}, None)
    other = selection(ABC, [*acts, *told((FACILITATOR, "propose", "b"))])
    assert (other.state, other.proposed, other.objections) == ("consenting", "b", {})
    declined = selection(ABC, [*acts, *told(("c", "decline"))])
    assert (declined.state, declined.awaited, declined.tally) == ("nominating", ("a", "b"), {"b": 1})


@pytest.mark.parametrize(
    ("acts", "error"),
    [
        ([("z", "nominate", "a")], ways.NotEligible),
        ([("a", "nominate", "z")], ways.NotEligible),
        ([("a", "change", "b")], elections.NotNominated),
        ([("a", "consent")], elections.NotNominated),
        ([("a", "nominate", "b"), (FACILITATOR, "propose", "c")], elections.NotNominated),
        ([("a", "nominate", "b"), ("a", "propose", "b")], ways.NotEligible),
        ([("a", "nominate", "b"), (FACILITATOR, "propose", "b"), ("c", "nominate", "a")], ways.TooLate),
        ([("a", "nominate", "b"), (FACILITATOR, "propose", "b"), ("c", "object", "")], ways.ObjectionWithoutReason),
    ],
)
def test_what_cannot_be_in_an_election_is_refused(acts, error):
    with pytest.raises(error):
        selection(ABC, told(*acts))
