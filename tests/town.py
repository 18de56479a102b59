"""A small town: the demo's co-ops with a few weeks behind them, made by the services everybody uses.

In a test it is built in that test's transaction. Run as a program, it makes a server of its own for the browser:
`TOADLANE_DATA=... python -m tests.town` brings up the database, builds, and prints who lives there.
"""

import json
from dataclasses import asdict
from datetime import timedelta
from inspect import signature
from typing import Any

WEEKS = timedelta(weeks=5)
PASSWORD = "thirty-one-toad-lane"


def build() -> dict[str, Any]:
    """Build the town and return its co-ops and who to log in as, as `toadlane demo --list` tells it."""
    from toadlane.blueprints.demo import queries, services
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    lived = {"lived": WEEKS} if "lived" in signature(services.build).parameters else {}
    services.build(by=operator, at=clock.machine_time(), progress=lambda words: None, **lived)
    shops = queries.shops()
    return {
        "coops": [{"slug": shop.slug, "name": shop.name, "blueprint": shop.blueprint} for shop in shops],
        "logins": [asdict(login) for shop in shops for login in shop.logins],
    }


if __name__ == "__main__":
    from toadlane.config.cli import prepare
    from toadlane.config.cli.common import wake

    wake()
    prepare.everything(lambda words: None)
    print(json.dumps(build()))
