"""How the books call what is in this room, who may open its receipts, and what is kept about a person."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.money.ledger.queries.names import Named
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import queries as members
from toadlane.trade.assignments.models import Activity, Assignment, Contract, Outlay
from toadlane.trade.assignments.permissions import SEE
from toadlane.trade.assignments.queries.activities import activities, outlay


def _ids(ids: list[str]) -> list[str]:
    return [pk for pk in ids if pk.isascii() and pk.isdigit()]


def _sees_all(by: Principal | None) -> bool:
    return by is not None and bool(by.roles & {"board", "treasurer", "coordinator"})


def activity_names(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    """Name activities; their pages are given to the offices only, since others may not open each of them."""
    rows = Activity.objects.filter(pk__in=_ids(ids))
    return {str(row.pk): Named(row.name, _page("activity", row.pk) if _sees_all(by) else "") for row in rows}


def assignment_names(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    rows = Assignment.objects.filter(pk__in=_ids(ids)).values_list("pk", "number")
    return {
        str(pk): Named(_("Client order %(number)s") % {"number": number}, _page("order", pk) if _sees_all(by) else "")
        for pk, number in rows
    }


def contract_names(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    rows = Contract.objects.filter(pk__in=_ids(ids)).values_list("pk", "activity_id")
    return {
        str(pk): Named(_("Contract of work %(number)s") % {"number": pk}, _page("activity", activity_id) if _sees_all(by) else "")
        for pk, activity_id in rows
    }


def outlay_names(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    rows = Outlay.objects.filter(pk__in=_ids(ids)).values_list("pk", "activity_id")
    return {
        str(pk): Named(_("Outlay %(number)s") % {"number": pk}, _page("activity", activity_id) if _sees_all(by) else "")
        for pk, activity_id in rows
    }


def guarantee_names(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    return {pk: Named(_("Guarantee fund"), _page("office") if _sees_all(by) else "") for pk in ids}


def _page(name: str, *args: int) -> str:
    return reverse(f"assignments:{name}", urlconf=COOP_URLS, args=list(args))


def reads(by: Principal, pk: str) -> bool:
    """Whether somebody may open the receipts of an outlay."""
    found = outlay(int(pk)) if pk.isascii() and pk.isdigit() else None
    return found is not None and bool(by.may(SEE, found.activity))


def own_data(*, person_id: int) -> list[dict[str, Any]]:
    """Return a person's activities, contracts and outlays, for themselves to take along."""
    mine = members.of_person(person_id).values("pk")
    part = Q(manager_id=person_id) | Q(seats__person_id=person_id)
    told: list[dict[str, Any]] = [
        {"activity": row.name, "opened_at": row.opened_at} for row in activities().filter(part).distinct()
    ]
    fields = ("trade", "first_day", "last_day", "days", "part", "gross_minor", "net_minor", "currency", "state", "paid_at")
    told += [{name: getattr(row, name) for name in fields} for row in Contract.objects.filter(membership__in=mine).order_by("pk")]
    names = ("purpose", "amount_minor", "currency", "state", "asked_at")
    told += [{name: getattr(row, name) for name in names} for row in Outlay.objects.filter(membership__in=mine).order_by("pk")]
    return told
