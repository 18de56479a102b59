"""What interest on shares is measured by: the law of the co-op's form, and the rate that was recorded for a year."""

from toadlane.ownership.surplus.models import PublishedRate
from toadlane.ownership.surplus.policies import caps
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs


def cap() -> caps.Cap | None:
    """Return the cap that the law of the co-op's form sets, or None where it sets none."""
    return caps.read(packs.load(bylaws.book().pack).interest)


def published(base: str, year: int) -> PublishedRate | None:
    """Return what was recorded last for a year."""
    return PublishedRate.objects.filter(base=base, year=year).order_by("-pk").first()


def published_rates() -> list[PublishedRate]:
    """Return the rates that the law of the co-op's form measures by, the newest year first, with what was corrected."""
    found = cap()
    return list(PublishedRate.objects.filter(base=found.base).order_by("-year", "-pk")[:50]) if found else []
