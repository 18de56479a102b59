from toadlane.society.coops import queries
from toadlane.society.people import queries as people


def wire() -> None:
    people.declare_hosts(lambda host: queries.at_host(host) is not None)
    people.declare_names(_named)


def _named(slug: str) -> people.Home | None:
    coop = queries.at_slug(slug)
    return people.Home(coop_id=coop.pk, name=coop.name, url=queries.home(coop)) if coop else None
