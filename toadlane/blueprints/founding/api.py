"""Founding over REST: what the pages ask in ten minutes, in one call."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Router

from toadlane.blueprints.founding import queries, schemas, services
from toadlane.kernel.currencies import exponent
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import queries as coops

router = Router(tags=["founding"])
server = Router(tags=["founding"])


class NoSuchTimeZone(Expected):
    words = _("There is no such time zone. Write one like Europe/Dublin.")
    status = 422
    field = "time_zone"


@server.get("/blueprints", auth=None, response=list[schemas.BlueprintOut], summary="What one can found from")
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
        for one in queries.offers((get_language() or "en").split("-")[0])
    ]  # fmt: skip


@server.get("/packs", auth=None, response=list[schemas.PackOut], summary="The legal forms, with their floors and caps")
def legal_forms(request: CoopRequest) -> Any:
    names = ("id", "version", "names", "countries", "law", "founders", "bounds", "suggestions", "deadlines")
    return [{name: getattr(pack, name) for name in names} for pack in packs.every()]


@server.post("", response={201: schemas.FoundOut}, summary="Found a co-op")
def found(request: CoopRequest, data: schemas.FoundIn) -> Any:
    """Open a co-op at its own address, with you as its founder and first board. Its bylaws are version 1."""
    if data.time_zone not in available_timezones():
        raise NoSuchTimeZone
    exponent(data.currency)
    draft = services.begin(blueprint=data.blueprint, person=request.user, by=request.by, at=request.now)
    answers = data.dict(exclude={"blueprint"})
    answers["slug"] = data.slug or slugify(data.name)[:60].strip("-")
    answers["currency"] = data.currency.upper()
    try:
        services.answer(draft=draft, answers=answers, by=request.by)
        coop = services.found(
            draft=draft, digest=queries.digest(draft), by=request.by, at=request.now, sandbox=settings.TOADLANE_SANDBOX
        )
    except Expected:
        draft.delete()
        raise
    return 201, {
        "id": coop.pk, "slug": coop.slug, "name": coop.name, "address": coops.home(coop),
        "api": f"{settings.TOADLANE_ORIGIN}/api/v1/coops/{coop.slug}/", "bylaws_version": 1, "sandbox": coop.is_sandbox,
        "founded_at": coop.founded_at,
    }  # fmt: skip
