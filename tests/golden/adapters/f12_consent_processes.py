from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.golden.adapters import Case, Fails, outcome
from toadlane.democracy.counting.policies import consent, selection
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event

ABOUT_SOMEBODY = {"not_paramount", "second_not_paramount"}


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("consent", ()):
        yield Case(case["id"], outcome(lambda case=case: rounds(case).state), expected(case))
    for case in document.get("lazy_consensus", ()):
        yield Case(case["id"], outcome(lambda case=case: silence(case).state), expected(case))
    for case in document.get("advice_process", ()):
        facts = {key: case[key] for key in ("affected", "experts", "asked", "answered", "deadline_passed")}
        yield Case(case["id"], consent.advice(**facts).state, case["expect"])
    for case in document.get("selection", ()):
        found = election(case)
        yield Case(case["id"], {key: found[key] for key in case["expect"]}, case["expect"])


def expected(case: dict[str, Any]) -> Any:
    return Fails(case["rejected"]) if case["expect"] == "rejected_event" else case["expect"]


def events(case: dict[str, Any]) -> list[Event]:
    found = []
    for who, act, *rest in case["events"]:
        said = str(rest[0]) if rest else ""
        found.append(Event(who, act, about=said) if act in ABOUT_SOMEBODY else Event(who, act, text=said))
    return found


def rounds(case: dict[str, Any]) -> consent.Consent:
    return consent.consent(case["members"], events(case), quorum=case["quorum"], closed=case.get("closed", False))


def silence(case: dict[str, Any]) -> consent.Lazy:
    opened, now = (datetime.fromisoformat(case[key]) for key in ("opened", "now"))
    return consent.lazy(events(case), opened=opened, hours=case["hours"], now=now, members=case.get("members"))


def election(case: dict[str, Any]) -> dict[str, Any]:
    """Name, change, propose whom most named, and ask everybody; the vectors list objections and consents apart."""
    members = list(case["nominations"])
    candidates = {*members, *case["nominations"].values(), *case["changes"].values()}
    told = [Event(who, "nominate", about=name) for who, name in case["nominations"].items()]
    told += [Event(who, "change", about=name) for who, name in case["changes"].items()]
    before = selection.selection(members, told, candidates=candidates)
    if before.leading is None:
        return {"tally": before.tally, "proposed": None, "selected": None}
    told.append(Event(FACILITATOR, "propose", about=before.leading))
    told += [Event(who, "object", text=reason) for who, reason in case["objections"]]
    told += [Event(who, "consent") for who in case["consents"]]
    after = selection.selection(members, told, candidates=candidates)
    return {"tally": after.tally, "proposed": after.proposed, "selected": after.selected}
