"""What members decide about circles and offices: found one, end one, elect, recall."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.models import Chosen, Sits
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload
from toadlane.society.bylaws.rules.sheets import class_options
from toadlane.society.members import queries as members
from toadlane.society.people import queries as people
from toadlane.ui import formats
from toadlane.ui.sheets import Cell, Record, Rows


def _procedure(rule: str) -> Any:
    return lambda payload, book: str(book.value(rule))


def _circles() -> list[tuple[str, str]]:
    return [(one.slug, queries.name(one)) for one in queries.everyone()]


def _held() -> list[tuple[str, str]]:
    """Return all circles, and the offices beside them that somebody holds: each of these people can be recalled."""
    found = _circles()
    known = {slug for slug, _name in found}
    held = members.officers().order_by().values_list("office", flat=True).distinct()
    return [*found, *((slug, queries.name_of(slug)) for slug in sorted(held) if slug not in known)]


# How people can be elected: not by sharing out money.
ELECTS = ("ranking", "approval", "scores", "dots", "credits")


def _methods() -> list[tuple[str, Any]]:
    from toadlane.democracy.circles.rules import RULES

    return list(next(rule for rule in RULES if rule.id == "circles.method").options.items())


# ------------------------------------------------------------------------------------------------- found, rewrite and end


def check_circle(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    return queries.faults_of_circle(payload)


def describe_circle(payload: Payload, language: str) -> list[str]:
    """Say what the circle would be; and beside it what it is, where there is one."""
    with translation.override(language):
        name = queries.name_of_terms(payload, language)
        known = queries.find(str(payload["slug"]))
        told = [
            (_("The circle “%(name)s” would be another.") if known else _("There would be a circle “%(name)s”."))
            % {"name": name},
            _("It is there for this: %(purpose)s") % {"purpose": payload["purpose"]},
        ]
        if payload.get("scope"):
            told.append(_("It decides by itself about this: %(scope)s") % {"scope": payload["scope"]})
        if payload.get("parent"):
            told.append(_("It belongs to “%(parent)s”.") % {"parent": queries.name_of(payload["parent"], language)})
        told.append(_("Its seats: %(seats)s.") % {"seats": queries.seats_in_words(payload["seats"], language)})
        if payload.get("chosen") == Chosen.LOT:
            told.append(_("They are filled by lot, among all who may stand."))
        months = payload["term_months"]
        told.append(ngettext("A term lasts %(n)s month.", "A term lasts %(n)s months.", months) % {"n": months})
        if review_on := queries.day(payload.get("review_on")):
            told.append(_("Members look at it again by %(day)s.") % {"day": formats.day(review_on)})
        return told


def found(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.found_circle(terms=payload, decision=decision, by=by, at=at)


def check_end(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    return queries.faults_of_ending(payload.get("circle"))


def describe_end(payload: Payload, language: str) -> list[str]:
    with translation.override(language):
        name, count = queries.name_of(payload["circle"], language), queries.holders(payload["circle"]).count()
        sentence = ngettext(
            "“%(name)s” would end, and the office of %(n)s person with it. What it decided stands.",
            "“%(name)s” would end, and the offices of %(n)s people with it. What it decided stands.",
            count,
        )
        return [sentence % {"name": name, "n": count}]


def end(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.end_circle(slug=payload["circle"], decision=decision, by=by, at=at)


# ----------------------------------------------------------------------------------------------------- elect and recall


def check_election(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    """Say what is wrong with an election: the office, the seats, the term, and everybody who stands."""
    office, member_class, sits = payload.get("office"), payload.get("member_class") or "", payload.get("sits") or Sits.SEAT
    circle = queries.find(office) if isinstance(office, str) else None
    if circle is None:
        return [Fault("office", _("There is no such circle or office."), "office")]
    found = (
        [Fault("by_lot", _("The lot fills these seats."), "office")] if sits == Sits.SEAT and circle.chosen == Chosen.LOT else []
    )
    if member_class not in ("", *members.member_classes()):
        found.append(Fault("class", _("The bylaws have no such class of members."), "member_class"))
    if sits not in Sits.values or (sits != Sits.SEAT and circle.parent is None):
        found.append(Fault("link", _("This circle belongs to no other, so that nobody links the two."), "sits"))
    most = 1 if sits != Sits.SEAT else queries.seats_of(circle, member_class) if circle.seats else 99
    if not queries.is_whole(payload.get("seats"), 1, max(most, 1)) or not most:
        found.append(Fault("seats", _("There are not that many seats to fill."), "seats"))
    if not queries.is_whole(payload.get("term_months"), 1, 120):
        found.append(Fault("term", _("A term lasts between 1 and 120 months."), "term_months"))
    method = METHODS.get(payload["method"]) if isinstance(payload.get("method"), str) else None
    if method is None or method.kind not in ELECTS:
        found.append(Fault("method", _("Say how the votes are counted."), "method"))
    elif not found and payload["seats"] > 1 and not method.several:
        found.append(Fault("method", _("This way of counting fills one seat."), "method"))
    return found or _faults_of_candidates(payload)


def _faults_of_candidates(payload: Payload) -> list[Fault]:
    rows = payload.get("candidates")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        return [Fault("candidates", _("Nobody stands yet."), "candidates")]
    ids = [row.get("person") for row in rows]
    if not all(queries.is_whole(pk, 1, 2**62) for pk in ids) or len(set(ids)) < len(ids):
        return [Fault("candidates", _("Name each candidate once."), "candidates")]
    # Who left or was suspended since they said yes cannot be elected any more; the others can.
    able = queries.persons_who_may_stand(ids, payload.get("member_class") or "")
    if gone := [str(row.get("name") or row["person"]) for row in rows if row["person"] not in able]:
        words = _("Cannot stand for these seats: %(names)s.") % {"names": formats.listed(gone)}
        return [Fault("cannot_stand", words, "candidates")]
    return []


def describe_election(payload: Payload, language: str) -> list[str]:
    with translation.override(language):
        seats = payload["seats"]
        sentence = ngettext("%(n)s seat in %(circle)s is filled.", "%(n)s seats in %(circle)s are filled.", seats)
        told = [sentence % {"n": seats, "circle": queries.name_of(payload["office"], language)}]
        if payload.get("member_class"):
            told.append(
                _("They are seats of this class of members: %(name)s.") % {"name": _class(payload["member_class"], language)}
            )
        names = formats.listed(one.get("name") or one["person"] for one in payload["candidates"])
        told.append(_("These people stand: %(names)s.") % {"names": names})
        months = payload["term_months"]
        told.append(ngettext("The term lasts %(n)s month.", "The term lasts %(n)s months.", months) % {"n": months})
        return told


def _class(name: str, language: str) -> str:
    known = members.member_classes().get(name)
    return known.name(language) if known else name


def elect(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    """Seat whom the count elected; where there were no more candidates than seats, a yes seats them all."""
    services.seat(
        office=payload["office"], people=elected(payload), term_months=payload["term_months"], decision=decision,
        member_class=payload.get("member_class") or "", sits=payload.get("sits") or Sits.SEAT,
        election_id=payload.get("nomination"), by=by, at=at,
    )  # fmt: skip


def elected(payload: Payload) -> list[int]:
    """Return the ids of the persons elected, in order.

    :raises Wrong: when the outcome names nobody, too many, or somebody who did not stand
    """
    standing = [int(row["person"]) for row in payload["candidates"]]
    told: Sequence[Any] | None = payload.get("elected")
    people = standing if told is None else [int(key) for key in told]
    if not people or len(people) > payload["seats"] or not set(people) <= set(standing):
        raise services.Wrong(field="elected")
    return people


def check_recall(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    office, person = payload.get("office"), payload.get("person")
    if not isinstance(office, str) or not queries.is_whole(person, 1, 2**62) or not queries.sits_in(office, int(str(person))):
        return [Fault("not_in_office", _("They do not hold this office."), "person")]
    if not isinstance(payload.get("reasons"), str) or not payload["reasons"].strip():
        return [Fault("reasons", _("Give the reasons: whoever it is about answers them."), "reasons")]
    return []


def describe_recall(payload: Payload, language: str) -> list[str]:
    with translation.override(language):
        name = people.names({payload["person"]}).get(payload["person"], "")
        office = queries.name_of(payload["office"], language)
        # Whoever can appeal leaves when the time to do so is over.
        words = (_("%(name)s would leave this office once the time to appeal is over: %(office)s.") if whom(payload)
                 else _("%(name)s would leave this office at once: %(office)s."))  # fmt: skip
        return [
            words % {"name": name, "office": office},
            _("The reasons: %(reasons)s") % {"reasons": payload["reasons"]},
        ]


def recall(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.recall(office=payload["office"], person_id=payload["person"], decision=decision, by=by, at=at)


def whom(payload: Payload) -> int | None:
    """Return the membership of whoever is to be recalled: they are heard, and have no vote on it."""
    row = members.of_person(payload["person"]).filter(person_id=payload["person"]).first()
    return row.pk if row else None


# A circle has a name in each language, and seats for everybody or for classes of members.
NAMES = Record(cells=[Cell(name=code, label=label, required=False) for code, label in settings.LANGUAGES])
SEATS = Rows(
    cells=(
        Cell(name="class", label=gettext_lazy("For whom"), kind="choice", options=class_options,
             others=gettext_lazy("Open to all")),
        Cell(name="seats", label=gettext_lazy("How many"), kind="int", minimum=0, maximum=99),
    ),
    one=gettext_lazy("Seats"), add=gettext_lazy("Add seats"), is_pairs=True, once=("class",), least=1,
)  # fmt: skip

KINDS = (
    Kind(
        name="circle", label=gettext_lazy("Found or change a circle"),
        about=gettext_lazy("A team gets a purpose and decides in its part by itself."),
        fields=(
            Field(name="slug", label=gettext_lazy("Short name, for its address")),
            Field(name="names", label=gettext_lazy("Name, by language"), type="json", sheet=NAMES),
            Field(name="purpose", label=gettext_lazy("What it is for"), type="long"),
            Field(name="scope", label=gettext_lazy("What it decides by itself"), type="long", required=False),
            Field(name="parent", label=gettext_lazy("The circle it belongs to"), type="choice", options=_circles, required=False),
            Field(name="seats", label=gettext_lazy("Seats, by class of members"), type="json", sheet=SEATS,
                  help=gettext_lazy("Under an empty name those open to all.")),
            Field(name="term_months", label=gettext_lazy("Months that a term lasts"), type="int"),
            Field(name="chosen", label=gettext_lazy("How its seats are filled"), type="choice", options=lambda: Chosen.choices,
                  required=False, help=gettext_lazy("The lot may fall on everybody who may stand, with the same chance.")),
            Field(name="review_on", label=gettext_lazy("When members look at it again"), type="date", required=False),
        ),
        procedure=_procedure("circles.found_by"), check=check_circle, describe=describe_circle, enact=found,
    ),
    Kind(
        name="end_circle", label=gettext_lazy("End a circle"),
        about=gettext_lazy("Its offices end with it. What it decided stands."),
        fields=(Field(name="circle", label=gettext_lazy("Which circle"), type="choice", options=_circles),),
        procedure=_procedure("circles.found_by"), check=check_end, describe=describe_end, enact=end,
    ),
    Kind(
        name="elect", label=gettext_lazy("Elect people to an office"),
        about=gettext_lazy("Those who stand were put forward before, and said yes."),
        fields=(
            Field(name="office", label=gettext_lazy("Circle or office"), type="choice", options=_circles),
            Field(name="member_class", label=gettext_lazy("Whose seats they are"), required=False,
                  help=gettext_lazy("A class of members; leave it empty for seats open to all.")),
            Field(name="sits", label=gettext_lazy("Seat or link"), type="choice", options=lambda: Sits.choices, required=False),
            Field(name="seats", label=gettext_lazy("How many seats"), type="int"),
            Field(name="term_months", label=gettext_lazy("Months that the term lasts"), type="int"),
            Field(name="method", label=gettext_lazy("How the votes are counted"), type="choice", options=_methods),
            Field(name="candidates", label=gettext_lazy("Who stands"), type="people"),
            Field(name="nomination", label=gettext_lazy("The nominations it comes from"), type="int", required=False),
        ),
        procedure=_procedure("circles.elect_by"), check=check_election, describe=describe_election, enact=elect, secret=True,
    ),
    Kind(
        name="recall", label=gettext_lazy("Recall somebody from an office"),
        about=gettext_lazy("Before the term is over. They are heard first, and do not vote on it."),
        fields=(
            Field(name="office", label=gettext_lazy("Circle or office"), type="choice", options=_held),
            Field(name="person", label=gettext_lazy("Whom"), type="person"),
            Field(name="reasons", label=gettext_lazy("Why"), type="long"),
        ),
        procedure=_procedure("circles.recall_by"), check=check_recall, describe=describe_recall, enact=recall, subject=whom,
        secret=True,
    ),
)  # fmt: skip
