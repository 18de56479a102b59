from django.http import HttpResponse
from django.shortcuts import render

from toadlane.commons.directory import queries
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import splits
from toadlane.ui import nav


def front(request: CoopRequest) -> HttpResponse:
    """The server's street."""
    sector, search = request.GET.get("sector", ""), request.GET.get("q", "").strip()[:80]
    street = queries.street(sector=sector, search=search, cursor=request.GET.get("cursor"))
    there = {
        "street_page": street, "shops": street.shops, "facts": queries.facts(at=request.now), "sectors": queries.sectors(),
        "sector": sector, "search": search, "pins": [pin for shop in street.shops if (pin := shop.pin())],
        "found_url": nav.address("founding:start", request),
    }  # fmt: skip
    return render(request, "directory/front.html", there)


def home(request: CoopRequest) -> HttpResponse:
    """The front page of one co-op."""
    book = bylaws.book()
    houses = queries.owners()
    prices = queries.price_list(book, request.coop.currency)
    reviews, rating = queries.said()
    there = {
        "keeps": queries.keeps(book), "of_invoices": queries.writes_invoices(book),
        "houses": houses, "owners": sum(house.owners for house in houses),
        "lately": queries.lately(request.by), "reviews": reviews, "rating": rating,
        "listings": queries.in_the_window(), "prices": prices,
        "quote": _quote(request, book, prices) if prices else None,
        "rules_url": nav.address("bylaws:rules", request), "listings_url": nav.address("catalog:search", request),
        "join_url": None if request.by.memberships else nav.address("members:join", request),
        "machines": queries.for_machines(request.coop, coops.address(request.coop, "directory:home")),
        "sill": f"sill-{request.coop.picture}" if request.coop.picture in queries.SILLS else "sill-street",
    }  # fmt: skip
    return render(request, "directory/home.html", there)


def _quote(request: CoopRequest, book: bylaws.Book, prices: queries.PriceList) -> dict[str, object] | None:
    """Work out a price for what was chosen, or for the commonest home; nothing is kept."""
    sizes, levels = [name for name, _label in prices.sizes], [name for name, _label in prices.levels]
    size = asked if (asked := request.GET.get("size")) in sizes else sizes[min(1, len(sizes) - 1)]
    level = asked if (asked := request.GET.get("level")) in levels else levels[0]
    try:
        priced = orders.preview(wish=orders.Wish(size=size, level=level), by=request.by, at=request.now, coop=request.coop)
    except Expected:
        return None
    return {
        "size": size, "level": level, "priced": priced, "split": splits.shown(priced, book),
        "lines": queries.lines(priced.lines, priced.currency),
        "book_url": nav.address("orders:book", request), "prices": prices,
    }  # fmt: skip
