"""The provider that is the members themselves: who has work done owes it to all, and whoever did it has it to spend.

Its store is ours: what is promised to a payment is held on the row of the member's line, and what was charged stands in the
ledger. A promise counts from the moment it is made until the charge is booked, in the transaction that books it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.payments.models import CreditHold, CreditLine
from toadlane.money.payments.queries import credit
from toadlane.money.payments.services.errors import BeyondCredit
from toadlane.money.payments.services.providers.port import RELEASED, Answer, Instrument, OwnCredit, PaymentProvider
from toadlane.ui import formats

BEYOND = "beyond_limit"


class Mutual(PaymentProvider):
    stays_inside = True

    def must_reach(self, instrument: Instrument, amount: Money) -> None:
        assert isinstance(instrument, OwnCredit)
        if amount > (there := credit.account(instrument.holder, amount.currency).free):
            raise BeyondCredit(hint=_("You can spend %(amount)s now.") % {"amount": formats.money(there)})

    def authorise(
        self, *, key: str, amount: Money, instrument: Instrument, capture: bool, at: datetime, subject: str = "",
        payment: str = "",
    ) -> Answer:  # fmt: skip
        """Hold an amount of the payer's credit. Taken at once, it is held all the same until it stands in the books."""
        assert isinstance(instrument, OwnCredit)
        with transaction.atomic():
            CreditLine.objects.get_or_create(holder=instrument.holder, currency=amount.currency)
            # Whoever pays from this account at the same moment waits here.
            lines = CreditLine.objects.select_for_update(of=("self",))
            line = lines.get(holder=instrument.holder, currency=amount.currency)
            if (known := CreditHold.objects.filter(key=key).first()) is not None:
                return _held(known)
            there = credit.account(instrument.holder, amount.currency)
            if amount > there.free:
                return Answer("declined", reason=BEYOND)
            terms = {"limit_minor": there.limit.minor, "rule_version": there.rule_version}
            CreditLine.objects.filter(pk=line.pk).update(held_minor=F("held_minor") + amount.minor, **terms)
            made = CreditHold.objects.create(
                id=ids.new(), line=line, key=key, amount_minor=amount.minor, made_at=at, **terms
            )  # fmt: skip
            return _held(made)

    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        held = CreditHold.objects.get(pk=charge)
        if held.state == CreditHold.State.LET_GO or amount.minor > held.amount_minor:
            return Answer("declined", charge, RELEASED)
        return Answer("succeeded", charge, minor=amount.minor, fee_minor=0)

    def booked(self, *, charge: str) -> None:
        _end(charge, CreditHold.State.TAKEN)

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        is_over = _end(charge, CreditHold.State.LET_GO) or CreditHold.objects.get(pk=charge).state == CreditHold.State.LET_GO
        return Answer("succeeded" if is_over else "declined", charge)

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        """Say yes: it goes from one account of the books to another, which is done where every refund is booked."""
        return Answer("succeeded", key)

    def look_up(self, *, key: str, charge: str, at: datetime) -> Answer | None:
        doing = key.split(":")[1]
        if doing == "authorise":
            known = CreditHold.objects.filter(key=key).first()
            return _held(known) if known else None
        if doing == "refund":
            return Answer("succeeded", key)
        state = CreditHold.objects.get(pk=charge).state
        if doing == "void":
            return Answer("succeeded", charge) if state == CreditHold.State.LET_GO else None
        if doing == "capture" and state == CreditHold.State.OPEN:
            return None
        is_gone = state == CreditHold.State.LET_GO
        return Answer("declined", charge, RELEASED) if is_gone else Answer("succeeded", charge, fee_minor=0)


def _held(hold: CreditHold) -> Answer:
    return Answer("succeeded", str(hold.pk), minor=hold.amount_minor, fee_minor=0)


@transaction.atomic
def _end(charge: str, state: str) -> bool:
    """End a promise, once; the whole of it, where less was taken than was held."""
    hold = CreditHold.objects.get(pk=charge)
    # The line first, as where something is held: two never wait for each other.
    CreditLine.objects.select_for_update(of=("self",)).get(pk=hold.line_id)
    if not CreditHold.objects.filter(pk=charge, state=CreditHold.State.OPEN).update(state=state):
        return False
    CreditLine.objects.filter(pk=hold.line_id).update(held_minor=F("held_minor") - hold.amount_minor)
    return True


PROVIDER = Mutual()
