"""Who sits where, until when, by which decision; and what is wrong with a circle as somebody describes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.democracy.circles.models import Charter, Chosen, Circle, Seat, Sits
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.bylaws.rules.decisions import Fault
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.policies import in_words
from toadlane.ui import formats

SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
MOST_SEATS = 99

# ------------------------------------------------------------------------------------------------------------- circles


def row(slug: str) -> Circle | None:
    return Circle.objects.select_related("parent").filter(slug=slug).first()


def organs() -> dict[str, Mapping[str, Any]]:
    """Return the organs whose members hold an office, as the bylaws name them: the board, and others where there are."""
    named = bylaws.book().document.get("organs", {})
    return {slug: organ for slug, organ in named.items() if str(organ.get("who", "")).startswith("office:")}


def is_organ(slug: str) -> bool:
    return slug in organs()


def organ(slug: str) -> Circle | None:
    """Return an organ as a circle that has no row yet."""
    found = organs().get(slug)
    if found is None:
        return None
    texts = _organ_texts().get(slug, (slug.replace("_", " ").capitalize(), ""))
    return Circle(
        slug=slug, names=found.get("names") or {get_language() or "en": texts[0]}, purpose=found.get("purpose") or texts[1],
        seats=found.get("seats", {}), term_months=int(found.get("term_years", 2)) * 12, founded_by="founding",
    )  # fmt: skip


def _organ_texts() -> dict[str, tuple[str, str]]:
    return {
        "board": (_("Board"), _("Runs the co-op between meetings, as the members decided, and answers to them.")),
        "appeals": (_("Appeals committee"), _("Looks again at what was decided about one member.")),
        "guardian": (_("Guardians"), _("May pause what is listed, for three days at most, and say publicly why.")),
        "ethics_board": (_("Ethics board"), _("Looks at what is asked of people’s data, and says no where no is due.")),
    }


def _offices() -> dict[str, str]:
    """Return what offices are called that are no circle and no organ."""
    return {
        "treasurer": _("Treasurer"), "mediator": _("Mediator"), "moderator": _("Moderator"), "coordinator": _("Coordinator"),
        "curator": _("Curator"),
    }  # fmt: skip


def find(slug: str) -> Circle | None:
    """Return a circle that exists today."""
    known = row(slug)
    if known is None:
        return organ(slug)
    return None if known.ended_on else known


def everyone() -> list[Circle]:
    """Return every circle that exists today, organs first, then by name."""
    rows = {one.slug: one for one in Circle.objects.filter(ended_on__isnull=True).select_related("parent")}
    first = [rows.pop(slug, None) or organ(slug) for slug in sorted(organs(), key=lambda slug: (slug != "board", slug))]
    return [one for one in first if one] + sorted(rows.values(), key=lambda one: name(one).casefold())


def ended() -> list[Circle]:
    return list(Circle.objects.filter(ended_on__isnull=False).order_by("-ended_on", "slug"))


def name(circle: Circle, language: str | None = None) -> str:
    return in_words(circle.names, language or get_language() or "en") or circle.slug


def name_of(slug: str, language: str | None = None) -> str:
    """Return what an office or a circle is called; the slug where there is none any more."""
    circle = row(slug) or organ(slug)
    if circle:
        return name(circle, language)
    with translation.override(language or get_language() or "en"):
        return _offices().get(slug) or slug


def terms_of(circle: Circle) -> dict[str, Any]:
    """Return what a decision of kind `circle` would have to say for this circle to be as it is."""
    return {
        "slug": circle.slug, "names": circle.names, "purpose": circle.purpose, "scope": circle.scope,
        "parent": circle.parent.slug if circle.parent else "", "seats": circle.seats, "term_months": circle.term_months,
        "chosen": circle.chosen, "review_on": circle.review_on.isoformat() if circle.review_on else None,
    }  # fmt: skip


def charters(circle: Circle) -> list[Charter]:
    return list(circle.charters.order_by("-number")) if circle.pk else []


def children(circle: Circle) -> list[Circle]:
    return [one for one in everyone() if circle.pk and one.parent_id == circle.pk]


def seats_of(circle: Circle, member_class: str) -> int:
    return int(circle.seats.get(member_class, 0))


# ------------------------------------------------------------------------------------------------------------ who sits


def holders(slug: str) -> QuerySet[Office]:
    """Return who holds an office today, longest first."""
    rows = Office.objects.filter(office=slug, ended_on__isnull=True).select_related("person", "seat__via")
    return rows.order_by("since", "pk")


def sits_in(slug: str, person_id: int) -> bool:
    return holders(slug).filter(person_id=person_id).exists()


def past_holders(slug: str) -> QuerySet[Office]:
    rows = Office.objects.filter(office=slug, ended_on__isnull=False).select_related("person", "seat__via")
    return rows.order_by("-ended_on", "-pk")


def links_above(circle: Circle) -> QuerySet[Seat]:
    """Return the seats in the circle above that are there because of this one."""
    return Seat.objects.filter(via=circle, office__ended_on__isnull=True).select_related("office__person").order_by("pk")


@dataclass(frozen=True)
class Sitting:
    """One seat as people see it: who, since when, until when, for whom, by which decision."""

    person_id: int
    name: str
    since: date
    until: date | None
    ended_on: date | None
    member_class: str
    sits: str
    via: str
    named_by: str
    ended_by: str
    is_overdue: bool


def sitting(slug: str, *, at: datetime) -> list[Sitting]:
    return [_sitting(one, timezone.localdate(at)) for one in holders(slug)]


def sat(slug: str, *, at: datetime, limit: int = 50) -> list[Sitting]:
    return [_sitting(one, timezone.localdate(at)) for one in past_holders(slug)[:limit]]


def _sitting(office: Office, today: date) -> Sitting:
    own = getattr(office, "seat", None)
    return Sitting(
        person_id=office.person_id, name=office.person.name, since=office.since, until=office.until, ended_on=office.ended_on,
        member_class=own.member_class if own else "", sits=own.sits if own else Sits.SEAT,
        via=own.via.slug if own and own.via else "", named_by=office.named_by, ended_by=own.ended_by if own else "",
        is_overdue=office.ended_on is None and office.until is not None and office.until < today,
    )  # fmt: skip


def vacancies(circle: Circle) -> dict[str, int]:
    """Return how many seats of each class nobody holds. Founders sit on open seats."""
    taken: dict[str, int] = {}
    for held in holders(circle.slug):
        own = getattr(held, "seat", None)
        if own is None or (own.via_id is None and own.sits == Sits.SEAT):
            key = own.member_class if own else ""
            taken[key] = taken.get(key, 0) + 1
    return {key: left for key, number in circle.seats.items() if (left := int(number) - taken.get(key, 0)) > 0}


# ----------------------------------------------------------------------------------------------------- what would be wrong


def faults_of_circle(terms: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with a circle as a decision describes it."""
    found = [*_faults_of_words(terms), *_faults_of_numbers(terms)]
    return found or [*_faults_of_place(terms)]


def _faults_of_words(terms: Mapping[str, Any]) -> list[Fault]:
    found, names = [], terms.get("names")
    if not isinstance(terms.get("slug"), str) or not SLUG.fullmatch(terms["slug"]):
        found.append(Fault("slug", _("The short name has 2 to 40 small letters, digits and hyphens."), "slug"))
    if not isinstance(names, Mapping) or not names or not all(isinstance(one, str) and one.strip() for one in names.values()):
        found.append(Fault("names", _("Give the circle a name."), "names"))
    if not isinstance(terms.get("purpose"), str) or not terms["purpose"].strip():
        found.append(Fault("purpose", _("Say what the circle is for."), "purpose"))
    if not isinstance(terms.get("scope") or "", str):
        found.append(Fault("scope", _("Say in words what the circle decides by itself."), "scope"))
    return found


def _faults_of_numbers(terms: Mapping[str, Any]) -> list[Fault]:
    found, seats = [], terms.get("seats")
    known = {"", *members.member_classes()}
    if not isinstance(seats, Mapping) or not all(is_whole(number, 0, MOST_SEATS) for number in seats.values()):
        found.append(Fault("seats", _("Say how many seats there are: up to 99 for each class."), "seats"))
    elif set(seats) - known:
        found.append(Fault("class", _("The bylaws have no such class of members."), "seats"))
    elif not sum(seats.values()):
        found.append(Fault("seats", _("A circle has at least one seat."), "seats"))
    if not is_whole(terms.get("term_months"), 1, 120):
        found.append(Fault("term", _("A term lasts between 1 and 120 months."), "term_months"))
    if (terms.get("chosen") or Chosen.ELECTION) not in Chosen.values:
        found.append(Fault("chosen", _("Say whether its seats are filled by election or by lot."), "chosen"))
    elif terms.get("chosen") == Chosen.LOT and (law := _elects(terms.get("slug"))):
        found.append(Fault("elected_by_law", _("%(law)s has the members elect who sits there.") % {"law": law}, "chosen"))
    if (review_on := terms.get("review_on")) and day(review_on) is None:
        found.append(Fault("review", _("Write the day as 2027-03-31."), "review_on"))
    return found


def _elects(slug: object) -> str:
    """Return the law that has the members elect an organ, where a law names it."""
    return packs.load(bylaws.book().pack).law if slug in ("board", "appeals") else ""


def _faults_of_place(terms: Mapping[str, Any]) -> list[Fault]:
    slug, parent = terms["slug"], terms.get("parent") or ""
    known = row(slug)
    if known and known.ended_on:
        return [Fault("ended", _("A circle of this short name has ended. Choose another."), "slug")]
    if not isinstance(parent, str) or (parent and find(parent) is None):
        return [Fault("parent", _("There is no such circle to belong to."), "parent")]
    above = find(parent) if parent else None
    while above is not None:
        if above.slug == slug:
            return [Fault("circular", _("A circle cannot be under itself."), "parent")]
        above = find(above.parent.slug) if above.parent else None
    taken = {"member", "system", "founder", "enactment", "operator", *members.member_classes()}
    if slug in taken:
        return [Fault("slug", _("This short name means something else already."), "slug")]
    return []


def faults_of_ending(slug: object) -> list[Fault]:
    known = find(slug) if isinstance(slug, str) else None
    if known is None:
        return [Fault("unknown", _("There is no such circle."), "circle")]
    if is_organ(known.slug):
        return [Fault("organ", _("The bylaws name this organ: it always exists."), "circle")]
    if children(known):
        return [Fault("children", _("There are circles under it. End them first, or move them."), "circle")]
    return []


def is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def name_of_terms(terms: Mapping[str, Any], language: str) -> str:
    return in_words(terms["names"], language) or str(terms["slug"])


def seats_in_words(seats: Mapping[str, int], language: str) -> str:
    """Return "2 open to all, 1 of workers"."""
    known = members.member_classes()
    told = []
    for key, number in sorted(seats.items()):
        if not number:
            continue
        if key:
            label = known[key].name(language) if key in known else key
            told.append(_("%(n)s of this class: %(name)s") % {"n": number, "name": label})
        else:
            told.append(_("%(n)s open to all") % {"n": number})
    return formats.listed(told)
