"""The order process as data: what is read, what is refused, and when its timers ring."""

import copy
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toadlane.blueprints import installer
from toadlane.trade.orders.policies import process, timers
from toadlane.trade.orders.policies.faults import BadProcess

STOCK = {path.stem: tomllib.loads(path.read_text()) for path in Path(installer.LIBRARY).glob("*/processes/*.toml")}
PLACED = datetime(2027, 3, 1, 9, tzinfo=UTC)


def two_steps(**more):
    document = {
        "name": "short", "initial": "open", "ends": ["closed"],
        "transitions": [{"name": "close", "from": "open", "to": "closed", "actor": "customer"}],
    }  # fmt: skip
    document["transitions"][0] |= more
    return document


@pytest.mark.parametrize("name", ["visit", "booking", "purchase", "inquiry"])
def test_the_stock_processes_are_sound(name):
    assert process.read(STOCK[name]).name == name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"actor": "landlord"}, "nobody is called landlord"),
        ({"actions": ["run_python"]}, "there is no action run_python"),
        ({"actions": ["notify:spam"]}, "there is no letter spam"),
        ({"after": "placed+6w", "actor": "system"}, "is not a timer"),
        ({"after": "moon+6d", "actor": "system"}, "cannot count from"),
        ({"after": "placed+whim_days", "actor": "system"}, "no rule sets"),
        ({"after": "placed+6d"}, "the system is one of its actors"),
        ({"after": "end+6d", "actor": "system"}, "these orders have no time"),
        ({"to": "limbo"}, "no transition knows the end closed"),
        ({"when": "always"}, "a transition has no when"),
        ({"actions": ["authorise"]}, "may leave money authorised"),
        ({"actions": ["release"]}, "may release money that is none"),
        ({"actions": ["authorise", "capture", "release", "release"]}, "twice"),
    ],
)
def test_what_cannot_be_run_is_refused_when_it_is_read(change, told):
    process.read(two_steps())
    with pytest.raises(BadProcess, match=told):
        process.read(two_steps(**change))


def test_a_state_that_nothing_reaches_is_refused():
    document = two_steps()
    document["transitions"].append({"name": "wake", "from": "asleep", "to": "closed", "actor": "customer"})
    with pytest.raises(BadProcess, match="nothing leads to asleep"):
        process.read(document)


def test_what_happens_at_once_cannot_go_round():
    document = two_steps()
    document["transitions"] += [
        {"name": "turn", "from": "open", "to": "round", "actor": "customer"},
        {"name": "there", "from": "round", "to": "about", "actor": "system", "at_once": True},
        {"name": "back", "from": "about", "to": "round", "actor": "system", "at_once": True},
        {"name": "stop", "from": "about", "to": "closed", "actor": "customer"},
    ]
    with pytest.raises(BadProcess, match="circle"):
        process.read(document)


@pytest.mark.parametrize(("start", "rings"), [(timedelta(days=3), 4), (timedelta(days=20), 6), (timedelta(hours=2), 0.5)])
def test_a_booking_request_expires_at_the_first_of_three(start, rings):
    anchors = {
        "placed": PLACED,
        "start": PLACED + start,
        "end": PLACED + start + (timedelta(hours=10) if rings == 0.5 else timedelta(days=2)),
    }
    due = process.read(STOCK["booking"]).due("requested", anchors, {})
    assert due == (PLACED + timedelta(days=rings), "expire")


def test_a_payment_is_confirmed_within_fifteen_minutes():
    for name in ("visit", "booking", "purchase"):
        at, what = process.read(STOCK[name]).due("unpaid", {"placed": PLACED, "start": PLACED, "end": PLACED}, {})
        assert (at, what) == (PLACED + timedelta(minutes=15), "lapse")


def test_a_timer_takes_its_length_from_a_rule():
    at, what = process.read(STOCK["visit"]).due("done", {"done": PLACED}, {"confirm_hours": timedelta(hours=24)})
    assert (at, what) == (PLACED + timedelta(days=1), "confirm")


@given(st.lists(st.integers(0, 500), min_size=1, max_size=5), st.booleans())
def test_min_and_max_choose_the_earliest_and_the_latest(hours, earliest):
    text = ("min" if earliest else "max") + "(" + ", ".join(f"placed + {h}h" for h in hours) + ")"
    chosen = min(hours) if earliest else max(hours)
    assert timers.parse(text).at({"placed": PLACED}, {}) == PLACED + timedelta(hours=chosen)


@given(st.sampled_from(sorted(STOCK)), st.data())
@settings(max_examples=150)
def test_whoever_moves_an_order_on_it_never_strands_money(name, data):
    """Walk at random; whatever is chosen, what the money does is what it can do, and at an end nothing is left held."""
    stock = process.read(STOCK[name])
    state, money = stock.initial, "none"
    for _ in range(40):
        choices = stock.leaving(state)
        if not choices:
            break
        step = data.draw(st.sampled_from(choices))
        for deed in step.deeds:
            if deed in process.MONEY:
                money = process.MONEY[deed][money]
        state = step.to
    if state in stock.ends:
        assert money in process.MONEY_MAY_END


@given(st.sampled_from(sorted(STOCK)), st.data())
@settings(max_examples=150)
def test_a_process_with_a_step_taken_away_is_refused_or_still_sound(name, data):
    document = copy.deepcopy(STOCK[name])
    document["transitions"].pop(data.draw(st.integers(0, len(document["transitions"]) - 1)))
    try:
        left = process.read(document)
    except BadProcess:
        return
    assert not list(process.faults(left))
    assert all(left.leaving(state) for state in left.states - left.ends)
