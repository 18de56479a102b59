"""Charlie sits on the board of another co-op. Every address and every API operation, with keys that are not hers: 404.

What a stranger may see is named in `tests/golden/public.txt`, with both faces; a new line there is a decision.
`TOADLANE_REWRITE=1` writes the file anew.
"""

import os
import re
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.urls import URLResolver, get_resolver

from tests.bodies import smallest
from tests.browser.conftest import Server, signed_in
from toadlane.config.api import api

PUBLIC = Path(__file__).parents[1] / "golden" / "public.txt"
HIDDEN = (401, 403, 404)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
DOCUMENT = api.get_openapi_schema()


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


def filled(route: str, keys: list[str], parameter: re.Pattern[str]) -> Iterator[str]:
    """Put keys into the holes of a route, a few ways."""
    holes = [match.group(0) for match in parameter.finditer(route)]
    for values in islice(product(keys, repeat=len(holes)), 40):
        address = route
        for hole, value in zip(holes, values, strict=True):
            address = address.replace(hole, value, 1)
        yield address


def ask(client: httpx.Client, method: str, address: str, body: Any = None) -> httpx.Response:
    headers = {"X-CSRFToken": client.cookies.get("csrftoken", ""), "Referer": str(client.base_url)}
    if body is None:
        return client.request(method, address, headers=headers, data={"x": "1"} if method == "POST" else None)
    return client.request(method, address, headers=headers | {"Idempotency-Key": "charlie"}, json=body)


@pytest.fixture(scope="module")
def charlie(server: Server) -> Iterator[httpx.Client]:
    theirs = server.town["coops"][1]["slug"]
    client = signed_in(server, server.login_of("board", theirs))
    yield client
    client.close()


def operations() -> Iterator[tuple[str, str, str, Any]]:
    """Yield (room, method, path, body) of every operation inside a co-op."""
    for path, view in DOCUMENT["paths"].items():
        if "{coop}" in path:
            for method, operation in view.items():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json")
                yield (
                    operation["operationId"].split("_")[0],
                    method.upper(),
                    path,
                    smallest(content["schema"]) if content else None,
                )


def keys_of(server: Server, slug: str, room: str) -> list[str]:
    return server.town["ids"][slug].get(room) or ["1"]


def test_keys_of_one_coop_open_nothing_in_another(server: Server, charlie: httpx.Client):
    ours, theirs = server.town["coops"][0]["slug"], server.town["coops"][1]["slug"]
    own = set(server.town["all_ids"][theirs])
    opened = []
    for room, _name, route in routes():
        if not PARAMETER.search(route):
            continue
        for address in filled(route, [key for key in keys_of(server, ours, room) if key not in own], PARAMETER):
            for method in ("GET", "POST"):
                answer = ask(charlie, method, f"/c/{theirs}/{address}")
                if answer.status_code not in (404, 405):
                    opened.append(f"{answer.status_code} {method} {address}")
    for room, method, path, body in operations():
        rest = path.replace("{coop}", theirs)
        if "{" not in rest:
            continue
        keys = [key for key in keys_of(server, ours, room) if key not in own]
        for address in filled(rest, keys, re.compile(r"{(\w+)}")):
            answer = ask(charlie, method, address, body if body is not None else {} if method != "GET" else None)
            if answer.status_code not in (404, 405, 422):
                opened.append(f"{answer.status_code} {method} {address}")
    assert not opened, "\n".join(opened)


def seen_by(server: Server, client: httpx.Client) -> Iterator[str]:
    """Yield what somebody who is no member gets to see of a co-op, with its own keys."""
    ours = server.town["coops"][0]["slug"]
    for room, name, route in routes():
        for method in ("GET", "POST"):
            for address in filled(route, keys_of(server, ours, room), PARAMETER):
                answer = ask(client, method, f"/c/{ours}/{address}")
                assert answer.status_code < 500, f"{answer.status_code} {method} {address}"
                to_door = answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
                if answer.status_code not in (*HIDDEN, 405) and not to_door:
                    yield f"page {method:5} {room}:{name}"
                    break
    for room, method, path, body in operations():
        for address in filled(path.replace("{coop}", ours), keys_of(server, ours, room), re.compile(r"{(\w+)}")):
            answer = ask(client, method, address, body if body is not None else {} if method != "GET" else None)
            assert answer.status_code < 500, f"{answer.status_code} {method} {address}: {answer.text[:300]}"
            # 400 and 422 say how to ask, and nothing of what is there.
            if answer.status_code not in (*HIDDEN, 400, 405, 422):
                yield f"api  {method:6} {path}"
                break


def test_a_stranger_sees_what_is_public_and_nothing_else(server: Server, charlie: httpx.Client):
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as nobody:
        found = sorted({*seen_by(server, charlie), *seen_by(server, nobody)})
    if os.environ.get("TOADLANE_REWRITE"):
        PUBLIC.write_text("\n".join(found) + "\n")
    allowed = set(PUBLIC.read_text().split("\n"))
    assert not set(found) - allowed, "\n".join(sorted(set(found) - allowed))
