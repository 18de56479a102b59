"""What is kept about a person: for their own page over all co-ops, for the export, and for whoever wants to leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.benefits.models import Contribution, Draw, Invitation, Plan, Pledge, Relief, Wallet
from toadlane.money.benefits.queries.terms import units
from toadlane.money.benefits.queries.wallets import balance, of_person
from toadlane.plumbing.tenancy.scope import current_coop_id, every_coop, scope
from toadlane.society.coops import queries as coops
from toadlane.ui import formats


@dataclass(frozen=True)
class Kept:
    """One wallet of a person, with the co-op that holds the money."""

    coop: str
    url: str
    balance: Money
    credits: int


def own_wallets(person_id: int) -> Sequence[Kept]:
    """Return every wallet of a person on this server, whichever co-op holds it. Asked outside every co-op."""
    with every_coop(reason="one's own wallets over all co-ops"):
        rows = list(Wallet.objects.filter(person_id=person_id).order_by("opened_at", "pk"))
    found, named = [], coops.named({row.coop_id for row in rows})
    for row in rows:
        with scope(row.coop_id):
            there = balance(row)
            url = coops.address(named[row.coop_id], "benefits:mine")
            found.append(Kept(named[row.coop_id].name, url, there, units().credits(there)))
    return found


def has_wallets(person_id: int) -> bool:
    """Tell whether somebody has a wallet at any co-op of this server."""
    with every_coop(reason="one's own wallets over all co-ops"):
        return Wallet.objects.filter(person_id=person_id).exists()


def balance_kept_elsewhere(person_id: int, coop_id: int) -> bool:
    """Tell whether a person has a wallet at another co-op of this server."""
    with every_coop(reason="one's own wallets over all co-ops"):
        return Wallet.objects.filter(person_id=person_id).exclude(coop_id=coop_id).exists()


def reason_to_stay(person_id: int) -> str:
    """Return what keeps a person from closing their account: money in a wallet would belong to nobody."""
    wallet = of_person(person_id)
    if wallet is None or balance(wallet).minor <= 0:
        return ""
    about = {"amount": formats.money(balance(wallet)), "coop": coops.of_scope(current_coop_id()).name}
    return _("There is %(amount)s in your wallet at %(coop)s. Take it out first, or bring it to another co-op.") % about


def own_data(*, person_id: int) -> dict[str, Any]:
    """Return a person's wallet, promises, requests and pledges in the co-op in scope, for themselves to take along."""
    wallet = of_person(person_id)
    inside = Contribution.objects.filter(wallet=wallet, state=Contribution.State.PAID).order_by("pk") if wallet else []
    drawn = Draw.objects.filter(wallet=wallet).order_by("pk") if wallet else []
    asked = Relief.objects.filter(person_id=person_id).order_by("pk")
    return {
        "wallet": {"balance": str(balance(wallet)), "opened_at": wallet.opened_at.isoformat()} if wallet else None,
        "paid_in": [{"amount": str(one.amount), "kind": one.kind, "at": _iso(one.ended_at)} for one in inside],
        "taken_out": [
            {"what": one.what, "credits": one.credits, "amount": str(one.amount), "state": one.state, "account": one.account,
             "note": one.note, "asked_at": _iso(one.asked_at)} for one in drawn
        ],
        "plans": [
            {"amount": str(one.amount), "rhythm": one.rhythm, "state": one.state, "begun_at": _iso(one.begun_at)}
            for one in Plan.objects.filter(payer_id=person_id).order_by("pk")
        ],
        "given": [
            {"amount": str(one.amount), "kind": one.kind, "state": one.state, "asked_at": _iso(one.asked_at)}
            for one in Contribution.objects.filter(payer_id=person_id).order_by("pk")
        ],
        "invitations": [
            {"role": one.role, "phone": one.phone, "at": _iso(one.invited_at)}
            for one in Invitation.objects.filter(invited_by_id=person_id).order_by("pk")
        ],
        "help": [
            {"name": one.name, "phone": one.phone, "need": one.need, "account": one.account, "amount": str(one.amount),
             "state": one.state, "asked_at": _iso(one.asked_at)} for one in asked
        ],
        "pledges": [
            {"name": one.name, "website": one.website, "actions": one.actions, "state": one.state}
            for one in Pledge.objects.filter(person_id=person_id).order_by("pk")
        ],
    }  # fmt: skip


def _iso(at: Any) -> str:
    return at.isoformat() if at else ""
