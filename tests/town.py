"""A small town: the demo's co-ops with a few weeks behind them, made by the services everybody uses.

`TOADLANE_DATA=... python -m tests.town` brings up a database of its own, builds, and prints who lives there.
"""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

WEEKS = timedelta(weeks=5)
PASSWORD = "thirty-one-toad-lane"
# The youngest of the demo's co-ops has its own stories.
COOPS = ("bright-early", "kiln-lane", "lending-shed")


def build() -> dict[str, Any]:
    """Build the town and return its co-ops and who to log in as, as `toadlane demo --list` tells it."""
    from toadlane.blueprints.demo import queries, services
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.outbox import jobs

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    services.build(by=operator, at=clock.machine_time(), progress=lambda words: None, span=WEEKS, slugs=COOPS)
    shops = queries.shops()
    return {
        "coops": [{"slug": shop.slug, "name": shop.name, "blueprint": shop.blueprint} for shop in shops],
        "logins": [asdict(login) for shop in shops for login in shop.logins],
        "ids": {shop.slug: ids_of(shop.slug, 2) for shop in shops},
        "all_ids": {shop.slug: sorted({key for keys in ids_of(shop.slug, 100_000).values() for key in keys}) for shop in shops},
        "found": {shop.slug: found(shop.slug) for shop in shops}
        | {"failed": jobs.dead().count(), "waiting": jobs.ready().count()},
    }


def found(slug: str) -> dict[str, Any]:
    """Count what a visitor expects to find in a co-op, and ask what has to be true of it."""
    from collections import Counter

    from django.db.models import F

    from toadlane.democracy.proposals.models import Proposal
    from toadlane.money.benefits import queries as benefits
    from toadlane.money.benefits.models import Wallet
    from toadlane.money.invoicing.models import Invoice
    from toadlane.plumbing.tenancy import invariants
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops
    from toadlane.society.members import queries as members
    from toadlane.society.pages.models import Page
    from toadlane.trade.orders.models import Order
    from toadlane.trade.reviews.models import Complaint, Report, Review
    from toadlane.trade.work.models import Offer

    coop = coops.at_slug(slug)
    assert coop
    with scope(coop.pk):
        return {
            "states": Counter(Order.objects.values_list("state", flat=True)),
            "applications": members.open_applications().count(),
            "complaints": sorted(Complaint.objects.values_list("state", flat=True)),
            "reports": sorted(Report.objects.values_list("state", flat=True)),
            "refunded_in_part": Order.objects.filter(refunded_minor__gt=0, refunded_minor__lt=F("total_minor")).count(),
            "invoices": Counter(Invoice.objects.values_list("type_code", flat=True)),
            "sides": sorted(set(Review.objects.values_list("side", flat=True))),
            "answers": Review.objects.exclude(answer="").count(),
            "read_too_early": Review.objects.filter(window__published_at__lt=F("written_at")).count(),
            "stages": sorted(set(Proposal.objects.values_list("stage", flat=True))),
            "offered": Offer.objects.filter(state="offered").count(),
            "pages": [page.place for page in Page.objects.order_by("position")],
            "credits": [(benefits.state(one).credits, benefits.state(one).free) for one in Wallet.objects.order_by("pk")],
            "untrue": {name: list(one.faults) for name, one in invariants.verify_coop().items() if one.faults},
            "bookkeepers": what_bookkeepers_say(coop.name, coop.time_zone),
        }


def what_bookkeepers_say(title: str, zone: str) -> dict[str, str]:
    """Let beancount and, where it is installed, hledger read all entries of a co-op; return their complaints."""
    import shutil
    import subprocess
    from zoneinfo import ZoneInfo

    from beancount import loader

    from toadlane.money.ledger import queries as ledger
    from toadlane.money.ledger.policies.exports import FORMATS

    entries = ledger.exported(ZoneInfo(zone))
    texts = {name: "".join(f"{line}\n" for line in FORMATS[name](entries, title=title)) for name in ("beancount", "hledger")}
    _read, errors, _options = loader.load_string(texts["beancount"])
    said = {"entries": str(len(entries)), "beancount": "\n".join(str(error) for error in errors[:3])}
    if program := shutil.which("hledger"):
        run = subprocess.run(
            [program, "-f-", "check", "--strict"], input=texts["hledger"], capture_output=True, text=True, check=False
        )
        said["hledger"] = run.stderr[:600] if run.returncode else ""
    return said


def ids_of(slug: str, most: int) -> dict[str, list[str]]:
    """Return some keys and short names of a co-op's rows, by room: what somebody from elsewhere might try."""
    from toadlane.plumbing.tenancy.guards import coop_models
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops

    coop = coops.at_slug(slug)
    assert coop
    found: dict[str, list[str]] = {}
    with scope(coop.pk):
        for model in coop_models():
            names = [field.name for field in model._meta.concrete_fields if field.name in ("slug", "token", "number", "decision")]
            for row in (*model.objects.order_by("pk")[: most // 2], *model.objects.order_by("-pk")[:most]):
                known = found.setdefault(model._meta.app_label, [])
                known += [str(value) for value in (row.pk, *(getattr(row, name) for name in names))]
    return {room: list(dict.fromkeys(keys)) for room, keys in found.items()}


def hollow(login: str) -> dict[str, list[str]]:
    """Found a co-op next door in which nothing has happened yet, give each co-op a host name, and return the keys of the new one.

    Whatever keys of others open there is not its own: numbers that every co-op counts for itself begin with it at one.
    """
    from toadlane.blueprints import installer
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.society.coops.models import Coop
    from toadlane.society.people.models import Person

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    founder, at = Person.objects.get(email=login), clock.machine_time()
    installer.found(blueprint="home_services", name="Hollow", slug="hollow", founder=founder, by=operator, at=at, sandbox=True)
    for coop in Coop.objects.all():
        Coop.objects.filter(pk=coop.pk).update(host=f"{coop.slug}.test")
    return ids_of("hollow", 100_000)


def nameless() -> dict[str, list[str]]:
    """Take the host names away again."""
    from toadlane.society.coops.models import Coop

    Coop.objects.update(host=None)
    return {}


if __name__ == "__main__":
    import sys

    from toadlane.config.cli import prepare
    from toadlane.config.cli.common import wake

    wake()
    deed, *said = sys.argv[1:] or ["build"]
    if deed == "build":
        prepare.everything(lambda words: None)
    print(json.dumps({"build": build, "hollow": hollow, "nameless": nameless}[deed](*said)))
