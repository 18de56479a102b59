"""The REST root: who asks, how errors are told, and the one OpenAPI document."""

from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.security import HttpBearer, SessionAuth

from toadlane.blueprints.demo.api import router as clock
from toadlane.blueprints.founding.api import server as founding
from toadlane.commons.directory.api import server as directory
from toadlane.commons.records.api import router as records
from toadlane.config import bodies, once
from toadlane.config.document import Document, close, room_of, tell_times, used
from toadlane.config.problems import is_of_a_rival, problem
from toadlane.democracy.ballots.api import router as ballots
from toadlane.democracy.circles.api import router as circles
from toadlane.democracy.meetings.api import router as meetings
from toadlane.democracy.proposals.api import decisions, proposals
from toadlane.kernel.errors import Expected
from toadlane.money.bank.api import router as bank
from toadlane.money.benefits.api import router as benefits
from toadlane.money.benefits.api import server as wallets
from toadlane.money.funds.api import router as funds
from toadlane.money.invoicing.api import router as invoicing
from toadlane.money.ledger.api import router as ledger
from toadlane.money.payments.api import router as payments
from toadlane.money.payments.api import server as tills
from toadlane.ownership.arrivals.api import router as arrivals
from toadlane.ownership.bookkeeping.api import router as bookkeeping
from toadlane.ownership.dues.api import router as dues
from toadlane.ownership.lending.api import router as lending
from toadlane.ownership.shares.api import router as shares
from toadlane.ownership.surplus.api import router as surplus
from toadlane.plumbing.access.principals import Principal, Refused, ScopeLacking
from toadlane.plumbing.sending.api import server as sending
from toadlane.plumbing.webhooks.api import router as webhooks
from toadlane.society.bylaws.api import router as bylaws
from toadlane.society.coops.api import router as coops
from toadlane.society.members.api import router as members
from toadlane.society.messaging.api import router as messaging
from toadlane.society.pages.api import router as pages
from toadlane.society.people.api import server as people
from toadlane.society.people.api import trail
from toadlane.society.simulations.api import router as simulations
from toadlane.trade.assignments.api import router as assignments
from toadlane.trade.billing.api import of_orders
from toadlane.trade.billing.api import router as billing
from toadlane.trade.booking.api import router as booking
from toadlane.trade.catalog.api import router as catalog
from toadlane.trade.orders.api import router as orders
from toadlane.trade.reviews.api import router as reviews
from toadlane.trade.work.api import router as work
from toadlane.ui import faults

log = structlog.get_logger()

# Every operation may answer so, and says it in the document.
PROBLEMS = {
    400: "The request cannot be read.",
    401: "Say who you are.",
    403: "You may not do this.",
    404: "There is nothing here, or nothing that you may see.",
    409: "It is not possible as things stand.",
    413: "This is too large.",
    415: "Send JSON.",
    422: "Something in what you sent is not as expected.",
    429: "This was too often.",
}
PROBLEM = {
    "title": "Problem",
    "description": "What is wrong, where, and what to do next (RFC 9457). `code` is stable.",
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "hint": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "detail": {"type": "string"}}},
        },
    },
}
COOP_PARAMETER = {
    "in": "path",
    "name": "coop",
    "required": True,
    "description": "The co-op's short name.",
    "schema": {"type": "string", "pattern": "^[-a-z0-9]+$", "title": "Coop"},
}


KEY_PARAMETER = {
    "in": "header",
    "name": once.HEADER,
    "required": False,
    "description": "Sent again with the same key it happens once, and is answered as it was the first time.",
    "schema": {"type": "string", "maxLength": once.LONGEST, "title": "Idempotency-Key"},
}


class Api(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Say what every operation has in common: the co-op in the address (the middleware reads it), and the problems."""
        schema = Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                operation["parameters"] = _parameters(path, method, operation.get("parameters", ()))
                answers = {status: answer for status, answer in operation["responses"].items() if int(status) < 400}
                operation["responses"] = answers | {status: _problem_answer(text) for status, text in PROBLEMS.items()}
        # What rooms say of their problems is said once, for all.
        shapes = used(schema["paths"], schema["components"]["schemas"] | {"Problem": PROBLEM})
        close(schema["paths"], shapes)
        schema["components"]["schemas"] = shapes
        tell_times(schema)
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation for its room and its function, as in `pages_write`."""
        return f"{room_of(operation)}_{operation.view_func.__name__}"


def _parameters(path: str, method: str, own: Any) -> list[dict[str, Any]]:
    """Return what an operation may be told: inside a co-op its name, and for a POST the key of the intent."""
    # A header is named as it is sent, not as Python spells it.
    own = [{**one, "name": _header(one["name"])} if one["in"] == "header" else one for one in own]
    has_key = any(one["name"] == once.HEADER for one in own)
    key = [KEY_PARAMETER] if method == "post" and not has_key else []
    return [*([COOP_PARAMETER] if "{coop}" in path else []), *key, *own]


def _header(name: str) -> str:
    return name.title().replace("_", "-")


def _problem_answer(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


class Bearer(HttpBearer):
    """`Authorization: Bearer tl_…`. The middleware has read it already, and refused it where it opens nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "token", None)


# The middleware has asked whether a browser's session was made to send it. Asked here, it would come before who asks: somebody
# who forgot their token would hear of forgery, and not that they have to say who they are.
SIGNED_IN = SessionAuth(csrf=False)
api = Api(title="Toadlane", version="1", urls_namespace="api", docs_url=None, auth=[Bearer(), SIGNED_IN])
COOP = "/coops/{coop}"
# Tried one after the other: what is asked most stands first.
for prefix, router in {
    "/orders": orders, "/payments": payments, "/listings": catalog, "": coops, "/rules": bylaws, "/simulations": simulations,
    "/members": members, "/pages": pages, "/messages": messaging, "/ledger": ledger, "/webhooks": webhooks,
    "/calendar": booking, "/work": work, "/reviews": reviews, "/circles": circles, "/shares": shares, "/dues": dues,
    "/surplus": surplus, "/proposals": proposals, "/decisions": decisions, "/bank": bank, "/meetings": meetings,
    "/ballots": ballots, "/benefits": benefits, "/activities": assignments, "/spending": funds, "/arrivals": arrivals,
    "/figures": bookkeeping, "/loans": lending,
    "/invoices": invoicing, "/invoices/orders": of_orders,
    "/sellers": billing, "/trail": trail, "/clock": clock, "/records": records,
}.items():  # fmt: skip
    api.add_router(COOP + prefix, router)
for prefix, router in {
    "": directory,
    "/me": people,
    "/sent": sending,
    "/found": founding,
    "/pay": tills,
    "/wallets": wallets,
}.items():
    api.add_router(prefix, router)
bodies.read_strictly(api)


@api.exception_handler(Expected)
def expected(request: HttpRequest, error: Expected) -> HttpResponse:
    by: Principal = request.by  # type: ignore[attr-defined]
    # Of what somebody has on the server itself they know, and are told what their token lacks.
    is_told = isinstance(error, ScopeLacking) and by.coop_id is None
    if isinstance(error, Refused) and not is_told and not by.memberships and not by.order_id:
        return not_found(request, Http404())
    return problem(error.status, error.code, error, hint=error.hint, field=error.field, errors=getattr(error, "errors", None))


@api.exception_handler(IntegrityError)
@api.exception_handler(OperationalError)
def at_the_same_moment(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """Tell whoever came second what happened; nothing was done then. It is noted all the same: a room should have said so."""
    if not is_of_a_rival(error):
        raise error
    log.error("api.rival", path=request.path, error=repr(error))
    title = _("Somebody else did something here at the very same moment.")
    return problem(409, "same_moment", title, hint=_("Nothing was done. Look at how it stands now, and send it again."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found", _("There is nothing here, or nothing that you may see."))


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    # Inside a co-op a stranger does not learn what is there.
    if getattr(request, "coop", None) and request.user.is_authenticated:
        return not_found(request, Http404())
    return problem(401, "sign_in", _("Say who you are."), hint=_("Send a token: Authorization: Bearer tl_…"))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _where(e["loc"]), "detail": faults.in_document(e)} for e in error.errors]
    return problem(422, "invalid", _("Something in what you sent is not as expected."), errors=errors)


def _where(place: tuple[Any, ...]) -> str:
    """Name a field as whoever sent it knows it: not by what our function calls the document it is in."""
    if place[0] == "body":
        return ".".join(str(part) for part in place[2:]) or "body"
    if place[0] == "header":
        return _header(str(place[-1]))
    return ".".join(str(part) for part in place[1:])


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "bad_request", _("This request cannot be read."), hint=error.message)
