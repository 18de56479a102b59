"""Founding over REST: what the pages ask in ten minutes, in one call; or answer by answer, with others who sign."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status

from toadlane.blueprints.founding import policies, queries, schemas, services
from toadlane.blueprints.founding.models import Cofounder, FoundingDraft
from toadlane.kernel.currencies import exponent
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import queries as coops
from toadlane.ui.phones import e164

server = Router(tags=["founding"])


class NoSuchTimeZone(Expected):
    words = _("There is no such time zone. Write one like Europe/Dublin.")
    status = 422
    field = "time_zone"


class CannotBeReached(Expected):
    words = _("Give an e-mail address or a phone number, so that we can ask them.")

    status = 422
    field = "email"


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@server.get("/blueprints", auth=None, response=list[schemas.BlueprintOut], summary="What one can found from")
@bounded("the blueprints of the server")
def blueprints(request: CoopRequest) -> Any:
    return [
        {
            "id": one.id, "name": one.name, "purpose": one.purpose, "picture": one.picture,
            "questions": [
                {
                    "id": rule.id, "type": rule.type, "unit": rule.unit, "question": str(rule.question), "why": str(rule.why),
                    "suggested": value, "options": list(rule.options),
                }
                for rule, value in queries.suggested(one.id)
            ],
        }
        for one in queries.offers(_language())
    ]  # fmt: skip


@server.get("/packs", auth=None, response=list[schemas.PackOut], summary="The legal forms, with their floors and caps")
@bounded("the legal forms that the server knows")
def legal_forms(request: CoopRequest) -> Any:
    names = ("id", "version", "names", "countries", "law", "founders", "bounds", "suggestions", "deadlines")
    return [{name: getattr(pack, name) for name in names} for pack in packs.every()]


@server.post("", response={201: schemas.FoundOut}, summary="Found a co-op")
def found(request: CoopRequest, data: schemas.FoundIn) -> Any:
    """Open a co-op at its own address, with you as its founder and first board. Its bylaws are version 1."""
    if data.time_zone not in available_timezones():
        raise NoSuchTimeZone
    exponent(data.currency)
    answers = data.dict(exclude={"blueprint"})
    answers["slug"] = data.slug or policies.short_name(data.name)
    answers["currency"] = data.currency.upper()
    coop = services.found_at_once(
        blueprint=data.blueprint, answers=answers, person=request.user, by=request.by, at=request.now,
        sandbox=settings.TOADLANE_SANDBOX,
    )  # fmt: skip
    return Status(201, _founded(coop))


def _founded(coop: Any) -> dict[str, Any]:
    return {
        "id": coop.pk, "slug": coop.slug, "name": coop.name, "address": coops.home(coop),
        "api": f"{settings.TOADLANE_ORIGIN}/api/v1/coops/{coop.slug}/", "bylaws_version": 1, "sandbox": coop.is_sandbox,
        "founded_at": coop.founded_at,
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------- answer by answer
@server.get("/drafts", response=list[schemas.DraftOut], summary="What I am founding, the newest first")
@paged("-pk", tell=each(lambda one: _draft(one)))
def drafts(request: CoopRequest) -> Any:
    return queries.drafts_of(request.by.person_id or 0)


@server.post("/drafts", response={201: schemas.DraftOut}, summary="Begin to found, answer by answer")
def begin(request: CoopRequest, data: schemas.DraftIn) -> Any:
    """Every rule begins as the blueprint has it. Nobody sees the draft but you and whom you ask to found with you."""
    made = services.begin(blueprint=data.blueprint, person=request.user, by=request.by, at=request.now)
    return Status(201, _draft(made))


@server.get("/drafts/{int:pk}", response=schemas.DraftOut, summary="What was answered, what is missing, who has signed")
def draft(request: CoopRequest, pk: int) -> Any:
    return _draft(_own(request, pk))


@server.patch("/drafts/{int:pk}", response=schemas.DraftOut, summary="Answer some questions")
def answer(request: CoopRequest, pk: int, data: schemas.AnswersIn) -> Any:
    """Whatever the law of the chosen form forbids is refused, and nothing is kept then. Signatures given before are void."""
    found = _own(request, pk)
    answers = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    if blueprint := answers.pop("blueprint", ""):
        services.change_trade(draft=found, blueprint=blueprint, by=request.by)
    if answers.get("time_zone", "UTC") not in available_timezones():
        raise NoSuchTimeZone
    if "currency" in answers:
        answers["currency"] = answers["currency"].upper()
        exponent(answers["currency"])
    if "name" in answers and not (answers.get("slug") or found.answers.get("slug")):
        answers["slug"] = policies.short_name(answers["name"])
    return _draft(services.answer(draft=found, answers=answers, by=request.by))


@server.post("/drafts/{int:pk}/founders", response={201: schemas.DraftOut}, summary="Ask somebody to found with you")
def ask(request: CoopRequest, pk: int, data: schemas.CofounderIn) -> Any:
    """They are sent a letter with an address of their own, where they read everything and sign."""
    found = _own(request, pk)
    try:
        if data.email:
            validate_email(data.email)
        phone = e164(data.phone, found.answers.get("country", "")) if data.phone else ""
    except ValidationError as error:
        raise CannotBeReached(error.messages[0], field="phone" if error.code == "phone" else "email") from error
    if not (data.email or phone):
        raise CannotBeReached
    services.ask_to_found(draft=found, name=data.name, email=data.email, phone=phone, by=request.by, at=request.now, link=_link)
    return Status(201, _draft(found))


def _link(key: str) -> str:
    return str(settings.TOADLANE_ORIGIN + reverse("founding:sign", args=[key]))


@server.post("/drafts/{int:pk}/founders/{int:asked}/again", response=schemas.DraftOut, summary="Write to somebody once more")
def ask_again(request: CoopRequest, pk: int, asked: int) -> Any:
    """They lost the letter, or signed before an answer changed. The address in the letter stays the same."""
    services.ask_again(cofounder=_asked_by(request, pk, asked), link=_link, by=request.by, at=request.now)
    return _draft(_own(request, pk))


@server.delete("/drafts/{int:pk}/founders/{int:asked}", response={204: None}, summary="Ask somebody no longer")
def no_longer_ask(request: CoopRequest, pk: int, asked: int) -> Any:
    services.no_longer_ask(cofounder=_asked_by(request, pk, asked), by=request.by)
    return Status(204, None)


def _asked_by(request: CoopRequest, pk: int, asked: int) -> Cofounder:
    found = next((one for one in queries.cofounders(_own(request, pk)) if one.pk == asked), None)
    if found is None:
        raise Http404
    return found


@server.get("/drafts/{int:pk}/bylaws", response=list[schemas.ArticleOut], summary="The bylaws as they would be adopted, in words")
@bounded("the articles of the bylaws")
def bylaws(request: CoopRequest, pk: int) -> Any:
    return _articles(_own(request, pk))


@server.post("/drafts/{int:pk}/sign", response={201: schemas.FoundOut}, summary="Sign as the first founder, and open the co-op")
def sign_and_found(request: CoopRequest, pk: int, data: schemas.DigestIn) -> Any:
    """Everybody who was asked has to have signed the same. Signed again, it is the same co-op."""
    coop = services.found(
        draft=_own(request, pk, founded=True),
        digest=data.digest,
        by=request.by,
        at=request.now,
        sandbox=settings.TOADLANE_SANDBOX,
    )
    return Status(201, _founded(coop))


@server.get("/asked/{key}", auth=None, response=schemas.AskedOut, summary="What I am asked to found")
def asked(request: CoopRequest, key: str) -> Any:
    """Whoever has the address of the letter may read it."""
    return _asked(_cofounder(key))


@server.post("/asked/{key}", response=schemas.AskedOut, summary="Sign it")
def sign(request: CoopRequest, key: str, data: schemas.DigestIn) -> Any:
    """You sign for yourself, as whoever you are signed in as. If an answer has changed since you read it, read it again."""
    found = _cofounder(key)
    return _asked(services.sign(cofounder=found, person=request.user, digest=data.digest, by=request.by, at=request.now))


def _own(request: CoopRequest, pk: int, *, founded: bool = False) -> FoundingDraft:
    found = queries.draft(pk, founded=founded)
    if found is None or found.person_id is None or found.person_id != request.by.person_id:
        raise Http404
    return found


def _cofounder(key: str) -> Cofounder:
    found = queries.cofounder(key)
    if found is None:
        raise Http404
    return found


def _draft(one: FoundingDraft) -> dict[str, Any]:
    document, digest = queries.document(one), queries.digest(one)
    return {
        "id": one.pk, "blueprint": one.blueprint, "answers": one.answers, "digest": digest,
        "missing": [name for name in services.NEEDED if not one.answers.get(name)],
        "least_founders": queries.law(one).least_founders,
        "founders": [
            {"id": o.pk, "name": o.name, "email": o.email, "phone": o.phone, "has_signed": o.signed_digest == digest}
            for o in queries.cofounders(one)
        ],
        "rules": [
            {
                "id": rule.id, "question": str(rule.question), "value": document["rules"][rule.id]["value"],
                "reads": queries.in_words(document, rule.id, _language()), "guard": document["rules"][rule.id]["procedure"],
                "guards": [name for name, _words in queries.guards(document, rule.id)],
            }
            for rule in queries.asked(one)
        ],
    }  # fmt: skip


def _articles(one: FoundingDraft) -> list[dict[str, Any]]:
    return [
        {"heading": heading, "clauses": [{"rule": clause.id, "title": clause.title, "text": clause.text} for clause in clauses]}
        for heading, clauses in queries.articles(queries.document(one), _language())
    ]


def _asked(one: Cofounder) -> dict[str, Any]:
    digest = queries.digest(one.draft)
    return {
        "name": one.draft.answers.get("name", ""), "founder": one.draft.person.name if one.draft.person else "",
        "asked": one.name, "answers": one.draft.answers, "bylaws": _articles(one.draft), "digest": digest,
        "has_signed": one.signed_digest == digest, "founded": coops.home(one.draft.founded) if one.draft.founded else "",
    }  # fmt: skip
