"""Sending what a provider holds for the co-op on to its own bank: what is the co-op's, or everything on leaving a provider."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from toadlane.kernel import ids
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries
from toadlane.money.payments.models import Carried, Errand
from toadlane.money.payments.permissions import CARRY, SETTLE
from toadlane.money.payments.services.asking import answer_of, outside_transactions, provider_of
from toadlane.money.payments.services.errors import NotPossible, SecondPersonNeeded, TooMuch
from toadlane.money.payments.services.providers import Answer, every
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws


class Paused(Expected):
    words = gettext_lazy("Payouts are paused.")


def ask_to_carry(*, provider: str, amount: Money, by: Principal, at: datetime) -> Carried:
    """Ask that a provider sends money on to the co-op's bank. Another person has to agree before it moves. Of cash or vouchers in
    people's hands it says that they were brought to the bank, or paid by who gave them out.

    While a provider takes cards for the co-op, what is held for orders and owed to members stays with it. Of one that the co-op
    has left, everything may be carried over: from then on the co-op pays it out of its bank.

    :raises TooMuch: when more is asked for than may go
    :raises NotPossible: when another transfer waits, or the provider holds nothing for co-ops
    """
    by.must(CARRY)
    is_a_company = provider in every() and provider_of(provider).sends_home
    if not (is_a_company or provider in queries.IN_HAND) or by.person_id is None:
        raise NotPossible(gettext_lazy("This provider holds no money that could be sent on."))
    if not 0 < amount.minor <= queries.free_at(provider, amount.currency).minor:
        raise TooMuch(gettext_lazy("That is more than is the co-op’s own there."))
    try:
        with transaction.atomic():
            return Carried.objects.create(
                id=ids.new(), provider=provider, currency=amount.currency, amount_minor=amount.minor, asked_by=by.person_id,
                asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotPossible(gettext_lazy("Another transfer from there waits for somebody to agree.")) from error


def agree_to_carry(*, carried: Carried, by: Principal, at: datetime) -> Carried:
    """Agree, as a second person, and have it sent; of what was in people's hands, that it is at the bank. In no transaction.

    :raises SecondPersonNeeded: for whoever asked
    :raises TooMuch: when it is not there any more
    """
    by.must(CARRY, carried)
    outside_transactions()
    if by.person_id is None or by.person_id == carried.asked_by:
        raise SecondPersonNeeded
    if bylaws.halted("payouts.batch", at):
        raise Paused
    if carried.amount_minor > queries.free_at(carried.provider, carried.currency).minor:
        raise TooMuch(gettext_lazy("That is more than is the co-op’s own there."))
    if carried.provider in queries.IN_HAND:
        with transaction.atomic():
            _agreed(carried, by, at)
            return settle_carried(carried=carried, answer=Answer("succeeded", ref="by hand"), by=by, at=at)
    _agreed(carried, by, at)
    return send_home(carried, by=by, at=at)


def _agreed(carried: Carried, by: Principal, at: datetime) -> None:
    if not Carried.objects.filter(pk=carried.pk, agreed_at=None, settled_at=None).update(agreed_by=by.person_id, agreed_at=at):
        raise NotPossible(gettext_lazy("This was agreed to, or dropped, already."))
    carried.refresh_from_db()


def drop_carry(*, carried: Carried, by: Principal, at: datetime) -> Carried:
    """Drop a transfer that nobody has agreed to."""
    by.must(CARRY, carried)
    waiting = Carried.objects.filter(pk=carried.pk, agreed_at=None, settled_at=None)
    if not waiting.update(state=Errand.FAILED, reason="dropped", settled_at=at):
        raise NotPossible(gettext_lazy("This was agreed to, or dropped, already."))
    carried.refresh_from_db()
    return carried


def send_home(carried: Carried, *, by: Principal, at: datetime) -> Carried:
    """Make the call. Safe to repeat: the provider knows the key."""
    key = f"{carried.pk}:carry"
    answer = answer_of(lambda: provider_of(carried.provider).send_home(key=key, amount=carried.amount, at=at))
    return settle_carried(carried=carried, answer=answer, by=by, at=at)


def settle_carried(*, carried: Carried, answer: Answer, by: Principal, at: datetime) -> Carried:
    """Record what became of it, once: what was with the provider is at the bank."""
    by.must(SETTLE, carried)
    state = {"succeeded": Errand.DONE, "declined": Errand.FAILED}.get(answer.result, Errand.UNKNOWN)
    is_over = state in (Errand.DONE, Errand.FAILED)
    with transaction.atomic(savepoint=False):
        waiting = Carried.objects.filter(pk=carried.pk, settled_at=None)
        changes = {"state": state, "reason": answer.reason[:40], "provider_ref": answer.ref}
        if waiting.update(**changes, settled_at=at if is_over else None) and state == Errand.DONE:
            ledger.post(
                key=f"carried:{carried.pk}", narration=_("Sent on to the bank"), by=by, at=at,
                postings=[
                    ledger.debit("1000", carried.amount), ledger.credit("1100", carried.amount, holder=carried.provider),
                ],
            )  # fmt: skip
    carried.refresh_from_db()
    return carried


def came_back(*, provider: str, ref: str, reason: str, by: Principal, at: datetime) -> None:
    """Book that the bank sent it back: it is with the provider again. Once, however often it is told."""
    by.must(SETTLE)
    carried = Carried.objects.filter(provider=provider, provider_ref=ref, state=Errand.DONE).exclude(provider_ref="").first()
    if carried is None:
        return
    with transaction.atomic():
        if Carried.objects.filter(pk=carried.pk, state=Errand.DONE).update(state=Errand.FAILED, reason=reason[:40]):
            ledger.post(
                key=f"carried:{carried.pk}:back", narration=_("Sent back by the bank"), by=by, at=at,
                postings=[
                    ledger.debit("1100", carried.amount, holder=provider), ledger.credit("1000", carried.amount),
                ],
            )  # fmt: skip
