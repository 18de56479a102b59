"""What a browser may load for a page of ours; for what is no page, nothing at all."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOTHING = "default-src 'none'; frame-ancestors 'none'"


class ContentPolicy(CSPMiddleware):
    """The policy of the settings, worked out for each page; answers of the API have no use for one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/api/") and not response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault(HEADER, NOTHING)
            return response
        return super().process_response(request, response)
