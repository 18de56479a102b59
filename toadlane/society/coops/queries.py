from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix, set_urlconf
from django.utils.http import is_same_domain

from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops.models import Coop

COOP_URLS = "toadlane.config.urls_coop"


def doors() -> QuerySet[Coop]:
    """Return co-ops as whoever comes in needs them, for the door to read one with what else it wants to know."""
    return Coop.objects.select_related("tenant")


def is_answered(host: str) -> bool:
    """Say whether requests for a host name are let in at all: the operator's settings name them."""
    return any(pattern == "*" or is_same_domain(host, pattern) for pattern in settings.ALLOWED_HOSTS)


def at_host(host: str) -> Coop | None:
    return doors().filter(host=host).first()


def at_slug(slug: str) -> Coop | None:
    return doors().filter(slug=slug).first()


def slugs() -> dict[int, str]:
    """Return the short name of every co-op on this server, by its id."""
    return dict(Coop.objects.values_list("pk", "slug"))


def everyone() -> list[Coop]:
    """Return every co-op on this server, oldest first."""
    return list(Coop.objects.select_related("tenant").order_by("pk"))


def next_day(at: datetime) -> datetime:
    """Return when the day after an instant begins in the co-op in scope, by its own zone."""
    zone = ZoneInfo(of_scope(current_coop_id()).time_zone)
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)


_at_hand: ContextVar[Coop | None] = ContextVar("coop_at_hand", default=None)


@contextmanager
def at_hand(coop: Coop) -> Iterator[None]:
    """Spare a request that changes nothing asking for its co-op again: a page of many parts asked forty times."""
    token = _at_hand.set(coop)
    try:
        yield
    finally:
        _at_hand.reset(token)


def of_scope(coop_id: int) -> Coop:
    """:raises Coop.DoesNotExist: when there is none with this number"""
    if (known := _at_hand.get()) and known.pk == coop_id:
        return known
    if (coop := _OF_SCOPE.first(pk=coop_id)) is None:
        raise Coop.DoesNotExist
    return coop


_OF_SCOPE: Prepared[Coop] = Prepared(lambda: Coop.objects.select_related("tenant").filter(pk=Param("pk")), of_coop=False)


def address(coop: Coop, name: str, *args: object, **kwargs: object) -> str:
    """Return the whole address of one of a co-op's pages, for letters and for links from other hosts.

    :param name: a URL name of the co-op's pages, such as `orders:detail`
    """
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        path = reverse(name, urlconf=COOP_URLS, args=args or None, kwargs=kwargs or None)
    finally:
        set_script_prefix(before)
    if coop.host:
        return f"{settings.TOADLANE_SCHEME}://{coop.host}{path}"
    return f"{settings.TOADLANE_ORIGIN}/c/{coop.slug}{path}"


@contextmanager
def among_pages(coop: Coop) -> Iterator[None]:
    """Let links be made as on the co-op's own pages; over the API an address is not among them."""
    prefix, urlconf = get_script_prefix(), get_urlconf()
    set_script_prefix(urlsplit(home(coop)).path)
    set_urlconf(COOP_URLS)
    try:
        yield
    finally:
        set_script_prefix(prefix)
        set_urlconf(urlconf)


def home(coop: Coop) -> str:
    """Return the whole address of a co-op's front page."""
    return f"{settings.TOADLANE_SCHEME}://{coop.host}/" if coop.host else f"{settings.TOADLANE_ORIGIN}/c/{coop.slug}/"


def named(ids: set[int]) -> dict[int, Coop]:
    return {coop.pk: coop for coop in Coop.objects.filter(pk__in=ids).order_by("name")}
