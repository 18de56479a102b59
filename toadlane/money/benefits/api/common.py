"""How wallets, what is asked of them and what is given to them are told over REST."""

from typing import Annotated, Any

from ninja import Header, Router

from toadlane.kernel.money import Money
from toadlane.ui import formats

router = Router(tags=["benefits"])
server = Router(tags=["benefits"])
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]


def money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def plan_out(one: Any) -> dict[str, Any]:
    names = ("rhythm", "method", "state", "next_on", "card_hint", "ended_because")
    about = {"id": one.pk, "worker": one.wallet.person.name, "payer": one.payer.name, "amount": money(one.amount)}
    return {name: getattr(one, name) for name in names} | about


def contribution_out(one: Any) -> dict[str, Any]:
    names = ("kind", "state", "note", "try_at", "asked_at")
    about = {"id": one.pk, "worker": one.wallet.person.name, "amount": money(one.amount)}
    return {name: getattr(one, name) for name in names} | about


def draw_out(one: Any) -> dict[str, Any]:
    names = ("what", "count", "credits", "way", "account", "note", "state", "reason", "asked_at")
    about = {
        "id": one.pk,
        "wallet": one.wallet_id,
        "amount": money(one.amount),
        "batch": one.batch.number if one.batch else None,
    }
    return {name: getattr(one, name) for name in names} | about


def relief_out(one: Any) -> dict[str, Any]:
    names = ("name", "phone", "need", "way", "account", "state", "reason", "asked_at")
    about = {"id": one.pk, "amount": money(one.amount), "batch": one.batch.number if one.batch else None}
    return {name: getattr(one, name) for name in names} | about
