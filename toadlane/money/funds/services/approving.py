"""What a passed decision allows to be spent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from toadlane.democracy.proposals.models import Decision
from toadlane.kernel import canonical
from toadlane.money.funds import queries
from toadlane.money.funds.events import SpendingApproved
from toadlane.money.funds.models import Approval, Expense
from toadlane.money.funds.permissions import APPROVE
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events


@transaction.atomic
def approve(*, terms: Mapping[str, Any], decision: str, by: Principal, at: datetime) -> Approval:
    """Allow spending, because the members decided so. Asked again for the same decision it returns what is there.

    :param terms: the payload of the decision; `expense` puts a claim that waits for it under it
    """
    by.must(APPROVE)
    digest = canonical.digest(dict(terms))
    # The enactment holds the co-op's lock: nobody does this at the same time.
    known = Approval.objects.filter(decision__name=decision, digest=digest).first()
    if known:
        return known
    until, member = terms.get("until"), queries.grantee(terms.get("member") or 0)
    made = Approval.objects.create(
        decision=Decision.objects.get(name=decision), digest=digest, amount_minor=terms["amount"],
        currency=terms.get("currency") or queries.currency(), purpose=str(terms["purpose"])[:200], source=terms["source"],
        payee=_payee(terms, member), until=date.fromisoformat(until) if until else None, approved_at=at,
        **({"granted_to": member, "grant_year": queries.year_of(at)} if member else {}),
    )  # fmt: skip
    _put_under(made, queries.expense(terms.get("expense") or 0))
    events.publish(
        SpendingApproved(approval_id=made.pk, decision=decision, amount_minor=made.amount_minor, currency=made.currency)
    )
    return made


def _payee(terms: Mapping[str, Any], member: Any) -> str:
    return (member.name if member else str(terms.get("payee") or "").strip())[:160]


def _put_under(made: Approval, claimed: Expense | None) -> None:
    """Let what was bought for rest on it, where it still waits and is what members decided about."""
    if claimed is None or claimed.state != Expense.State.OPEN or claimed.approval is not None:
        return
    if claimed.currency == made.currency and claimed.amount_minor <= made.amount_minor and made.pays(claimed.payee):
        Expense.objects.filter(pk=claimed.pk).update(approval=made, source=made.source)
