"""Charlie sits on the board of another co-op. Every address and every API operation, with keys that are not hers: 404,
whether the co-op is named by the address or by the host name.

What a stranger may see is named in `tests/golden/public.txt`, with both faces; a new line there is a decision.
`TOADLANE_REWRITE=1` writes the file anew.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver

from tests.bodies import smallest
from tests.browser.conftest import ROOT, Server, signed_in
from toadlane.config.api import api

PUBLIC = Path(__file__).parents[1] / "golden" / "public.txt"
HIDDEN = (401, 403, 404)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
HOLE = re.compile(r"{(\w+)}")
DOCUMENT = api.get_openapi_schema()
# Ways of putting keys into one address. The suite takes a few of each; an audit may take them all.
FEW = int(os.environ.get("TOADLANE_WAYS", "3"))
# What a room is called in the API, where that is not its own name.
ROOMS = {"calendar": "booking", "listings": "catalog", "complaints": "reviews", "reports": "reviews", "decisions": "proposals"}


def routes() -> Iterator[tuple[str, str, str]]:
    """Yield (room, name, route) of every page of a co-op."""

    def walk(resolver: URLResolver, room: str, before: str) -> Iterator[tuple[str, str, str]]:
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, pattern.namespace or room, route)
            elif "sign" not in route:  # Signing out would end the walk.
                yield room, pattern.name or "", route

    yield from walk(get_resolver("toadlane.config.urls_coop"), "", "")


def filled(route: str, keys: list[str], parameter: re.Pattern[str], most: int = FEW) -> Iterator[str]:
    """Put keys into the holes of a route, in as many ways; the same ones each time, and not one key alone in the first hole."""
    holes = [match.group(0) for match in parameter.finditer(route)]
    ways = list(product(keys, repeat=len(holes)))
    for values in random.Random(route).sample(ways, min(most, len(ways))):
        address = route
        for hole, value in zip(holes, values, strict=True):
            address = address.replace(hole, value, 1)
        yield address


def ask(client: httpx.Client, method: str, address: str, body: Any = None, *, host: str = "") -> httpx.Response:
    headers = {"X-CSRFToken": client.cookies.get("csrftoken", ""), "Referer": str(client.base_url)}
    if host:
        headers |= {"Host": host, "Referer": f"http://{host}/"}
    if body is None:
        return client.request(method, address, headers=headers, data={"x": "1"} if method == "POST" else None)
    return client.request(method, address, headers=headers | {"Idempotency-Key": "charlie"}, json=body)


@pytest.fixture(scope="module")
def charlie(server: Server) -> Iterator[httpx.Client]:
    theirs = server.town["coops"][1]["slug"]
    client = signed_in(server, server.login_of("board", theirs))
    yield client
    client.close()


@pytest.fixture(scope="module")
def hollow(server: Server) -> Iterator[dict[str, list[str]]]:
    """Found a co-op of Charlie's in which nothing has happened, and give each co-op a host name while this lasts."""

    def town(*said: str) -> Any:
        command = [sys.executable, "-m", "tests.town", *said]
        return json.loads(subprocess.run(command, cwd=ROOT, env=server.environment, stdout=-1, check=True).stdout)

    yield town("hollow", server.login_of("board", server.town["coops"][1]["slug"]))
    town("nameless")


def operations() -> Iterator[tuple[str, str, str, Any]]:
    """Yield (room, method, path, body) of every operation inside a co-op."""
    for path, view in DOCUMENT["paths"].items():
        if "{coop}" in path:
            for method, operation in view.items():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json")
                room = operation["operationId"].split("_")[0]
                yield ROOMS.get(room, room), method.upper(), path, smallest(content["schema"]) if content else None


def keys_of(server: Server, slug: str, room: str) -> list[str]:
    return server.town["ids"][slug].get(room) or ["1"]


def keys_of_others(server: Server, room: str, own: dict[str, list[str]]) -> list[str]:
    """Return what the room's rows are called in other co-ops and not in ours; in a room without any, what other rooms' are."""
    assert room in {config.label for config in apps.get_app_configs()}, f"{room} is no room, so no keys are known for it"
    ids = server.town["ids"].values()
    keys = {key for of_coop in ids for key in of_coop.get(room, ())} - set(own.get(room, ()))
    if not keys:
        keys = {key for of_coop in ids for several in of_coop.values() for key in several[:2]} - set(own.get(room, ()))
    return sorted(keys)


def test_keys_of_one_coop_open_nothing_in_another(server: Server, charlie: httpx.Client, hollow: dict[str, list[str]]):
    opened = []
    for room, _name, route in routes():
        if not PARAMETER.search(route):
            continue
        for address, method in product(filled(route, keys_of_others(server, room, hollow), PARAMETER), ("GET", "POST")):
            for place, host in ((f"/c/hollow/{address}", ""), (f"/{address}", "hollow.test")):
                answer = ask(charlie, method, place, host=host)
                if answer.status_code not in (404, 405):
                    opened.append(f"{answer.status_code} {method} {host}{place}")
    for room, method, path, body in operations():
        rest = path.replace("{coop}", "hollow")
        if "{" not in rest:
            continue
        for address in filled(rest, keys_of_others(server, room, hollow), HOLE):
            for host in ("", "hollow.test"):
                answer = ask(charlie, method, address, body if body is not None else {} if method != "GET" else None, host=host)
                if answer.status_code not in (404, 405, 422):
                    opened.append(f"{answer.status_code} {method} {host}{address}")
    assert not opened, "\n".join(opened)


def seen_by(server: Server, client: httpx.Client, *, by_host: bool = False) -> Iterator[str]:
    """Yield what somebody who is no member gets to see of a co-op, with its own keys."""
    ours = server.town["coops"][0]["slug"]
    before, host = ("/", f"{ours}.test") if by_host else (f"/c/{ours}/", "")
    # Some rows are for everybody to read and some are not: of its own keys more are read. By its host name the same views answer.
    most = {"GET": FEW if by_host else 4 * FEW}
    for room, name, route in routes():
        for method in ("GET", "POST"):
            for address in filled(route, keys_of(server, ours, room), PARAMETER, most.get(method, FEW)):
                answer = ask(client, method, f"{before}{address}", host=host)
                assert answer.status_code < 500, f"{answer.status_code} {method} {address}"
                to_door = answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
                if answer.status_code not in (*HIDDEN, 405) and not to_door:
                    yield f"page {method:5} {room}:{name}"
                    break
    # The API names the co-op in its address; another's host name before it changes nothing.
    for room, method, path, body in operations():
        for address in filled(path.replace("{coop}", ours), keys_of(server, ours, room), HOLE, most.get(method, FEW)):
            place = "hollow.test" if by_host else ""
            answer = ask(client, method, address, body if body is not None else {} if method != "GET" else None, host=place)
            assert answer.status_code < 500, f"{answer.status_code} {method} {address}: {answer.text[:300]}"
            # 400 and 422 say how to ask, and nothing of what is there.
            if answer.status_code not in (*HIDDEN, 400, 405, 422):
                yield f"api  {method:6} {path}"
                break


def told(found: set[str]) -> str:
    return "\n".join(sorted(found))


def test_a_stranger_sees_what_is_public_and_nothing_else(server: Server, charlie: httpx.Client, hollow: Any):
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as nobody:
        found = {*seen_by(server, charlie), *seen_by(server, nobody)}
        by_host = {*seen_by(server, charlie, by_host=True), *seen_by(server, nobody, by_host=True)}
    if os.environ.get("TOADLANE_REWRITE"):
        PUBLIC.write_text(told(found) + "\n")
    allowed = set(PUBLIC.read_text().split("\n"))
    assert not found - allowed, told(found - allowed)
    assert not by_host - allowed, told(by_host - allowed)
