"""Lines of a statement that say that a payout of ours came back: found by what we called it in the file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from toadlane.money.bank.models import Line
from toadlane.money.bank.policies.statements import Line as Read
from toadlane.money.bank.policies.statements import key_of
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payout
from toadlane.plumbing.access.principals import Principal


class Bounced:
    """The payouts that incoming lines name: nobody else knows what we called them."""

    def __init__(self, lines: Sequence[Read], bank: Principal) -> None:
        self._bank = bank
        named = [UUID(code) for line in lines if line.amount_minor > 0 and (code := key_of(line.end_to_end))]
        self._payouts = {one.pk.hex: one for one in Payout.objects.filter(pk__in=named)}

    def match(self, line: Line, said: Read, at: datetime) -> bool:
        """Book that a payout came back, or say why a person has to look; False where it is none."""
        payout = self._payouts.get(key_of(said.end_to_end)) if line.amount_minor > 0 and not said.is_bundle else None
        if payout is None or not paid.can_come_back(Payout.objects.get(pk=payout.pk)):
            return False
        if (payout.amount_minor, payout.currency) != (line.amount_minor, line.currency):
            line.why = _("A payout came back with another amount than was sent.")
            return True
        time = paid.times_back(payout) + 1
        if payments.payout_came_back(payout=payout, by=self._bank, at=at):
            line.why, line.state = "", Line.State.MATCHED
            line.subject = f"returned:{payout.pk}" if time == 1 else f"returned:{payout.pk}:{time}"
        return True
