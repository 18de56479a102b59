"""Where the money of a price goes: shares with their rules, what is left of them after refunds, and how they are shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up, rate
from toadlane.kernel.rounding import remaining_balance
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.queries import Book
from toadlane.ui import shapes

Share = dict[str, Any]
PROVIDER = "provider"


@dataclass(frozen=True, kw_only=True)
class Sums:
    """A price with tax and tip, and its shares. The shares sum to the total, to the cent."""

    net: Money
    vat: Money
    tip: Money
    total: Money
    shares: list[Share]


def split(net: Money, *, tip: Money, book: Book) -> Sums:
    """Work out tax, total and shares of a net price, as a version of the bylaws says (golden vectors 06).

    A share is `kind, code, minor, rule, version`; `code` is the account it goes to when the order is released.
    """
    vat_rate = book.value("trade.vat_rate")
    if book.value("trade.sale_model") == "principal":
        return _by_the_coop(net, tip, vat_rate, book)
    parts = books.split_agent(
        net_price=net, tip=tip, vat_rate=vat_rate, commission_rate=book.value("fees.commission"),
        commission_vat_rate=book.value("fees.commission_vat"), benefits_rate=book.value("fees.benefits"),
        community_rate=book.value("fees.community"),
    )  # fmt: skip
    shares = [
        _share(PROVIDER, "2110", parts.provider_payable - tip, "fees.commission", book),
        _share("tip", "2110", tip, "", book),
        _share("benefits", "2120", parts.benefits, "fees.benefits", book),
        _share("commission", "4100", parts.commission, "fees.commission", book),
        _share("commission_vat", "2310", parts.commission_vat, "fees.commission_vat", book),
    ]
    return Sums(net=net, vat=parts.vat, tip=tip, total=parts.customer_pays, shares=[s for s in shares if s["minor"]])


def _by_the_coop(net: Money, tip: Money, vat_rate: Fraction, book: Book) -> Sums:
    vat = net.times(vat_rate)
    shares = [
        _share("sales", "4000", net, "trade.sale_model", book), _share("vat", "2310", vat, "trade.vat_rate", book),
        _share("tip", "2110", tip, "", book),
    ]  # fmt: skip
    return Sums(net=net, vat=vat, tip=tip, total=net + vat + tip, shares=[s for s in shares if s["minor"]])


def _share(kind: str, code: str, amount: Money, rule: str, book: Book) -> Share:
    return {"kind": kind, "code": code, "minor": amount.minor, "rule": rule, "version": book.number}


def is_overdrawn(sums: Sums) -> bool:
    """Whether the shares of others come to more than the price, so that whoever does the work would have to pay for it."""
    return any(share["minor"] < 0 for share in sums.shares)


def below_the_floor(sums: Sums, takes: timedelta | None, book: Book) -> Money | None:
    """Return what an hour of the work would bring where that is less than the bylaws allow, or None.

    :param takes: how long it takes; None where nobody said, and where a seller set the price of their own
    """
    floor = book.value("pay.floor_hour")
    hours = Fraction(int(takes.total_seconds()), 3600) if takes else Fraction(0)
    kept = sum(share["minor"] for share in sums.shares if share["kind"] in (PROVIDER, "benefits", "sales"))
    if "sales" not in {share["kind"] for share in sums.shares}:
        kept -= sums.vat.minor
    if hours and floor and Fraction(kept) / hours < floor.minor:
        return Money(int(Fraction(kept) / hours), sums.net.currency)
    return None


def take_back(left: Sequence[Share], minor: int) -> tuple[list[Share], list[Share]]:
    """Take a part out of what is left, share by share (golden vectors R1, R2); return what each gave, and what stays.

    :raises kernel.rounding.ExceedsRemaining: when more is asked for than is left
    """
    given = remaining_balance({n: share["minor"] for n, share in enumerate(left)}, minor)
    gave = [{**share, "minor": given[n]} for n, share in enumerate(left) if given[n]]
    return gave, [{**share, "minor": share["minor"] - given[n]} for n, share in enumerate(left)]


def community(shares: Sequence[Share], book: Book) -> int:
    """Return what the community fund gets of the commission in these shares."""
    commission = sum(share["minor"] for share in shares if share["kind"] == "commission")
    return half_up(commission * rate(book.value("fees.community")))


def shown(priced: Any, book: Book, *, provider: str = "", worker: str = "") -> shapes.Split:
    """Return the split as pages draw it: the work, the tip, funds, the platform, the taxes, each with its rule.

    :param priced: a quote or an order
    """
    shares = [
        share
        for part in (_work(priced, book, provider), _tip(priced, worker), _funds(priced, book), _taxes(priced, book))
        for share in part
    ]
    return shapes.Split(total=priced.total, shares=shares)


def _minor(priced: Any, kind: str) -> int:
    return sum(share["minor"] for share in priced.split if share["kind"] == kind)


def _work(priced: Any, book: Book, provider: str) -> Iterator[shapes.Share]:
    if sales := _minor(priced, "sales"):
        label = _("The work, by the co-op itself")
        yield shapes.Share(label, Money(sales, priced.currency), mark(book, "trade.sale_model"), kind="coop")
    elif part := _minor(priced, PROVIDER) - priced.vat_minor:
        amount = Money(part, priced.currency)
        name = provider or _("The member who does it")
        yield shapes.Share(name, amount, mark(book, "fees.commission"), why=_of_the_price(amount, priced), kind="worker")


def _tip(priced: Any, worker: str) -> Iterator[shapes.Share]:
    if priced.tip_minor:
        label = _("Tip for %(name)s") % {"name": worker} if worker else _("Tip for who comes")
        yield shapes.Share(label, priced.tip, why=_("Whole, outside every fee"), kind="coop")


def _funds(priced: Any, book: Book) -> Iterator[shapes.Share]:
    if benefits := _minor(priced, "benefits"):
        amount = Money(benefits, priced.currency)
        yield shapes.Share(_("Sick-pay and holiday fund"), amount, mark(book, "fees.benefits"), kind="fund")
    fund = community(priced.split, book)
    if kept := _minor(priced, "commission") - fund:
        whole = Money(_minor(priced, "commission"), priced.currency)
        rule = mark(book, "fees.commission")
        yield shapes.Share(
            _("The platform"), Money(kept, priced.currency), rule, why=_of_the_price(whole, priced), kind="platform"
        )
    if fund:
        yield shapes.Share(_("Community fund"), Money(fund, priced.currency), mark(book, "fees.community"), kind="fund")


def _taxes(priced: Any, book: Book) -> Iterator[shapes.Share]:
    if own := _minor(priced, "commission_vat"):
        amount = Money(own, priced.currency)
        yield shapes.Share(_("VAT on the platform’s fee"), amount, mark(book, "fees.commission_vat"), kind="tax")
    if priced.vat_minor:
        yield shapes.Share(_("VAT"), priced.vat, mark(book, "trade.vat_rate"), why=percents(priced.vat, priced.net), kind="tax")


def _of_the_price(part: Money, priced: Any) -> str:
    percent = percents(part, priced.net)
    return _("%(percent)s of the price before VAT") % {"percent": percent} if percent else ""


def mark(book: Book, rule: str) -> shapes.Decided:
    """Return the mark that says which rule set a number, and who decided it."""
    known = book.decided(rule)
    return shapes.Decided(label=known.label, title=known.reads, detail=known.detail, url=known.url)


def percents(part: Money, whole: Money) -> str:
    """Return a share in percent with at most one decimal, or nothing where it would not be true."""
    if not whole:
        return ""
    tenths = Fraction(part.minor * 1000, whole.minor)
    near = half_up(tenths)
    if abs(tenths - near) * whole.minor > 1000:
        return ""
    return f"{near // 10}" + (f".{near % 10}" if near % 10 else "") + " %"
