"""A document that names a row of another co-op is answered as if it named nothing: no deed, no hint that there is one."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.bodies import DOCUMENT, smallest
from tests.browser.conftest import Server, signed_in
from tests.browser.test_charlie import ask, operations

# What a document names a row by. Whole numbers of other names count something.
NAMES_A_ROW = re.compile(
    r"(_ids?|advance|chosen|demand|entry|giver|heir|holder|invitation|item|listing|meeting|member|membership|order|person"
    r"|proposal|quotes|reply_to|source|target|to|worker|ballot)$"
)
NOBODYS = {"integer": 987_654_321, "string": "00000000-0000-7000-8000-00000000abcd"}
# Rooms whose rows documents name: those of people and of what they trade, write and decide.
ROOMS = ("members", "catalog", "orders", "booking", "work", "reviews", "proposals", "ballots", "meetings", "circles", "shares")


def references(schema: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where a document may name rows, and as what kind of thing."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    for inner in (one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ())):
        yield from references(inner, place)
    for name, inner in schema.get("properties", {}).items():
        yield from references(inner, (*place, name))
    if "items" in schema:
        yield from references(schema["items"], place)
    kind = "string" if schema.get("format") == "uuid" else schema.get("type")
    if kind in NOBODYS and (kind == "integer" or schema.get("format") == "uuid") and place and NAMES_A_ROW.search(place[-1]):
        yield place, kind


def naming(path: str, method: str, body: dict[str, Any], place: tuple[str, ...], key: Any) -> dict[str, Any]:
    """Return the least document that names a row at a place."""
    [name] = place
    schema = DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    known = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]["properties"][name]
    return body | {name: [key] if known.get("type") == "array" else key}


@pytest.fixture(scope="module")
def charlie(server: Server) -> Iterator[httpx.Client]:
    client = signed_in(server, server.login_of("board", server.town["coops"][1]["slug"]))
    yield client
    client.close()


def test_a_document_reaches_no_row_of_another_coop(server: Server, charlie: httpx.Client):
    ours, theirs = server.town["coops"][0]["slug"], server.town["coops"][1]["slug"]
    own, ids = set(server.town["all_ids"][theirs]), server.town["ids"]
    foreign = sorted({key for room in ROOMS for key in ids[ours].get(room, ()) if key not in own and key.isdigit()}, key=int)[-6:]
    reached, asked = [], 0
    for room, method, path, body in operations():
        if body is None or not isinstance(body, dict):
            continue
        schema = DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
        address = re.sub(r"{\w+}", lambda _: (ids[theirs].get(room) or ["1"])[-1], path.replace("{coop}", theirs))  # noqa: B023
        for place, kind in set(references(schema)):
            if len(place) != 1:
                continue
            say = lambda key: ask(charlie, method, address, naming(path, method, smallest(schema), place, key))  # noqa: B023, E731
            nobodys = say(NOBODYS[kind])
            for key in [int(one) for one in foreign] if kind == "integer" else []:
                answer, asked = say(key), asked + 1
                if answer.status_code < 400 or answer.status_code >= 500 or answer.text != nobodys.text:
                    reached.append(f"{method} {path} {place[0]}={key}: {answer.status_code} {answer.text[:200]}")
    assert asked > 100 and not reached, "\n".join(reached)
