"""A cursor is ours, and anybody may write another: what we did not give out is said to be so, and breaks nothing."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.conftest import browser
from toadlane.config.api import api
from toadlane.plumbing.access import paging
from toadlane.society.members.models import Membership


def written(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


DAY, NAIVE, HALF = "2027-03-01T09:00:00+00:00", "2027-03-01T09:00:00", "\ud800"
ONE = [written([value]) for value in ("abc", None, True, 1.5, 1e400, 10**30, -(10**30), "\x00", HALF, [1], {}, "")]
TWO = [written(pair) for pair in ([DAY, "zz"], ["x", 1], [NAIVE, 1], [1, 1], [DAY, None], [DAY, 10**30], ["\x00", 1], [HALF, 1])]
THREE = [written([1, 2, 3])]
STRANGE = ["x", "é", "====", "W", written(1), written({}), written([]), "[" * 9000, *ONE, *TWO, *THREE]
PAGED = sorted(
    path
    for path, operations in api.get_openapi_schema()["paths"].items()
    if any(parameter["name"] == "cursor" for parameter in operations.get("get", {}).get("parameters", ()))
)


def test_a_page_address_that_we_did_not_give_out_is_refused(inside, bob):
    client, pk = browser(bob), Membership.objects.get(person=bob).pk
    assert len(PAGED) > 15
    for path in PAGED:
        address = re.sub(r"\{\w+\}", str(pk), path.replace("{coop}", "sparkle"))
        for cursor in STRANGE:
            answer = client.get(address, {"cursor": cursor, "limit": 10**9})
            assert answer.status_code in (200, 400, 404, 422), (path, cursor[:40], answer.content)
            assert answer.status_code != 200 or cursor in ONE + TWO + THREE, (path, cursor)


def test_pages_follow_each_other_while_rows_are_added(inside, at):
    rows, seen, cursor = Membership.objects.all(), [], None
    for _turn in range(rows.count()):
        page = paging.page(rows, cursor=cursor, limit=1, order=("joined_on", "pk"))
        seen += page.items
        if (cursor := page.next) is None:
            break
    assert seen == list(rows.order_by("joined_on", "pk")) and cursor is None
    assert len(paging.page(rows, limit=0).items) == 1, "at least one, and at most a hundred"
    with pytest.raises(paging.BadCursor):
        paging.page(rows, cursor=written(["soon", 1]), order=("joined_on", "pk"))


@dataclass(frozen=True)
class Sum:
    holder: str
    on: datetime
    minor: int


def test_what_was_worked_out_in_memory_is_paged_by_key_as_well(at):
    """It goes on after the last one seen, also where that one is gone and others have come before it."""
    sums = [Sum(name, at + timedelta(minutes=minute), 5) for name, minute in (("b", 2), ("a", 2), ("c", 1), ("d", 3))]
    first = paging.page(sums, limit=2, order=("-on", "holder"))
    assert [one.holder for one in first.items] == ["d", "a"]
    changed = [one for one in sums if one.holder != "a"] + [Sum("e", at + timedelta(minutes=9), 5)]
    then = paging.page(changed, limit=2, cursor=first.next, order=("-on", "holder"))
    assert [one.holder for one in then.items] == ["b", "c"] and then.next is None
    for strange in ([DAY], [1, "a"], [None, "a"], [[1], "a"], "x"):
        with pytest.raises(paging.BadCursor):
            paging.page(sums, cursor=written(strange), order=("-on", "holder"))
