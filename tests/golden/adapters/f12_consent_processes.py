from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.golden.adapters import Case, Fails, asked_for, in_the_words_of, tried
from toadlane.democracy.counting.policies import consent, selection
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event

ABOUT_SOMEBODY = {"not_paramount", "second_not_paramount"}


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("consent"), lambda case: rounds(case).state, expected)
    yield from tried(document.get("lazy_consensus"), lambda case: in_the_words_of(case, silence(case).state), expected)
    yield from tried(document.get("advice_process"), lambda case: in_the_words_of(case, advised(case).state), expected)
    yield from tried(document.get("selection"), lambda case: asked_for(election(case), case))


def expected(case: dict[str, Any]) -> Any:
    return Fails(case["rejected"]) if case["expect"] == "rejected_event" else case["expect"]


def advised(case: dict[str, Any]) -> consent.Advice:
    people = {key: case.get(key) or () for key in ("affected", "experts", "asked", "answered")}
    return consent.advice(**people, deadline_passed=case.get("deadline_passed", False))


def events(case: dict[str, Any]) -> list[Event]:
    found = []
    for who, act, *rest in case.get("events", ()):
        said = str(rest[0]) if rest else ""
        found.append(Event(who, act, about=said) if act in ABOUT_SOMEBODY else Event(who, act, text=said))
    return found


def rounds(case: dict[str, Any]) -> consent.Consent:
    return consent.consent(case["members"], events(case), quorum=case.get("quorum", 1), closed=case.get("closed", False))


def silence(case: dict[str, Any]) -> consent.Lazy:
    opened, now = (datetime.fromisoformat(case[key]) for key in ("opened", "now"))
    return consent.lazy(events(case), opened=opened, hours=case["hours"], now=now, members=case.get("members"))


def election(case: dict[str, Any]) -> dict[str, Any]:
    """Name, change, propose whom most named, and ask everybody; the vectors list objections and consents apart."""
    members, changes = list(case["nominations"]), case.get("changes") or {}
    candidates = {*members, *case["nominations"].values(), *changes.values()}
    told = [Event(who, "nominate", about=name) for who, name in case["nominations"].items()]
    told += [Event(who, "change", about=name) for who, name in changes.items()]
    before = selection.selection(members, told, candidates=candidates)
    if before.leading is None:
        return {"tally": before.tally, "proposed": None, "selected": None}
    told.append(Event(FACILITATOR, "propose", about=before.leading))
    told += [Event(who, "object", text=reason) for who, reason in case.get("objections") or ()]
    told += [Event(who, "consent") for who in case.get("consents") or ()]
    after = selection.selection(members, told, candidates=candidates)
    return {"tally": after.tally, "proposed": after.proposed, "selected": after.selected}
