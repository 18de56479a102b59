"""Writing the co-op's own pages. Every version is kept, and nobody overwrites what they have not read."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.society.pages.models import Page, PageVersion, Place
from toadlane.society.pages.permissions import WRITE

# Two hundred printed pages; a longer text is a mistake or an attack.
LONGEST = 200_000


class SlugTaken(Expected):
    words = lazy("There is a page at this address already.")
    field = "slug"


class PageChanged(Expected):
    """Somebody else has changed this page since you opened it."""


class TextMissing(Expected):
    """A page needs a title and a text."""

    status = 422
    field = "text"


class TextTooLong(Expected):
    """This text is too long for one page."""

    status = 422
    field = "text"


@transaction.atomic
def write(
    *, title: str, text: str, by: Principal, at: datetime, slug: str = "", place: str = Place.NOWHERE, position: int = 50
) -> Page:
    """Put up a new page.

    :param text: Markdown
    :param slug: the last part of its address; made from the title when empty
    :raises SlugTaken: when the address is in use, also by a page that was taken down
    """
    by.must(WRITE)
    _check(title, text)
    slug = slugify(slug or title)[:60].strip("-") or "page"
    if Page.objects.filter(slug=slug).exists():
        raise SlugTaken(_("There is a page at this address already."), hint=_("Choose another address, or change that page."))
    try:
        with transaction.atomic():
            page = Page.objects.create(
                slug=slug, title=title.strip(), text=text, place=Place(place), position=position, changed_at=at
            )
    except IntegrityError as error:
        raise SlugTaken(_("There is a page at this address already.")) from error
    _keep(page, by, at)
    return page


@transaction.atomic
def rewrite(
    *, page: Page, title: str, text: str, based_on: int, by: Principal, at: datetime,
    place: str | None = None, position: int | None = None,
) -> Page:  # fmt: skip
    """Give a page a new version.

    :param based_on: the number of the version that was read before writing
    :raises PageChanged: when that is not the latest any more
    """
    by.must(WRITE, page)
    _check(title, text)
    # Conditional, and then counted: of two who write at once, the second is told.
    changed = Page.objects.filter(pk=page.pk, number=based_on).update(
        title=title.strip(), text=text, number=based_on + 1, changed_at=at,
        place=Place(place if place is not None else page.place), position=page.position if position is None else position,
    )  # fmt: skip
    if not changed:
        raise PageChanged(
            _("Somebody else has changed this page since you opened it."),
            hint=_("What you wrote is still in the form. Compare it with the page as it is now, and save again."),
        )
    page.refresh_from_db()
    _keep(page, by, at)
    return page


@transaction.atomic
def take_down(*, page: Page, by: Principal, at: datetime) -> Page:
    """Take a page off the board and the web. Its versions stay."""
    by.must(WRITE, page)
    Page.objects.filter(pk=page.pk).update(is_up=False, changed_at=at)
    page.refresh_from_db()
    return page


@transaction.atomic
def put_up(*, page: Page, by: Principal, at: datetime) -> Page:
    """Show a page again that was taken down."""
    by.must(WRITE, page)
    Page.objects.filter(pk=page.pk).update(is_up=True, changed_at=at)
    page.refresh_from_db()
    return page


def _check(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise TextMissing(_("A page needs a title and a text."), field="text" if title.strip() else "title")
    if len(text) > LONGEST:
        raise TextTooLong(_("This text is too long for one page."), hint=_("Divide it into two pages."))


def _keep(page: Page, by: Principal, at: datetime) -> None:
    PageVersion.objects.create(
        page=page, number=page.number, title=page.title, text=page.text, by=str(by), person_id=by.person_id, at=at
    )
