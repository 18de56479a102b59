"""What the law takes out of a year's result before anybody may share in it. Golden vectors 02.

Base B = max(0, surplus − losses brought forward); what the law demands at least is rounded up, what it allows at most is
rounded down. All amounts are minor units of one currency. Each function is what a jurisdiction pack may choose by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from toadlane.kernel.rates import ceil, floor, rate
from toadlane.kernel.rounding import Weight, largest_remainder


@dataclass(frozen=True)
class European:
    base: int
    legal_reserve_alloc: int
    legal_reserve_after: int
    available: int
    losses_cf: int


def european_cooperative(
    *, capital_art3_2: int, legal_reserve: int, surplus: int, losses_bf: int = 0, rate: str | Fraction = "0.15",
    cap_at_target: bool = False,
) -> European:  # fmt: skip
    """Feed the legal reserve of a European cooperative society until it equals the minimum capital (W1 to W4).

    Council Regulation (EC) 1435/2003, article 65: at least 15 % of the surplus after losses brought forward, until the
    reserve equals the capital of article 3(2). Whether the last allocation may stop at the target is a reading (W2).
    """
    base = max(0, surplus - losses_bf)
    allocated = least(rate, base) if legal_reserve < capital_art3_2 else 0
    if cap_at_target:
        allocated = min(allocated, max(0, capital_art3_2 - legal_reserve))
    return European(base, allocated, legal_reserve + allocated, base - allocated, max(0, losses_bf - surplus))


@dataclass(frozen=True)
class Spanish:
    base_coop: int
    base_extra: int
    fro: int
    fep: int
    available: int


def spanish_cooperative(
    *, coop_surplus: int, extra_coop_profit: int, losses_bf_coop: int = 0, losses_bf_extra: int = 0, tax: int = 0
) -> Spanish:
    """Feed the mandatory reserve and the education fund of a Spanish cooperative, before tax (W5).

    Ley 27/1999, articles 57 and 58: of the cooperative surplus after its losses at least 20 % to the mandatory reserve
    (FRO) and 5 % to the education and promotion fund (FEP); of the extra-cooperative result at least 50 % to the reserve.
    """
    base_coop, base_extra = max(0, coop_surplus - losses_bf_coop), max(0, extra_coop_profit - losses_bf_extra)
    reserve = least("0.20", base_coop) + least("0.50", base_extra)
    education = least("0.05", base_coop)
    return Spanish(base_coop, base_extra, reserve, education, max(0, base_coop + base_extra - reserve - education - tax))


@dataclass(frozen=True)
class French:
    legal_reserve: int
    statutory_reserve: int
    mandatory_total: int
    interest_max: int
    remainder: int


def french_scic(
    *, result: int, reserves: int, capital: int, interest_cap_rate: str | Fraction, public_subsidies: int = 0,
    cap_at_target: bool = False,
) -> French:  # fmt: skip
    """Feed the two reserves of a SCIC, and say how much interest may be paid at most (W7, W8).

    Loi 47-1775, articles 16 and 19 nonies: at least 15 % to the legal reserve until the reserves equal the capital, then
    at least half of the balance to the statutory reserve. Interest is bounded by the rate and by what remains; public
    subsidies are left out of what may bear it (a reading).
    """
    profit = max(0, result)
    legal = least("0.15", profit) if reserves < capital else 0
    if cap_at_target:
        legal = min(legal, max(0, capital - reserves))
    statutory = least("1/2", profit - legal)
    left = profit - legal - statutory
    interest = max(0, min(most(interest_cap_rate, capital), left - public_subsidies))
    return French(legal, statutory, legal + statutory, interest, left - interest)


@dataclass(frozen=True)
class Italian:
    legal_reserve: int
    mutual_fund: int
    remainder: int
    dividend_max: int


def italian_mutual(*, net_profit: int, paid_up_capital: int, dividend_cap_rate: str | Fraction) -> Italian:
    """Feed the legal reserve and the mutual funds of an Italian cooperative of prevalent mutuality (W9).

    Codice civile, article 2545-quater: at least 30 % to the legal reserve whatever its amount; legge 59/1992, article 11:
    3 % to the mutual funds; article 2514: the dividend is capped at a rate of the paid-up capital.
    """
    profit = max(0, net_profit)
    legal, mutual = least("0.30", profit), least("0.03", profit)
    left = profit - legal - mutual
    return Italian(legal, mutual, left, max(0, min(most(dividend_cap_rate, paid_up_capital), left)))


@dataclass(frozen=True)
class WorkerOwned:
    surplus: int
    profit: int
    member_accounts: int
    collective_account: int


def us_worker_cooperative(
    *, net: int, member_hours: Weight, nonmember_hours: Weight, member_share: Weight = "1/2"
) -> WorkerOwned:
    """Divide a year between members' accounts and the collective account of a worker cooperative (W11, W12).

    The part of the net that members' hours earned is surplus, the rest profit; of the surplus a share (half where the
    bylaws do not say) goes to the members, everything else to the collective account, which bears a loss whole.
    """
    if net <= 0 or not (rate(member_hours) + rate(nonmember_hours)):
        return WorkerOwned(0, max(0, net), 0, net)
    surplus, profit = largest_remainder(net, [member_hours, nonmember_hours])
    members, rest = largest_remainder(surplus, [rate(member_share), 1 - rate(member_share)])
    return WorkerOwned(surplus, profit, members, profit + rest)


def split_by_policy(*, surplus: int, split: Mapping[str, Weight]) -> dict[str, int]:
    """Divide a surplus by the shares that the bylaws name, to the last unit (W10)."""
    return largest_remainder(max(0, surplus), split)


def least(share: Weight, base: int) -> int:
    """Return what a law demands at least: rounded up."""
    return ceil(rate(share) * base)


def most(share: Weight, base: int) -> int:
    """Return what a law allows at most: rounded down."""
    return floor(rate(share) * base)


WATERFALLS: dict[str, Callable[..., object]] = {
    "SCE": european_cooperative,
    "ES": spanish_cooperative,
    "FR_SCIC": french_scic,
    "IT": italian_mutual,
    "COLAB": us_worker_cooperative,
    "POLICY_SPLIT": split_by_policy,
}
