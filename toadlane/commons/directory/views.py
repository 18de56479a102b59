from django.http import HttpResponse
from django.shortcuts import render

from toadlane.commons.directory import queries
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui import nav


def front(request: CoopRequest) -> HttpResponse:
    """The server's street."""
    sector, search = request.GET.get("sector", ""), request.GET.get("q", "").strip()[:80]
    street = queries.street(sector=sector, search=search, cursor=request.GET.get("cursor"))
    there = {
        "street_page": street, "shops": street.shops, "facts": queries.facts(at=request.now), "sectors": queries.sectors(),
        "sector": sector, "search": search, "pins": [pin for shop in street.shops if (pin := shop.pin())],
        "found_url": nav.address("founding:begin", request),
    }  # fmt: skip
    return render(request, "directory/front.html", there)


def home(request: CoopRequest) -> HttpResponse:
    """The front page of one co-op."""
    book = bylaws.book()
    houses = queries.owners()
    there = {
        "keeps": queries.keeps(book), "houses": houses, "owners": sum(house.owners for house in houses),
        "lately": queries.lately(), "listings": queries.in_the_window(),
        "rules_url": nav.address("bylaws:rules", request), "listings_url": nav.address("catalog:index", request),
        "sill": f"sill-{request.coop.picture}" if request.coop.picture in queries.SILLS else "sill-street",
    }  # fmt: skip
    return render(request, "directory/home.html", there)
