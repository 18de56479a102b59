"""The line to Stripe: HTTP in its shapes, keys that make a call happen once, and what goes wrong on the way."""

import copy
import hashlib
import hmac
import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from tests.standins.stripe.books import Books, Object, Refusal

# Lost on the way there; done, and the answer lost; their trouble before and after it was done; too many calls; no end of waiting.
Fault = Literal["", "lost", "answer_lost", "500", "500_done", "429", "hangs"]
KEY, SECRET = "sk_test_standin", "whsec_standin"


class StripeStandIn:
    """A server of its own thread.

    :param fault: asked before each call with method and path: what goes wrong with it
    """

    def __init__(self, fault: Callable[[str, str], Fault] = lambda method, path: "") -> None:
        self.books, self.fault, self.lock = Books(), fault, threading.RLock()
        self.calls: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._keys: dict[tuple[str, str], tuple[str, int, Any]] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._told = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def settings(self) -> dict[str, str]:
        return {"STRIPE_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_API": self.url}

    # ------------------------------------------------------------------------------------------------------- notices
    def mail(self) -> list[Object]:
        """Return the events that were not fetched yet: whoever carries them may lose, double and mix them."""
        with self.lock:
            fresh, self._told = self.books.events[self._told :], len(self.books.events)
            return copy.deepcopy(fresh)

    @staticmethod
    def letter(event: Object, *, secret: str = SECRET, at: int | None = None) -> tuple[bytes, str]:
        """Return an event as it is posted, and its signature."""
        body, stamp = json.dumps(event).encode(), str(int(time.time()) if at is None else at)
        seal = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return body, f"t={stamp},v1={seal}"

    # --------------------------------------------------------------------------------------------------------- the API
    def answer(self, method: str, path: str, said: Object, headers: Any) -> tuple[int, Any]:
        if headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}
        key, intent = headers.get("Idempotency-Key") if method == "POST" else None, json.dumps([path, said], sort_keys=True)
        with self.lock:
            if key and (known := self._keys.get((headers.get("Stripe-Account", ""), key))):
                if known[0] != intent:
                    words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
                    return 400, {"error": {"type": "idempotency_error", "message": words}}
                return known[1], known[2]
            try:
                status, made = 200, self._do(method, path, said, headers.get("Stripe-Account", ""))
                made = self._shown(made, said.get("expand", []))
            except Refusal as no:
                status, made = no.status, {"error": no.error}
            except (KeyError, ValueError) as error:
                status, made = (
                    400,
                    {"error": {"type": "invalid_request_error", "code": "parameter_missing", "message": repr(error)}},
                )
            if key:
                self._keys[headers.get("Stripe-Account", ""), key] = (intent, status, made)
            return status, made

    def _do(self, method: str, path: str, said: Object, account: str) -> Any:
        for verb, pattern, do in ROUTES:
            if verb == method and (found := re.fullmatch(pattern, path)):
                return do(self, said, account, *found.groups())
        raise Refusal(404, "unknown_url", f"Unrecognized request URL ({method}: {path})")

    def listed(self, rows: Iterable[Object], said: Object, path: str) -> Object:
        """Return a page of a list, the newest first."""
        found, limit = sorted(rows, key=lambda row: row["id"].split("_")[-1], reverse=True), int(said.get("limit", 10))
        since = int(said.get("created", {}).get("gte", 0)) if isinstance(said.get("created"), dict) else 0
        found = [row for row in found if row["created"] >= since]
        if after := said.get("starting_after"):
            found = found[[row["id"] for row in found].index(after) + 1 :]
        return {"object": "list", "url": path, "has_more": len(found) > limit, "data": found[:limit]}

    def _shown(self, made: Any, expand: Any) -> Any:
        shown = copy.deepcopy(made)
        for way in expand.values() if isinstance(expand, dict) else expand:
            self._expand(shown, way.split("."))
        for one in shown["data"] if shown.get("object") in ("list", "search_result") else [shown]:
            if one.get("object") == "checkout.session" and one["status"] == "open":
                one["url"] = f"{self.url}/page/{one['id']}"
        return shown

    def _expand(self, at: Any, way: list[str]) -> None:
        if isinstance(at, list):
            for one in at:
                self._expand(one, way)
        elif way and isinstance(at, dict) and at.get(way[0]) is not None:
            if isinstance(at[way[0]], str):
                kind = {"latest_charge": "charge"}.get(way[0], way[0])
                at[way[0]] = copy.deepcopy(self.books.get(kind, at[way[0]]))
            self._expand(at[way[0]], way[1:])


def _all(kind: str, **same: str) -> Callable[..., Object]:
    """Return what lists the objects of a kind that are as the request says."""

    def show(to: StripeStandIn, said: Object, account: str, *ids: str) -> Object:
        rows = list(to.books.kept[kind].values())
        for asked, field in same.items():
            wanted = ids[0] if asked == "id" else said.get(asked)
            rows = [row for row in rows if wanted is None or row.get(field) == wanted]
        if kind == "event" and (types := said.get("types")):
            rows = [row for row in rows if row["type"] in (types.values() if isinstance(types, dict) else types)]
        return to.listed(rows, said, f"/v1/{kind}s")

    return show


def _search(to: StripeStandIn, said: Object, account: str) -> Object:
    found = re.fullmatch(r"metadata\['(\w+)'\]:'([^']*)'", said["query"])
    assert found, said["query"]
    rows = [row for row in to.books.kept["payment_intent"].values() if row["metadata"].get(found[1]) == found[2]]
    return {"object": "search_result", "url": "/v1/payment_intents/search", "has_more": False, "data": rows, "next_page": None}


def _balance(to: StripeStandIn, said: Object, account: str) -> Object:
    rows = [
        {"amount": amount, "currency": currency} for (whose, currency), amount in to.books.balances.items() if whose == account
    ]
    return {"object": "balance", "available": rows, "pending": []}


def _get(kind: str) -> Callable[..., Object]:
    return lambda to, said, account, pk: to.books.get(kind, pk)


PI = r"/v1/payment_intents"
ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("POST", "/v1/accounts", lambda to, said, account: to.books.open_account(said)),
    ("GET", r"/v1/accounts/(\w+)", _get("account")),
    ("POST", "/v1/account_links", lambda to, said, account: {
        "object": "account_link",
        "url": f"{to.url}/onboard/{to.books.get('account', said['account'])['id']}?{said['return_url']}"}),
    ("POST", "/v1/checkout/sessions", lambda to, said, account: to.books.open_page(said)),
    ("GET", r"/v1/checkout/sessions/(\w+)", _get("checkout.session")),
    ("POST", r"/v1/checkout/sessions/(\w+)/expire", lambda to, said, account, pk: to.books.close_page(pk)),
    ("POST", PI, lambda to, said, account: to.books.intend(said)),
    ("GET", PI, _all("payment_intent", customer="customer")),
    ("GET", f"{PI}/search", _search),
    ("GET", rf"{PI}/(\w+)", _get("payment_intent")),
    ("POST", rf"{PI}/(\w+)/confirm", lambda to, said, account, pk: to.books.confirm(pk)),
    ("POST", rf"{PI}/(\w+)/capture", lambda to, said, account, pk: to.books.capture(
        pk, int(said["amount_to_capture"]) if "amount_to_capture" in said else None)),
    ("POST", rf"{PI}/(\w+)/cancel", lambda to, said, account, pk: to.books.cancel(pk)),
    ("GET", r"/v1/charges/(\w+)", _get("charge")),
    ("GET", "/v1/balance", _balance),
    ("GET", "/v1/balance_transactions", _all("balance_transaction", source="source")),
    ("POST", "/v1/refunds", lambda to, said, account: to.books.refund(said)),
    ("GET", "/v1/refunds", _all("refund", payment_intent="payment_intent")),
    ("GET", r"/v1/refunds/(\w+)", _get("refund")),
    ("POST", "/v1/transfers", lambda to, said, account: to.books.transfer(said)),
    ("GET", "/v1/transfers", _all("transfer", transfer_group="transfer_group")),
    ("GET", r"/v1/transfers/(\w+)", _get("transfer")),
    ("POST", r"/v1/transfers/(\w+)/reversals", lambda to, said, account, pk: to.books.reverse(pk, said)),
    ("GET", r"/v1/transfers/(\w+)/reversals", _all("transfer_reversal", id="transfer")),
    ("POST", "/v1/payouts", lambda to, said, account: to.books.pay_out(said, account)),
    ("GET", "/v1/payouts", _all("payout")),
    ("GET", r"/v1/payouts/(\w+)", _get("payout")),
    ("GET", "/v1/disputes", _all("dispute", payment_intent="payment_intent")),
    ("GET", r"/v1/disputes/(\w+)", _get("dispute")),
    ("GET", "/v1/events", _all("event")),
    ("GET", r"/v1/events/(\w+)", _get("event")),
]  # fmt: skip


def unfold(pairs: Iterable[tuple[str, str]]) -> Object:
    """Return what `a[b][0][c]=d` says, as it was before it was written so."""
    root: Object = {}
    for name, value in pairs:
        way = re.findall(r"[^\[\]]+", name)
        if name.endswith("[]"):
            way.append(str(sum(1 for _ in root.get(way[0], {}))))
        at = root
        for step in way[:-1]:
            at = at.setdefault(step, {})
        at[way[-1]] = value
    return _lists(root)


def _lists(at: Any) -> Any:
    if not isinstance(at, dict):
        return at
    made = {name: _lists(value) for name, value in at.items()}
    return [made[str(n)] for n in range(len(made))] if made and all(name.isdigit() for name in made) else made


def _handler(to: StripeStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            asked = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            said = unfold(parse_qsl(body if method == "POST" else asked.query, keep_blank_values=True))
            if not asked.path.startswith("/v1/"):
                self._page(method, asked.path, asked.query, said)
                return
            with to.lock:
                to.calls.append((method, asked.path))
                fault = to.fault(method, asked.path)
                to.faults.append(fault)
            if fault == "hangs":
                time.sleep(1)
            if fault in ("lost", "hangs"):
                self.close_connection = True
                return
            if fault in ("500", "429"):
                kind = "api_error" if fault == "500" else "rate_limit_error"
                self._say(
                    int(fault), {"error": {"type": kind, "message": "Try again."}}, retry="true" if fault == "500" else "false"
                )
                return
            status, made = to.answer(method, asked.path, said, self.headers)
            if fault == "answer_lost":
                self.close_connection = True
            elif fault == "500_done":
                self._say(500, {"error": {"type": "api_error", "message": "Try again."}}, retry="false")
            else:
                self._say(status, made)

        def _page(self, method: str, path: str, query: str, said: Object) -> None:
            """The pages that people see: where a card is typed, and where a payee says who they are."""
            _empty, kind, pk = path.split("/")
            if method == "GET":
                words = "Pay" if kind == "page" else "Say where your money goes"
                with to.lock:
                    known = to.books.get("checkout.session" if kind == "page" else "account", pk)
                total = f"{known['amount_total'] / 100:.2f} {known['currency'].upper()}" if kind == "page" else ""
                buttons = '<button name="card" value="4242">Good card</button><button name="card" value="0002">Bad card</button>'
                if kind != "page":
                    buttons = "<button>Done</button>"
                form = f"<h1>{words} {html.escape(total)}</h1><form method=post>{buttons}</form>"
                self._send(200, form.encode(), "text/html; charset=utf-8")
                return
            with to.lock:
                if kind == "onboard":
                    to.books.finish_onboarding(pk)
                    self._send(303, b"", "text/html", Location=query)
                    return
                if said.get("card") == "0002":
                    self._send(402, b"<h1>Your card was declined. Try another one.</h1>", "text/html")
                    return
                page = to.books.pay_at(pk, said.get("card", "4242"))
            self._send(303, b"", "text/html", Location=page["success_url"])

        def _say(self, status: int, document: Any, retry: str = "") -> None:
            more = {"Stripe-Should-Retry": retry} if retry else {}
            self._send(status, json.dumps(document).encode(), "application/json", **more)

        def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
