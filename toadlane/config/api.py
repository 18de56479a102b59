"""The REST root: who asks, how errors are told, and the one OpenAPI document."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, django_auth

from toadlane.blueprints.founding.api import server as founding
from toadlane.commons.directory.api import server as directory
from toadlane.config.problems import problem
from toadlane.kernel.errors import Expected
from toadlane.money.ledger.api import router as ledger
from toadlane.money.payments.api import router as payments
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.sending.api import server as sending
from toadlane.plumbing.webhooks.api import router as webhooks
from toadlane.society.bylaws.api import router as bylaws
from toadlane.society.coops.api import router as coops
from toadlane.society.members.api import router as members
from toadlane.society.messaging.api import router as messaging
from toadlane.society.pages.api import router as pages
from toadlane.society.people.api import server as people
from toadlane.trade.booking.api import router as booking
from toadlane.trade.catalog.api import router as catalog
from toadlane.trade.orders.api import router as orders
from toadlane.trade.reviews.api import router as reviews
from toadlane.trade.work.api import router as work


class Api(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Name the co-op in the address: the middleware reads it, so that no operation has to declare it."""
        schema = super().get_openapi_schema(**kwargs)
        coop = {"in": "path", "name": "coop", "required": True, "schema": {"type": "string", "title": "The co-op's short name"}}
        for path, operations in schema["paths"].items():
            if "{coop}" in path:
                for operation in operations.values():
                    operation["parameters"] = [coop, *operation.get("parameters", [])]
        return schema


class Bearer(HttpBearer):
    """`Authorization: Bearer tl_…`. The middleware has read it already, and refused it where it opens nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "token", None)


api = Api(title="Toadlane", version="1", urls_namespace="api", auth=[Bearer(), django_auth])
COOP = "/coops/{coop}"
for prefix, router in {
    "": coops, "/rules": bylaws, "/members": members, "/pages": pages, "/messages": messaging, "/ledger": ledger,
    "/payments": payments, "/webhooks": webhooks, "/listings": catalog, "/calendar": booking, "/work": work,
    "/orders": orders, "/reviews": reviews,
}.items():  # fmt: skip
    api.add_router(COOP + prefix, router)
for prefix, router in {"": directory, "/me": people, "/sent": sending, "/found": founding}.items():
    api.add_router(prefix, router)


@api.exception_handler(Expected)
def expected(request: HttpRequest, error: Expected) -> HttpResponse:
    if isinstance(error, Refused) and not request.by.memberships and not request.by.order_id:  # type: ignore[attr-defined]
        return not_found(request, Http404())
    return problem(error.status, error.code, error, hint=error.hint, field=error.field)


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
    errors = [{"field": ".".join(str(part) for part in e["loc"][1:]), "detail": e["msg"]} for e in error.errors]
    return problem(422, "invalid", _("Something in what you sent is not as expected."), errors=errors)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "bad_request", error.message)
