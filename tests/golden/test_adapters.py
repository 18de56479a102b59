"""Adapters try each case by itself: one that they cannot read fails, and the others are tried all the same."""

import importlib
from pathlib import Path

import pytest

from tests.golden.adapters import Fails, tried

READABLE = {"id": "A", "expect": 1, "value": 1}
STEMS = sorted(path.stem for path in (Path(__file__).parent / "vectors").glob("*.yaml"))


def test_one_case_that_cannot_be_read_does_not_hide_the_others():
    cases = [{"id": "B", "expect": 1}, READABLE, {"id": "C", "value": 1}, {"id": "D", "error": "no_value"}]
    found = {case.id: case for case in tried(cases, lambda case: case["value"])}
    assert list(found) == ["B", "A", "C", "D"]
    assert found["A"].actual == found["A"].expected == 1
    assert all(found[name].actual != found[name].expected for name in "BCD")
    assert found["D"].expected == Fails("no_value")


@pytest.mark.parametrize("stem", STEMS[1:])
def test_a_file_without_cases_comes_to_nothing(stem):
    adapter = importlib.import_module(f"tests.golden.adapters.f{stem}")
    fixtures = dict.fromkeys(getattr(adapter, "FIXTURES", ()))
    assert list(adapter.run({"golden": "nothing", "version": 1}, **fixtures)) == []
