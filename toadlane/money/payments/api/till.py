"""The card page: whoever holds the address of a payment may pay it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.money.payments import queries, schemas
from toadlane.money.payments import services as payments
from toadlane.money.payments.api.common import money, server
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops


class NotByCard(Expected):
    words = lazy("This is not paid by card.")


class NothingToConfirm(Expected):
    words = lazy("Nobody asked for a confirmation, or it has been given.")


@contextmanager
def _till(request: CoopRequest, token: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Enter the co-op that a payment belongs to: who holds its address may pay, whoever they are."""
    found = queries.at_token(token)
    if found is None:
        raise Http404
    with scope(found.coop_id):
        now = clock.now(coops.of_scope(found.coop_id).tenant)
        by = Principal(coop_id=found.coop_id, channel=Channel.API, person_id=request.by.person_id, scopes=request.by.scopes)
        yield found, {"by": by, "at": now}


def _at_till(row: Any) -> dict[str, Any]:
    return {
        "state": row.state, "method": row.method, "reason": row.reason, "amount": money(row.amount), "reference": row.reference,
        "action_url": row.action_url if row.state == "requires_action" else "", "title": queries.subject_label(row.subject),
    }  # fmt: skip


@server.get("/{token}", auth=None, response=schemas.TillOut, summary="What is to be paid at this address, and how it stands")
def till(request: CoopRequest, token: str) -> Any:
    with _till(request, token) as (found, _who):
        return _at_till(found)


@server.post("/{token}", auth=None, response=schemas.TillOut, summary="Pay it by card")
def pay(request: CoopRequest, token: str, card: schemas.CardIn) -> Any:
    """Whoever has the address may pay. A payment is charged once, however often this is sent; a declined card leaves it open."""
    with _till(request, token) as (found, who):
        if found.method != "card":
            raise NotByCard(hint=_("Its page says how it is paid."))
        return _at_till(payments.authorise(payment=found, instrument=payments.Card(**card.dict()), **who))


@server.post("/{token}/confirm", auth=None, response=schemas.TillOut, summary="Say that the bank has been told that it is you")
def confirm_card(request: CoopRequest, token: str) -> Any:
    """For a payment in `requires_action`. To take another card instead, pay again."""
    with _till(request, token) as (found, who):
        if found.method != "card" or found.state != "requires_action":
            raise NothingToConfirm
        return _at_till(payments.authorise(payment=found, instrument=payments.KeptCard(found.provider_ref), **who))


@server.post("/{token}/page", auth=None, response=schemas.TillOut, summary="Be led to the card company's page")
def lead_on(request: CoopRequest, token: str) -> Any:
    """Where cards are paid at the company's own page: it is at `action_url`. Sent again, it is the same page while it is open."""
    with _till(request, token) as (found, who):
        return _at_till(payments.lead_on(payment=found, title=queries.subject_label(found.subject) or found.subject, **who))


@server.post("/{token}/look", auth=None, response=schemas.TillOut, summary="Ask the card company what the payer has done there")
def look(request: CoopRequest, token: str) -> Any:
    with _till(request, token) as (found, who):
        is_elsewhere = found.state == "requires_action" and payments.provider_of(found.provider).is_hosted
        return _at_till(payments.lead_on(payment=found, opens=False, **who) if is_elsewhere else found)
