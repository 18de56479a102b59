from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.blueprints import installer
from toadlane.blueprints.founding import policies
from toadlane.blueprints.founding.models import Cofounder, FoundingDraft
from toadlane.kernel import canonical
from toadlane.money.bank import queries as bank
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import every_coop
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import Rule, majority, packs
from toadlane.society.bylaws.rules import articles as articles_of
from toadlane.society.bylaws.rules.articles import Line, guard
from toadlane.society.bylaws.rules.documents import Document
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import Membership
from toadlane.society.members.policies import MemberClass, classes
from toadlane.society.pages.models import Page
from toadlane.trade.booking.models import Resource
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.policies import Kind, parse_kinds

Part = tuple[str, list[bylaws.Clause]]


@dataclass(frozen=True)
class Offer:
    """A blueprint as founders are shown it."""

    id: str
    name: str
    purpose: str
    picture: str


def offers(language: str) -> list[Offer]:
    found = []
    for name in installer.names():
        written = installer.read(name, "blueprint")
        names, purposes = written.get("names", {}), written.get("purposes", {})
        found.append(
            Offer(
                name, names.get(language, written["name"]), purposes.get(language, written["purpose"]), written.get("picture", "")
            )
        )
    return found


def draft(pk: int, *, founded: bool = False) -> FoundingDraft | None:
    """Return a draft that is being answered; with `founded` also one that has become a co-op."""
    rows = FoundingDraft.objects.select_related("person").filter(pk=pk)
    return (rows if founded else rows.filter(founded=None)).first()


def draft_of(person_id: int) -> FoundingDraft | None:
    """Return what a person was founding last."""
    return FoundingDraft.objects.filter(person_id=person_id, founded=None).order_by("-pk").first()


def drafts_of(person_id: int) -> QuerySet[FoundingDraft]:
    """Return all that a person is founding, the newest first."""
    return FoundingDraft.objects.filter(person_id=person_id, founded=None).order_by("-pk")


def cofounders(one: FoundingDraft) -> list[Cofounder]:
    return list(one.cofounders.select_related("person", "draft__person").order_by("pk"))


def cofounder(key: str) -> Cofounder | None:
    return Cofounder.objects.select_related("draft__person", "draft__founded", "person").filter(key=key).first()


def asked(one: FoundingDraft) -> list[Rule]:
    return policies.questions(installer.read(one.blueprint, "blueprint"))


def law(one: FoundingDraft) -> packs.Pack:
    return packs.load(one.answers.get("pack", "none"))


def document(one: FoundingDraft, **values: Any) -> Document:
    """Return what would be adopted if they signed now; `values` are tried on top.

    :raises NotARule: when a value cannot be
    """
    answers = one.answers
    guards = {rule: {"procedure": procedure} for rule, procedure in answers.get("guards", {}).items()}
    return installer.document_of(
        one.blueprint, law(one), currency=answers.get("currency", "EUR"),
        values={**answers.get("values", {}), **values.get("values", {})}, guards=guards,
    )  # fmt: skip


def digest(one: FoundingDraft) -> str:
    """Return the fingerprint of all that is signed."""
    return canonical.digest({"document": document(one), "answers": one.answers, "blueprint": one.blueprint})


def in_words(found: Document, rule_id: str, language: str) -> str:
    return bylaws.worded(rule_id, found["rules"][rule_id], language)


def lines(found: Document, rule_id: str, language: str) -> list[Line]:
    """Return the rows of a rule that is a list, as they read."""
    return articles_of.lines(rule_id, found["rules"], language)


def kinds(one: FoundingDraft) -> dict[str, Kind]:
    """Return the kinds of listing that the co-op would begin with."""
    return parse_kinds(installer.configuration(one.blueprint).get("kinds"))


def guards(found: Document, rule_id: str) -> list[tuple[str, str]]:
    """Return which procedures could guard a rule, in words."""
    delay = found["rules"][rule_id]["delay_days"]
    names = [name for name, one in found["procedures"].items() if one["kind"] != "never"]
    ranked = sorted(names, key=lambda name: found["procedures"][name]["rank"])
    own = found["rules"][rule_id]["procedure"]
    rule, law = found["rules"][rule_id], packs.load(found["pack"]).majority.get("bylaws", {})
    kept = [name for name in ranked if name in ("simple", "special", own)]
    if rule["tier"] in majority.OF_THE_BYLAWS:
        kept = [name for name in kept if majority.is_enough(found["procedures"][name], law)]
    return [(name, guard(found["procedures"][name], found["rules"], delay)) for name in kept]


def chosen(rule_id: str, unit: str) -> list[Any]:
    """Return what the co-ops of this server have as the value of a rule, where it is of the same unit."""
    with every_coop(reason="rules are public: founders see what others chose"):
        latest = BylawsVersion.objects.filter(coop=OuterRef("coop")).order_by("-number").values("pk")[:1]
        rows = BylawsVersion.objects.filter(pk=Subquery(latest)).order_by("-pk")[:200]
        found = [row.document["rules"].get(rule_id) for row in rows]
    return [rule["value"] for rule in found if rule and rule["unit"] == unit]


def class_choices(one: FoundingDraft) -> list[MemberClass]:
    """Return the classes that a person can found in."""
    found = classes(document(one)["rules"]["members.classes"]["value"])
    return [member_class for member_class in found.values() if member_class.is_for_persons]


def articles(found: Document, language: str) -> list[tuple[str, list[bylaws.Clause]]]:
    """Return the whole bylaws in words, by heading, for reading before signing."""
    return bylaws.preview(found, language)


def in_two(one: FoundingDraft, found: Document, language: str) -> tuple[list[Part], list[Part]]:
    """Return the bylaws by heading in two parts: what founders were asked or answered, and what is the blueprint's."""
    own = {rule.id for rule in asked(one)} | set(one.answers.get("values", {}))
    theirs, others = list[Part](), list[Part]()
    for heading, clauses in articles(found, language):
        for part, chosen_here in ((theirs, True), (others, False)):
            if kept := [clause for clause in clauses if (clause.id in own) is chosen_here]:
                part.append((heading, kept))
    return theirs, others


def first_officers(one: FoundingDraft) -> list[tuple[str, list[str]]]:
    """Return by office the names of those who hold it first."""
    names = {"me": one.person.name if one.person else "", **{str(other.pk): other.name for other in cofounders(one)}}
    chosen_ones = one.answers.get("offices") or {"board": ["me"]}
    found = [(office, [names[key] for key in chosen_ones.get(office, []) if key in names]) for office in policies.OFFICES]
    return [(office, holders) for office, holders in found if holders]


def usual_class(one: FoundingDraft) -> str:
    """Return the class in which the founders are members unless they say otherwise."""
    choices = [member_class.id for member_class in class_choices(one)]
    wanted = installer.read(one.blueprint, "blueprint").get("founder_class", "")
    return wanted if wanted in choices else choices[0]


def suggested(blueprint: str) -> list[tuple[Rule, Any]]:
    """Return the questions of a blueprint with the value that it suggests for each."""
    found = installer.document_of(blueprint, packs.load("none"), currency="EUR", values={}, guards={})
    return [(rule, found["rules"][rule.id]["value"]) for rule in policies.questions(installer.read(blueprint, "blueprint"))]


# ---------------------------------------------------------------------------------------------------------- what is next

# So long after the founding the desk names what a co-op usually does first; then it is left in peace.
FIRST_STEPS_FOR = timedelta(days=90)


@dataclass(frozen=True)
class FirstStep:
    """Something a new co-op does first. It is ticked off by what is there, not by anybody's hand."""

    title: str
    why: str
    url: str
    is_done: bool


def first_steps(by: Principal, at: datetime) -> dict[str, Any] | None:
    """Return what the founders see on their desk until all of it is done."""
    if not by.roles & {"board", "founder"} or by.coop_id is None:
        return None
    coop = coops.of_scope(by.coop_id)
    if coop.founded_at is None or at > coop.founded_at + FIRST_STEPS_FOR:
        return None
    steps = _first_steps(coop)
    done = sum(step.is_done for step in steps)
    return {"steps": steps, "done": done, "whole": len(steps)} if done < len(steps) else None


def _first_steps(coop: Coop) -> list[FirstStep]:
    def page(name: str, *more: str) -> str:
        return reverse(name, urlconf=coops.COOP_URLS) + "".join(more)

    begun = FoundingDraft.objects.filter(founded=coop).first()
    founders = 1 + (begun.cofounders.count() if begun else 0)
    steps = [
        FirstStep(
            _("Invite people"), _("Send them the page on which they join."), page("members:join"),
            Membership.objects.count() > founders,
        ),
        FirstStep(
            _("Say where payments go"), _("The co-op’s own bank account stands on what customers pay by transfer."),
            page("bank:index"), bank.details_of(None) is not None,
        ),
        FirstStep(
            _("Write a page"), _("Who you are, how you work, whom to ask."), page("pages:index"), Page.objects.exists(),
        ),
        FirstStep(
            _("Hang up your logo"), _("And paint the shop in your colors."), page("coops:settings", "#logo"),
            coop.logo_id is not None,
        ),
    ]  # fmt: skip
    if any(not kind.offered_by_coop for kind in catalog.kinds().values()):
        offer = FirstStep(
            _("Offer something"), _("A title, a few sentences and a photo are enough to begin."), page("catalog:choose"),
            Listing.objects.exists(),
        )  # fmt: skip
    else:
        offer = FirstStep(
            _("Enter when somebody is free"), _("Customers choose from the hours of a calendar."), page("booking:index"),
            Resource.objects.exists(),
        )  # fmt: skip
    return [steps[0], offer, *steps[1:]]
