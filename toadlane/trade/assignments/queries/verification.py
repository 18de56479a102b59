"""Whether it all holds: budgets, advances, and wages on their day."""

from django.db.models import Sum

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.assignments.models import Activity, Assignment, Contract
from toadlane.trade.assignments.queries.activities import BUDGETS
from toadlane.trade.assignments.queries.orders import ADVANCES, CREDIT, FUND, FUNDS_SIDE, why_not_guaranteed


def _currencies() -> list[str]:
    return sorted(set(Activity.objects.values_list("currency", flat=True)))


def budgets() -> Finding:
    """Every budget belongs to an activity, none is overdrawn, and no share was bought from one."""
    known = {f"activity:{pk}" for pk in Activity.objects.values_list("pk", flat=True)}
    rows = [row for currency in _currencies() for row in books.holders(BUDGETS, currency)]
    faults = [f"{row.holder} is no activity" for row in rows if row.holder not in known]
    faults += [f"{row.holder} is overdrawn by {row.amount}" for row in rows if row.minor > 0]
    spent = Posting.objects.filter(account__code=BUDGETS, entry__postings__account__code__in=("1300", "3000"))
    faults += [f"entry {one.entry_id} pays for shares out of a budget" for one in spent.distinct()]
    return Finding(len(rows), faults)


def advances() -> Finding:
    """What the guarantee fund has out for an order is what wages of it drew and has not come back, until its client pays."""
    drawn = Contract.objects.filter(assignment__state=Assignment.State.INVOICED, drawn_minor__gt=0).order_by()
    wanted = dict(drawn.values_list("assignment_id").annotate(total=Sum("drawn_minor")))
    back = Posting.objects.filter(
        account__code=ADVANCES, holder__in=[f"assignment:{pk}" for pk in wanted], entry__key__startswith="assignment:"
    )
    returned = dict(back.order_by().values_list("holder").annotate(total=Sum("minor")))
    expected = {holder: total - returned.get(holder, 0) for pk, total in wanted.items() for holder in [f"assignment:{pk}"]}
    rows = [row for unit in _currencies() for row in books.holders(ADVANCES, unit) if row.minor]
    booked = {row.holder: -row.minor for row in rows if row.holder != FUNDS_SIDE}
    faults = [
        f"{holder}: wages drew {expected.get(holder, 0)}, the books say {booked.get(holder, 0)}"
        for holder in sorted({*expected, *booked})
        if expected.get(holder, 0) != booked.get(holder, 0)
    ]
    for unit in _currencies():
        out, there = books.balance(ADVANCES, unit, FUNDS_SIDE).minor, -books.balance(FUND, unit).minor
        faults += [f"{out} {unit} are advanced, and the fund has {there}"] if out > there else []
    return Finding(len({*expected, *booked}), faults)


def owed() -> Finding:
    """What the books say a client owes is what the invoice says, less credit notes and what was paid."""
    rows = list(Assignment.objects.filter(invoice__isnull=False).order_by("pk"))
    booked = {row.holder: row.minor for unit in _currencies() for row in books.holders("1200", unit)}
    faults = []
    for one in rows:
        wanted = one.to_pay.minor if one.state == Assignment.State.INVOICED else 0
        if (there := booked.get(one.subject, 0)) != wanted:
            faults.append(f"{one.subject}: {wanted} are owed, the books say {there}")
    held = [row for unit in _currencies() for row in books.holders(CREDIT, unit)]
    faults += [f"{row.holder} was given back {row.minor} more than it had" for row in held if row.minor > 0]
    return Finding(len(rows), faults)


def wages_in_time() -> Finding:
    """No wage waits beyond its day that a paid order, a budget or the guarantee fund answers for."""
    at = clock.now(Tenant.objects.get(pk=current_coop_id()))
    late = Contract.objects.filter(state=Contract.State.PLANNED, pay_by__lt=invoicing.local_day(at)).select_related("assignment")
    faults = [f"contract {one.pk} was to be paid by {one.pay_by}" for one in late if _answered_for(one)]
    return Finding(len(late), faults)


def _answered_for(contract: Contract) -> bool:
    order = contract.assignment
    return order is None or order.state == Assignment.State.PAID or not why_not_guaranteed(order)
