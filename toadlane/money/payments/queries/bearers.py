"""Who bears what goes back to a payer, in words: read from the accounts that it came out of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.ui import formats

ORDER = ("2100", "2110", "1210", "1230", "2120", "4190", "4000", "2310", "6200")


@dataclass(frozen=True)
class Bearer:
    """:param code: the account of the books"""

    code: str
    who: str
    amount: Money

    @property
    def says(self) -> str:
        amount = formats.money(self.amount)
        told = {
            "2100": _("%(amount)s out of what is held for the order"), "2110": _("%(amount)s out of what is owed to %(who)s"),
            "1210": _("%(amount)s that %(who)s owes now, as it was paid out already"),
            "1230": _("%(amount)s of dues that %(who)s owes again"),
            "2120": _("%(amount)s out of the benefits of %(who)s"), "4190": _("%(amount)s of its fee by the co-op"),
            "4000": _("%(amount)s by the co-op, which sold it"), "2310": _("%(amount)s of VAT, which is not owed any more"),
            "6200": _("%(amount)s by the co-op, as a loss"),
        }  # fmt: skip
        return told.get(self.code, _("%(amount)s out of account %(code)s")) % {
            "amount": amount, "who": self.who or _("the co-op"), "code": self.code,
        }  # fmt: skip


def bearers(said: Iterable[Mapping[str, Any]], currency: str) -> list[Bearer]:
    """Return who bears an amount, added up by account and holder.

    :param said: debits as they are kept with a refund, a chargeback or a dispute: `code`, `minor`, `holder`
    """
    sums: dict[tuple[str, str], int] = {}
    for leg in said:
        key = leg["code"], leg["holder"]
        sums[key] = sums.get(key, 0) + leg["minor"]
    rank = {code: n for n, code in enumerate(ORDER)}
    found = sorted(sums.items(), key=lambda row: (rank.get(row[0][0], len(rank)), row[0]))
    return [
        Bearer(code, "" if holder in ("", "coop") else ledger.names.holder(holder), Money(minor, currency))
        for (code, holder), minor in found
        if minor
    ]


def in_words(said: Iterable[Mapping[str, Any]], currency: str) -> str:
    return formats.clauses(one.says for one in bearers(said, currency))
