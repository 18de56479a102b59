"""What a provider holds by its own account and by our books, and what is under way between the two."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import Carried, Comparison, Errand, Payment, Payout, Refund, State, TakeBack
from toadlane.money.payments.queries.offers import is_set_up
from toadlane.money.payments.rules import known
from toadlane.plumbing.tenancy.scope import current_coop_id, every_coop
from toadlane.society.coops import queries as coops

# Compared every day: after this nobody has been able to ask.
STALE = timedelta(days=3)
MOST = 200  # Comparisons looked at for the latest ones.


def comparable() -> list[str]:
    """Return the companies that say what they hold for this co-op alone, and at which it was paid."""
    names = Payment.objects.order_by().values_list("provider", flat=True).distinct()
    found = known.providers()
    return sorted(name for name in names if found[name].tells_balance and is_set_up(name) and not is_shared(name))


def is_shared(provider: str) -> bool:
    """Whether other co-ops of this server are paid into the same account: its balance then is not one co-op's."""
    if not known.providers()[provider].tells_balance:
        return False
    mine = current_coop_id()
    with every_coop(reason="whose account it is, is the operator's setting"):
        others = Payment.objects.filter(provider=provider).exclude(coop_id=mine).order_by().values_list("coop_id", flat=True)
        ids = list(others.distinct())
    return any(_keys(provider, pk) == _keys(provider, mine) for pk in ids)


def _keys(provider: str, coop_id: int) -> list[str]:
    one, slug = known.providers()[provider], coops.of_scope(coop_id).slug
    return [one.value(settings.TOADLANE_PROVIDERS, asked.name, slug) for asked in one.settings]


def booked_at(provider: str) -> dict[str, int]:
    """Return what the books say a provider holds, by currency."""
    currencies = {row.currency for row in ledger.balances() if row.code == "1100"}
    return {currency: ledger.balance("1100", currency, provider).minor for currency in sorted(currencies)}


def under_way(provider: str, currency: str) -> list[dict[str, object]]:
    """Return what may be done there and is not booked here: its kind, how many, and what it would add there."""
    mine = Payment.objects.filter(provider=provider, currency=currency)
    asked = ~Q(doing="") | Q(state__in=(State.UNKNOWN, State.REQUIRES_ACTION))
    errands = Q(state__in=(Errand.ASKED, Errand.UNKNOWN))
    found: Iterable[tuple[str, QuerySet[Payment] | QuerySet[Refund], str, int]] = (
        ("payments", mine.filter(asked), "amount_minor", 1),
        # What the company kept for itself is not known yet: at most the whole.
        ("fees", mine.filter(state__in=(State.CAPTURED, State.DISPUTED), fee_minor=None), "captured_minor", -1),
        ("refunds", Refund.objects.filter(errands, payment__provider=provider, payment__currency=currency), "amount_minor", -1),
        ("payouts", Payout.objects.filter(errands, provider=provider, currency=currency), "amount_minor", -1),
        ("taken_back", TakeBack.objects.filter(errands, payout__provider=provider, payout__currency=currency), "amount_minor", 1),
        ("carried", Carried.objects.filter(errands, provider=provider, currency=currency).exclude(agreed_at=None),
         "amount_minor", -1),
    )  # fmt: skip
    rows = []
    for kind, those, field, sign in found:
        sums = those.order_by().aggregate(count=Count("pk"), minor=Sum(field))
        if sums["count"]:
            rows.append({"kind": kind, "count": sums["count"], "minor": sign * sums["minor"]})
    return rows


def kind_in_words(kind: str) -> str:
    return {
        "payments": _("Payments whose answer is awaited"), "fees": _("Fees that are not known yet, at most"),
        "refunds": _("Refunds on their way"), "payouts": _("Payouts on their way"),
        "taken_back": _("Being taken back from payouts"), "carried": _("On its way to the bank"),
    }[kind]  # fmt: skip


def compared(provider: str = "") -> Sequence[Comparison]:
    """Return the latest comparison of each company and currency."""
    rows = Comparison.objects.filter(provider=provider) if provider else Comparison.objects.all()
    # One a day for each company and currency: the last few weeks hold the latest of all.
    newest = reversed(rows.order_by("-at", "-pk")[:MOST])
    latest: Mapping[tuple[str, str], Comparison] = {(row.provider, row.currency): row for row in newest}
    return [latest[key] for key in sorted(latest)]


def not_compared(at: datetime) -> list[tuple[str, datetime]]:
    """Return the companies that nobody has been able to compare with for days, and since when."""
    found = []
    for name in comparable():
        last = Comparison.objects.filter(provider=name).order_by("-at").values_list("at", flat=True).first()
        since = last or Payment.objects.filter(provider=name).order_by("begun_at").values_list("begun_at", flat=True).first()
        if since and since < at - STALE:
            found.append((name, since))
    return found
