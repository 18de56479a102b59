"""Founding a co-op, answer by answer, until everybody who founds has signed."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.blueprints import installer
from toadlane.blueprints.founding import queries
from toadlane.blueprints.founding.models import Cofounder, FoundingDraft
from toadlane.blueprints.founding.permissions import ANSWER, ASK, BEGIN, SIGN
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import queries as letters
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.coops.services import SlugTaken
from toadlane.society.people.models import Person
from toadlane.ui import formats


class NotReady(Expected):
    words = lazy("Something is still to be answered.")


class TooFewFounders(Expected):
    """The law asks for more founders."""


class NobodyCouldFound(Expected):
    words = lazy("One class of members at least has to be open to people: without them nobody could found the co-op.")
    status = 422


class SignedAlready(Expected):
    words = lazy("You have signed this already.")


class AskedAlready(Expected):
    words = lazy("They have been asked already.")


class AskedYourself(Expected):
    words = lazy("This is you. You sign last, when the others have.")


class SignedByAnother(Expected):
    words = lazy("Somebody else has signed with this link. Ask for one of your own.")


class TooManyAsked(Expected):
    words = lazy("So many have been asked that nobody more can be. Others can join when the co-op is founded.")


class ChangedMeanwhile(Expected):
    words = lazy("The answers have changed since you read them. Read them again, then sign.")


# Letters to people who are none of ours yet: enough for every founding there was, and too few to be of use to a spammer.
MOST_ASKED, LETTER = 60, "founding/asked"
OPENED = "founding/opened"
# What is said of a trade's own rules, and means nothing in another.
OF_THE_TRADE = ("values", "guards", "founder_class")
# What somebody began who never said who they are is kept for so long.
NAMELESS_LIFE = timedelta(days=30)
NEEDED = ("name", "slug", "currency", "language")


@transaction.atomic
def begin(*, blueprint: str, by: Principal, at: datetime, person: Person | None = None) -> FoundingDraft:
    """Begin to found. Nobody has to sign in for this."""
    by.must(BEGIN)
    installer.read(blueprint, "blueprint")
    FoundingDraft.objects.filter(person=None, founded=None, begun_at__lt=at - NAMELESS_LIFE).delete()
    return FoundingDraft.objects.create(blueprint=blueprint, person=person, begun_at=at)


@transaction.atomic
def claim(*, draft: FoundingDraft, person: Person, by: Principal) -> FoundingDraft:
    """Make a draft that was begun before signing in one's own."""
    by.must(ANSWER, draft)
    draft.person = person
    draft.save()
    return draft


@transaction.atomic
def change_trade(*, draft: FoundingDraft, blueprint: str, by: Principal) -> FoundingDraft:
    """Begin from another blueprint: its rules are suggested anew; name, place, law and people stay as they were answered."""
    by.must(ANSWER, draft)
    if blueprint == draft.blueprint:
        return draft
    installer.read(blueprint, "blueprint")
    draft.blueprint = blueprint
    draft.answers = {name: value for name, value in draft.answers.items() if name not in OF_THE_TRADE}
    queries.document(draft)
    draft.save()
    return draft


@transaction.atomic
def answer(*, draft: FoundingDraft, answers: Mapping[str, Any], by: Principal) -> FoundingDraft:
    """Keep some answers; `values` and `guards` are merged by rule.

    :raises SlugTaken: when another co-op has that short name
    :raises NotARule: when a rule cannot have that value, or the law forbids it
    """
    by.must(ANSWER, draft)
    if answers.get("slug") and coops.at_slug(answers["slug"]):
        raise SlugTaken(hint=_("Choose another short name."))
    merged = {**draft.answers, **answers}
    for part in ("values", "guards"):
        merged[part] = {**draft.answers.get(part, {}), **answers.get(part, {})}
    draft.answers = merged
    queries.document(draft)
    if not queries.class_choices(draft):
        raise NobodyCouldFound
    draft.save()
    return draft


@transaction.atomic
def ask_to_found(*, draft: FoundingDraft, name: str, email: str, phone: str, link: Any, by: Principal, at: datetime) -> Cofounder:
    """Ask somebody to found with the others; they get a letter with a link of their own.

    :param link: makes the address of the page to sign from a key
    :raises TooManyAsked: by one person within a day, in whatever they found
    """
    by.must(ASK, draft)
    founder = draft.person
    is_own = founder and (email.casefold() == (founder.email or "-").casefold() or (phone and phone == founder.phone))
    reached: dict[str, str] = {"email__iexact": email} if email else {"phone": phone}
    field = "email" if email else "phone"
    if is_own:
        raise AskedYourself(field=field)
    if draft.cofounders.filter(**reached).exists():
        raise AskedAlready(_("%(who)s has been asked already.") % {"who": email or phone}, field=field)
    asked = Cofounder(draft=draft, name=name, email=email, phone=phone, key=secrets.token_urlsafe(32))
    _write_to(asked, link=link, by=by, at=at)
    asked.save()
    return asked


@transaction.atomic
def ask_again(*, cofounder: Cofounder, link: Any, by: Principal, at: datetime) -> Cofounder:
    """Write once more to somebody who has not signed what would be founded now: the same link counts.

    :raises SignedAlready: when they have
    """
    by.must(ASK, cofounder.draft)
    if cofounder.signed_digest == queries.digest(cofounder.draft):
        raise SignedAlready(_("%(name)s has signed this already.") % {"name": cofounder.name})
    _write_to(cofounder, link=link, by=by, at=at)
    return cofounder


def _write_to(asked: Cofounder, *, link: Any, by: Principal, at: datetime) -> None:
    draft = asked.draft
    # Letters are counted and not rows: whoever is struck off the list has been written to all the same.
    if letters.count(template=LETTER, person_id=by.person_id, since=at - timedelta(days=1)) >= MOST_ASKED:
        raise TooManyAsked
    about = {
        "founder": draft.person.name if draft.person else "", "coop": draft.answers.get("name", ""), "url": link(asked.key),
        "has_changed": asked.signed_at is not None,
    }  # fmt: skip
    to = sending.Recipient(email=asked.email, phone=asked.phone, name=asked.name)
    language = asked.person.language if asked.person else draft.answers.get("language", "en")
    sending.send(to=to, template=LETTER, context=about, language=language, by=by, at=at)


@transaction.atomic
def no_longer_ask(*, cofounder: Cofounder, by: Principal) -> None:
    by.must(ANSWER, cofounder.draft)
    cofounder.delete()


@transaction.atomic
def sign(*, cofounder: Cofounder, person: Person, digest: str, by: Principal, at: datetime) -> Cofounder:
    """Sign for oneself what one has read.

    :param digest: of what was read
    :raises ChangedMeanwhile: when it is no longer what would be founded
    """
    by.must(SIGN)
    draft = cofounder.draft
    if draft.person_id == person.pk:
        raise AskedYourself
    if cofounder.person_id not in (None, person.pk):
        raise SignedByAnother
    if draft.founded_id or digest != queries.digest(draft):
        raise ChangedMeanwhile
    if draft.cofounders.filter(person=person).exclude(pk=cofounder.pk).exists():
        raise SignedAlready
    cofounder.person, cofounder.signed_at, cofounder.signed_digest = person, at, digest
    cofounder.save()
    return cofounder


@transaction.atomic
def found(*, draft: FoundingDraft, digest: str, by: Principal, at: datetime, sandbox: bool = False) -> Coop:
    """Sign as the first founder, and open the co-op: everybody who was asked has signed, or is asked no longer.

    :raises NotReady: while an answer or a signature is missing
    """
    by.must(SIGN)
    by.must(ANSWER, draft)
    draft = FoundingDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.founded_id:
        return coops.of_scope(draft.founded_id)
    founder = draft.person
    if founder is None or any(not draft.answers.get(name) for name in NEEDED):
        raise NotReady(hint=_("Go through the questions once more; the missing one is marked."))
    current = queries.digest(draft)
    if digest != current:
        raise ChangedMeanwhile
    others = queries.cofounders(draft)
    if waiting := [one.name for one in others if one.signed_digest != current]:
        raise NotReady(_("Not signed yet: %(names)s.") % {"names": formats.listed(waiting)})
    least = queries.law(draft).least_founders
    if 1 + len(others) < least:
        raise TooFewFounders(_("The law asks for at least %(least)s founders.") % {"least": least})
    is_sandbox = sandbox or bool(draft.answers.get("sandbox"))
    coop = _open(draft, founder, others, by=by, at=at, sandbox=is_sandbox)
    draft.founded = coop
    draft.save()
    for one in others:
        _tell_that_it_is_open(one, coop, by=by, at=at)
    return coop


def _tell_that_it_is_open(one: Cofounder, coop: Coop, *, by: Principal, at: datetime) -> None:
    """Whoever signed earlier does not sit in front of the page on which the last one signs."""
    language = one.person.language if one.person else coop.language
    to = sending.Recipient(email=one.email, phone=one.phone, name=one.person.name if one.person else one.name)
    about = {"coop": coop.name, "url": coops.address(coop, "members:desk")}
    sending.send(to=to, template=OPENED, context=about, language=language, by=by, at=at)


ABOUT = ("tagline", "language", "country", "time_zone", "place", "latitude", "longitude", "legal_name", "address")


@transaction.atomic
def found_at_once(
    *, blueprint: str, answers: Mapping[str, Any], person: Person, by: Principal, at: datetime, sandbox: bool = False
) -> Coop:
    """Found alone, all answers given: one transaction, so that a founding that fails leaves no draft behind.

    :raises Expected: whatever `answer` and `found` raise
    """
    by.must(SIGN)
    draft = begin(blueprint=blueprint, person=person, by=by, at=at)
    answer(draft=draft, answers=answers, by=by)
    return found(draft=draft, digest=queries.digest(draft), by=by, at=at, sandbox=sandbox)


def _open(draft: FoundingDraft, founder: Person, others: list[Cofounder], *, by: Principal, at: datetime, sandbox: bool) -> Coop:
    answers = draft.answers
    people = {"me": founder, **{str(one.pk): one.person for one in others if one.person}}
    offices = {office: [people[key] for key in keys if key in people] for office, keys in answers.get("offices", {}).items()}
    offices = {office: holders for office, holders in offices.items() if holders}
    offices.setdefault("board", [founder])
    return installer.found(
        blueprint=draft.blueprint, name=answers["name"], slug=answers["slug"], founder=founder,
        founders=[one.person for one in others if one.person], founder_class=answers.get("founder_class", ""), offices=offices,
        values=answers.get("values", {}), pack=answers.get("pack", "none"), currency=answers["currency"], sandbox=sandbox,
        guards={rule: {"procedure": name} for rule, name in answers.get("guards", {}).items()},
        signed_at={one.person_id: one.signed_at for one in others if one.person_id and one.signed_at}, by=by, at=at,
        **{name: answers[name] for name in ABOUT if answers.get(name) not in (None, "")},
    )  # fmt: skip
