"""Writing something down before it is brought forward: kept from page to page, to be left and taken up again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from toadlane.democracy.proposals.models import Draft, Proposal
from toadlane.democracy.proposals.permissions import DRAFT, OWN_DRAFT
from toadlane.democracy.proposals.services.amending import offer_amendment
from toadlane.democracy.proposals.services.writing import propose, revise
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def begin_draft(
    *, part: Mapping[str, Any], by: Principal, at: datetime, more: Sequence[Mapping[str, Any]] = (),
    words: Mapping[str, Any] | None = None,
) -> Draft:  # fmt: skip
    """Begin to write, with the first part of what would happen.

    :param words: title, summary and text; `amends` or `revises` is the number of the proposal that it would change
    """
    by.must(DRAFT)
    parts = [dict(one) for one in (part, *more)]
    return Draft.objects.create(person_id=by.person_id, parts=parts, words=dict(words or {}), begun_at=at, kept_at=at)


@transaction.atomic
def keep_part(*, draft: Draft, place: int, part: Mapping[str, Any] | None, by: Principal, at: datetime) -> Draft:
    """Keep one part as it stands by now; one place further is a new part, and None takes it out."""
    by.must(OWN_DRAFT, draft)
    parts = list(draft.parts)
    draft.parts = [*parts[:place], *([dict(part)] if part is not None else []), *parts[place + 1 :]]
    draft.kept_at = at
    draft.save(update_fields=["parts", "kept_at"])
    return draft


@transaction.atomic
def keep_words(*, draft: Draft, words: Mapping[str, Any], by: Principal, at: datetime) -> Draft:
    by.must(OWN_DRAFT, draft)
    draft.words, draft.kept_at = {**draft.words, **words}, at
    draft.save(update_fields=["words", "kept_at"])
    return draft


@transaction.atomic
def bring_draft(*, draft: Draft, by: Principal, at: datetime) -> Proposal:
    """Bring forward what was written; the draft has done its service."""
    by.must(OWN_DRAFT, draft)
    words = draft.words
    written = {
        "title": words.get("title", ""), "contents": draft.parts, "summary": words.get("summary", ""),
        "text": words.get("text", ""), "by": by, "at": at,
    }  # fmt: skip
    if words.get("amends"):
        proposal = Proposal.objects.get(number=words["amends"])
        offer_amendment(proposal=proposal, why=words.get("why", ""), **written)
    elif words.get("revises"):
        proposal = revise(proposal=Proposal.objects.get(number=words["revises"]), **written)
    else:
        procedure, is_petition = words.get("procedure", ""), bool(words.get("is_petition"))
        proposal = propose(procedure=procedure, is_petition=is_petition, **written)
    draft.delete()
    return proposal


@transaction.atomic
def drop_draft(*, draft: Draft, by: Principal, at: datetime) -> None:
    by.must(OWN_DRAFT, draft)
    draft.delete()
