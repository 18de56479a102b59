"""Who gets what of a price, and who gives back what of a refund (golden vectors 06). Pure; amounts are `Money`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypedDict

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.kernel.rounding import remaining_balance

Rate = Fraction | int | str


@dataclass(frozen=True, kw_only=True)
class AgentSplit:
    """The provider sells, the co-op is their agent and earns a commission.

    `provider_payable + commission + commission_vat + benefits == customer_pays`; the fund and the card costs come out of
    the commission, and `coop_net` is what is left of it.
    """

    net_price: Money
    vat: Money
    tip: Money
    customer_pays: Money
    commission: Money
    commission_vat: Money
    benefits: Money
    provider_payable: Money
    psp_fee: Money
    community_fund: Money
    coop_net: Money


@dataclass(frozen=True, kw_only=True)
class PrincipalSplit:
    """The co-op itself sells, and pays who does the work from the labor budget."""

    net_price: Money
    vat: Money
    tip: Money
    customer_pays: Money
    mutual_fee: Money
    labour_budget: Money


@dataclass(frozen=True)
class Cancellation:
    worker: Money
    refund: Money


class Tier(TypedDict):
    """With less notice than so many hours, this part of the price is owed."""

    hours_before_lt: str
    rate: str


def split_agent(
    *, net_price: Money, commission_rate: Rate, vat_rate: Rate = 0, tip: Money | None = None, commission_vat_rate: Rate = 0,
    benefits_rate: Rate = 0, community_rate: Rate = 0, psp_rate: Rate = 0, psp_fixed: Money | None = None,
    commission_min: Money | None = None, commission_max: Money | None = None,
) -> AgentSplit:  # fmt: skip
    """Split what a customer pays a provider through the co-op (O1 to O3).

    :param commission_rate: of the net price; a tip is outside commission, benefits and VAT, and goes to the provider whole
    :param community_rate: of the commission
    :param psp_rate: of all that the customer pays
    """
    nothing = Money(0, net_price.currency)
    tip = tip or nothing
    vat = net_price.times(rate(vat_rate))
    customer_pays = net_price + vat + tip
    commission = net_price.times(rate(commission_rate))
    if commission_min is not None:
        commission = min(max(commission, commission_min), net_price)
    if commission_max is not None:  # A cap of nothing is a cap.
        commission = min(commission, commission_max)
    commission_vat = commission.times(rate(commission_vat_rate))
    benefits = net_price.times(rate(benefits_rate))
    psp_fee = customer_pays.times(rate(psp_rate)) + (psp_fixed or nothing)
    community_fund = commission.times(rate(community_rate))
    return AgentSplit(
        net_price=net_price, vat=vat, tip=tip, customer_pays=customer_pays, commission=commission,
        commission_vat=commission_vat, benefits=benefits, psp_fee=psp_fee, community_fund=community_fund,
        provider_payable=customer_pays - commission - commission_vat - benefits,
        coop_net=commission - psp_fee - community_fund,
    )  # fmt: skip


def split_principal(
    *, net_price: Money, mutual_fee_rate: Rate, vat_rate: Rate = 0, tip: Money | None = None
) -> PrincipalSplit:  # fmt: skip
    """Split what a customer pays the co-op for its own service (O4, O5)."""
    tip = tip or Money(0, net_price.currency)
    vat = net_price.times(rate(vat_rate))
    fee = net_price.times(rate(mutual_fee_rate))
    return PrincipalSplit(
        net_price=net_price, vat=vat, tip=tip, customer_pays=net_price + vat + tip, mutual_fee=fee, labour_budget=net_price - fee
    )


def reverse(splits: Mapping[str, Money], already: Mapping[str, Money], refund: Money) -> dict[str, Money]:
    """Take a refund back from those who were paid, in proportion to what is not yet reversed (R1, R2).

    :param already: what earlier refunds took from each
    :raises kernel.rounding.ExceedsRemaining: when more is given back than was paid
    """
    left = {name: (share - already[name] if name in already else share).minor for name, share in splits.items()}
    return {name: Money(minor, refund.currency) for name, minor in remaining_balance(left, refund.minor).items()}


def cancellation(tiers: Sequence[Tier], price: Money, hours_before: Rate | timedelta) -> Cancellation:
    """Say what the worker keeps and what goes back, by the notice given (C1 to C3). Exactly at the edge counts as enough."""
    if isinstance(hours_before, timedelta):
        hours_before = Fraction(hours_before // timedelta(microseconds=1), 3_600_000_000)
    notice = rate(hours_before)
    for tier in sorted(tiers, key=lambda tier: rate(tier["hours_before_lt"])):
        if notice < rate(tier["hours_before_lt"]):
            worker = price.times(rate(tier["rate"]))
            return Cancellation(worker, price - worker)
    return Cancellation(Money(0, price.currency), price)
