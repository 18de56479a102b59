"""Hearing what providers tell by themselves: late, twice, in any order, or never."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments import queries
from toadlane.money.payments.models import Dispute, DisputeState, Heard, Payment, Provider, State
from toadlane.money.payments.permissions import RECONCILE, SETTLE
from toadlane.money.payments.services.asking import outside_transactions, provider_of
from toadlane.money.payments.services.carrying import came_back
from toadlane.money.payments.services.disputes import close_dispute, open_dispute
from toadlane.money.payments.services.outcomes import Outcome, settle
from toadlane.money.payments.services.payees import look_at_payee
from toadlane.money.payments.services.providers import NoAnswer, Notice, Unreadable, Unsigned, every
from toadlane.money.payments.services.reconciling import follow
from toadlane.money.payments.services.refunds import returned
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import insert_once

AT_ONCE = 500
# How far back a provider is asked for what it told: notices that came meanwhile are known and skipped.
TOLD_WITHIN, TOLD_FIRST = timedelta(hours=6), timedelta(days=3)
KEPT_FOR = timedelta(days=45)


class BadSignature(Expected):
    words = _("This notice was not signed by the provider.")
    status = 401
    hint = _("Sign the whole body with the secret of the webhook.")  # type: ignore[assignment]


class UnknownNotice(Expected):
    words = _("This notice says nothing we understand.")
    status = 422


class UnknownProvider(Expected):
    words = _("There is no such payment provider here.")
    status = 404


def hear(*, by: Principal, at: datetime) -> int:
    """Ask providers what they have told, in case it was lost on the way; return how many notices there were."""
    by.must(RECONCILE)
    outside_transactions()
    heard = 0
    for name, provider in every().items():
        if name != Provider.SANDBOX and not queries.is_set_up(name):
            continue
        try:
            told = provider.news(charges=_charges(name, at), since=_since(name, at), at=at)
        except (NoAnswer, OSError):
            continue
        for notice in told:
            heard += 1
            if name == Provider.SANDBOX:
                _act_on(notice, name, by=by, at=at)
            else:
                _kept(name, notice, at)
    look_into(by=by, at=at)
    # No provider tells again what is so old.
    Heard.objects.filter(done_at__lt=at - KEPT_FOR).delete()
    return heard


def _charges(name: str, at: datetime) -> list[str]:
    recent = Payment.objects.filter(provider=name, state__in=(State.CAPTURED, State.DISPUTED))
    open_refs = Dispute.objects.filter(state=DisputeState.OPEN).values("payment_id")
    charges = recent.filter(settled_at__gte=at - queries.DISPUTABLE) | recent.filter(pk__in=open_refs)
    return list(charges.values_list("provider_ref", flat=True)) if name == Provider.SANDBOX else []


def _since(name: str, at: datetime) -> datetime:
    latest = Heard.objects.filter(provider=name).order_by("-heard_at").first()
    return latest.heard_at - TOLD_WITHIN if latest else at - TOLD_FIRST


def receive(
    *, body: bytes, headers: Mapping[str, str], by: Principal, at: datetime, provider: str = Provider.SANDBOX
) -> None:  # fmt: skip
    """Take in a notice from a provider, whoever brings it: the signature is what counts.

    The sandbox says everything with its notice. Of any other, only what it is about is kept, and `look_into` asks how that
    stands: whoever brings it is not kept waiting, and no transaction is open meanwhile.

    :raises BadSignature: when it is not signed with the secret
    :raises UnknownProvider: when the co-op has no such provider
    """
    by.must(SETTLE)
    if (
        provider == Provider.MANUAL
        or provider not in every()
        or not (provider == Provider.SANDBOX or queries.is_set_up(provider))
    ):
        raise UnknownProvider
    try:
        one = every()[provider]
        notice = one.read(body=body, signature=headers.get(one.signature_header, ""), at=at)
    except Unsigned as error:
        raise BadSignature from error
    except Unreadable as error:
        raise UnknownNotice from error
    if provider == Provider.SANDBOX:
        _act_on(notice, provider, by=by, at=at)
        return
    _kept(provider, notice, at)


def look_into(*, by: Principal, at: datetime) -> int:
    """Look into the notices that were kept, and say how many were; what cannot be asked about now is tried again."""
    by.must(SETTLE)
    outside_transactions()
    rows = list(Heard.objects.filter(done_at=None).order_by("heard_at", "pk")[:AT_ONCE])
    faults: list[Exception] = []
    for row in rows:
        try:
            for notice in provider_of(row.provider).read_up(Notice(**row.said)):
                _act_on(notice, row.provider, by=by, at=at)
        except (NoAnswer, OSError):
            continue
        except Exception as fault:
            # One that breaks does not hold up the others, and is not passed over in silence.
            faults.append(fault)
            continue
        Heard.objects.filter(pk=row.pk).update(done_at=at)
    if faults:
        raise faults[0]
    return len(rows)


def _kept(provider: str, notice: Notice, at: datetime) -> None:
    """Keep what a notice is about. One that was heard before is passed over."""
    said = {name: value for name, value in asdict(notice).items() if value}
    key = f"{notice.kind}:{notice.id}"[:120]
    insert_once(Heard(provider=provider, key=key, said=said, heard_at=at), unique="provider, key")


def _act_on(notice: Notice, provider: str, *, by: Principal, at: datetime) -> None:
    if notice.kind == "payee.changed":
        look_at_payee(provider=provider, account=notice.account, by=by, at=at)
        return
    if notice.kind == "bank.failed":
        came_back(provider=provider, ref=notice.charge, reason=notice.reason, by=by, at=at)
        return
    if notice.kind == "refund.returned":
        returned(call_key=notice.call_key, ref=notice.charge, by=by, at=at)
        return
    if notice.kind == "call.settled":
        if payment := Payment.objects.filter(call_key=notice.call_key).first():
            outcome = Outcome(
                call_key=notice.call_key, result=notice.result, minor=notice.minor,  # type: ignore[arg-type]
                provider_ref=notice.charge or payment.provider_ref, reason=notice.reason,
            )  # fmt: skip
            settle(payment=payment, outcome=outcome, by=by, at=at)
        return
    if (payment := _paid(notice, provider)) is None:
        return
    if notice.kind == "payment.changed":
        follow(payment=payment, by=by, at=at)
    elif notice.kind == "dispute.opened":
        amount, fee = Money(notice.minor, payment.currency), Money(notice.fee_minor, payment.currency)
        open_dispute(payment=payment, provider_ref=notice.dispute or notice.id, amount=amount, fee=fee, by=by, at=at)
    elif notice.kind == "dispute.closed":
        won = notice.result == "won"
        close_dispute(payment=payment, provider_ref=notice.dispute or notice.id, won=won, by=by, at=at)
    else:
        raise UnknownNotice


def _paid(notice: Notice, provider: str) -> Payment | None:
    """Return the payment of this co-op that a notice is about: another co-op on the same account has others."""
    rows = Payment.objects.filter(Q(provider=provider))
    if notice.payment:
        try:
            return rows.filter(pk=UUID(notice.payment)).first()
        except ValueError:
            return None
    return rows.filter(provider_ref=notice.charge).exclude(provider_ref="").first()
