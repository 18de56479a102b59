import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.audit import services as audit
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.files.models import Picture
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops import queries
from toadlane.society.coops.models import Coop
from toadlane.society.coops.permissions import EDIT, OPEN
from toadlane.ui import formats, themes
from toadlane.ui import words as names


class SlugTaken(Expected):
    words = lazy("Another co-op on this server has that short name.")
    field = "slug"


class NotASlug(Expected):
    words = lazy("A short name is made of small letters, digits and hyphens, and is 2 to 60 long.")
    status = 422
    field = "slug"


class HostUnknown(Expected):
    words = lazy("This server does not answer to that name yet.")
    status = 422
    field = "host"
    hint = lazy("Ask whoever runs the server to add it, and then set it here.")  # type: ignore[assignment]


class HostTaken(Expected):
    words = lazy("Another co-op, or the server itself, answers at that host.")
    field = "host"


class CannotBeRead(Expected):
    words = lazy("With these colors people could not read the pages.")
    status = 422
    field = "theme"


class NoSuchWord(Expected):
    words = lazy("There is no such thing here to give a name to.")
    status = 422
    field = "words"


class NotAnAddress(Expected):
    words = lazy("A host name looks like clean.example.org, without http:// and without a slash.")
    status = 422
    field = "host"


_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])")


@transaction.atomic
def open_coop(*, by: Principal, sandbox: bool = False, clock_at: datetime | None = None, **about: Any) -> Coop:
    """Give a new co-op its identity, name and place. It has no rules yet: `bylaws.found` comes next.

    :param clock_at: what a sandbox's own clock says when it opens; a year ago, for one that is to have a history
    :param about: fields of `Coop`
    :raises SlugTaken, NotASlug:
    """
    by.must(OPEN)
    if not _SLUG.fullmatch(about["slug"]):
        raise NotASlug
    if Coop.objects.filter(slug=about["slug"]).exists():
        raise SlugTaken
    ahead_by = clock_at - clock.machine_time() if clock_at else timedelta(0)
    return Coop.objects.create(tenant=Tenant.objects.create(is_sandbox=sandbox, ahead_by=ahead_by), **about)


# What the board may change without a vote: how the co-op looks and is found. Its rules are elsewhere, and stay there.
EDITABLE = ("name", "tagline", "about", "place", "latitude", "longitude", "legal_name", "address", "picture", "sector")


@transaction.atomic
def describe(*, coop: Coop, by: Principal, at: datetime, **about: Any) -> Coop:
    """Change what the street reads about a co-op: its line, its text, its place, its picture."""
    by.must(EDIT, coop)
    assert set(about) <= set(EDITABLE), "rules are changed by a decision, not here"
    return _change(coop, by, at, **about)


@transaction.atomic
def put_up_logo(*, coop: Coop, logo: Picture | None, by: Principal, at: datetime) -> Coop:
    """Put a picture on the sign over the door, or take it down with None. The picture is one of this co-op's own."""
    by.must(EDIT, coop)
    assert logo is None or logo.coop_id == coop.pk, "a picture hangs where it was kept"
    return _change(coop, by, at, logo=logo)


@transaction.atomic
def paint(*, coop: Coop, theme: dict[str, Any], by: Principal, at: datetime) -> Coop:
    """Give the co-op its colors.

    :raises CannotBeRead: when a pair of them fails WCAG AA, by day or after dark
    """
    by.must(EDIT, coop)
    try:
        failing = themes.unreadable(theme)
    except (TypeError, ValueError) as error:
        raise CannotBeRead(_("Colors are written like #1f5140.")) from error
    if failing:
        worst = min(failing, key=lambda one: one.ratio)
        text = _("“%(text)s” on “%(on)s” has a contrast of %(ratio)s, and needs %(least)s.")
        hint = text % {"text": worst.text, "on": worst.on, "ratio": worst.ratio, "least": worst.least}
        raise CannotBeRead(hint=hint)
    return _change(coop, by, at, theme={token: list(pair) for token, pair in themes.tokens(theme).items()})


@transaction.atomic
def choose_words(*, coop: Coop, words: dict[str, dict[str, str]], by: Principal, at: datetime) -> Coop:
    """Say what this co-op calls things: {"en": {"worker": "cleaner"}}.

    :raises NoSuchWord: when a key is none of `ui.words.KEYS`
    """
    by.must(EDIT, coop)
    if strange := {key for own in words.values() for key in own} - set(names.KEYS):
        raise NoSuchWord(hint=_("Known are: %(keys)s.") % {"keys": formats.listed(names.KEYS)}) from KeyError(*strange)
    kept = {language: {key: word.strip() for key, word in own.items() if word.strip()} for language, own in words.items()}
    return _change(coop, by, at, words={language: own for language, own in kept.items() if own})


@transaction.atomic
def move_to(*, coop: Coop, host: str, by: Principal, at: datetime) -> Coop:
    """Give the co-op a host name of its own, or take it away with an empty one. The name has to point here already."""
    by.must(EDIT, coop)
    host = host.strip().lower().rstrip(".")
    if host and not _HOST.fullmatch(host):
        raise NotAnAddress
    if host and (host == settings.TOADLANE_HOST or Coop.objects.filter(host=host).exclude(pk=coop.pk).exists()):
        raise HostTaken
    # Every letter would lead to a closed door.
    if host and host != coop.host and not queries.is_answered(host):
        raise HostUnknown
    return _change(coop, by, at, host=host or None)


def _change(coop: Coop, by: Principal, at: datetime, **changes: Any) -> Coop:
    changed = {name: value for name, value in changes.items() if getattr(coop, name) != value}
    for name, value in changed.items():
        setattr(coop, name, value)
    if changed:
        coop.save(update_fields=list(changed))
        audit.record(action="coops.changed", subject=f"coop:{coop.pk}", detail={"fields": sorted(changed)}, by=by, at=at)
    return coop
