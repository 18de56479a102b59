"""Where the money of a price goes: shares with their rules, what is left of them after refunds, and how they are shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up, rate
from toadlane.kernel.rounding import remaining_balance
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.queries import Book
from toadlane.trade.orders.queries.taxes import AS_RULED, Taxing
from toadlane.ui import formats, shapes

Share = dict[str, Any]
PROVIDER, LATE = "provider", "late_cancel"
CREDIT = "credit"
# The platform's part of a price, and its part by what is sold.
FEE, FEE_BY = "fees.commission", "fees.commission_by"
# Between what amounts it lies, whatever part of the price that is.
LEAST, MOST = "fees.commission_least", "fees.commission_most"
# What the customer pays the platform on top of the price, and what of the price it keeps: both are its fee.
GUEST_FEE, GUEST_VAT = "guest_fee", "guest_fee_vat"
ON_TOP, THE_FEE, TAX_ON_IT = (GUEST_FEE, GUEST_VAT), ("commission", GUEST_FEE), ("commission_vat", GUEST_VAT)
# What is taxed apart, with its tax.
TAXED = (("sales", "vat"), ("commission", "commission_vat"), (GUEST_FEE, GUEST_VAT))


# The rules that what one pays for a price follows from.
PRICED_BY = frozenset({"trade.vat_rate", "trade.sale_model", "fees.guest", "fees.commission_vat"})


@dataclass(frozen=True, kw_only=True)
class Sums:
    """A price with tax and tip, and its shares. The shares sum to the total, to the cent."""

    net: Money
    vat: Money
    tip: Money
    total: Money
    shares: list[Share]

    @property
    def on_top(self) -> Money:
        return Money(on_top(self.shares), self.net.currency)


def split(net: Money, *, tip: Money, book: Book, taxing: Taxing = AS_RULED, sold: str = "") -> Sums:
    """Work out tax, total and shares of a net price, as a version of the bylaws says (golden vectors 06).

    A share is `kind, code, minor, rule, version`; `code` is the account it goes to when the order is released. One that a rule
    sets by what is sold says by which entry of it, `of`.

    :param taxing: why no VAT is charged, where none is
    :param sold: a kind of listing, or a version of it as `kind.version`
    """
    vat_rate = Fraction(0) if taxing.why else book.value("trade.vat_rate")
    if book.value("trade.sale_model") == "principal":
        return _by_the_coop(net, tip, vat_rate, book)
    rule, of = _fee_on(sold, book)
    entry = {"of": of} if of else {}
    least, most = (_limit(name, book) for name in (LEAST, MOST))
    parts = books.split_agent(
        net_price=net, tip=tip, vat_rate=vat_rate, commission_rate=_fee_rate(rule, of, book),
        commission_vat_rate=0 if taxing.fee_why else book.value("fees.commission_vat"), benefits_rate=book.value("fees.benefits"),
        community_rate=book.value("fees.community"), commission_min=least, commission_max=most,
    )  # fmt: skip
    bound = ""
    if parts.commission != net.times(_fee_rate(rule, of, book)):
        bound = MOST if parts.commission == most else LEAST
    shares = [
        _share(PROVIDER, "2110", parts.provider_payable - tip, rule, book) | entry,
        _share("tip", "2110", tip, "", book),
        _share("benefits", "2120", parts.benefits, "fees.benefits", book),
        _share("commission", "4100", parts.commission, bound, book)
        if bound
        else _share("commission", "4100", parts.commission, rule, book) | entry,
        _share("commission_vat", "2310", parts.commission_vat, "fees.commission_vat", book),
    ]
    fee, fee_vat = _guest_fee(net, book, taxing)
    shares += [
        _share(GUEST_FEE, "4100", fee, "fees.guest", book),
        _share(GUEST_VAT, "2310", fee_vat, "fees.commission_vat", book),
    ]
    total = parts.customer_pays + fee + fee_vat
    return Sums(net=net, vat=parts.vat, tip=tip, total=total, shares=[s for s in shares if s["minor"]])


def paid_for(net: Money, *, book: Book, taxing: Taxing = AS_RULED) -> Money:
    """Return the total of a split without the shares: what a window of many prices shows."""
    total = net + net.times(0 if taxing.why else book.value("trade.vat_rate"))
    if book.value("trade.sale_model") == "principal":
        return total
    fee, fee_vat = _guest_fee(net, book, taxing)
    return total + fee + fee_vat


def _guest_fee(net: Money, book: Book, taxing: Taxing) -> tuple[Money, Money]:
    """Return what the customer pays on top, and the tax on it. A co-op older than this rule asks for nothing."""
    fee = net.times(book.maybe("fees.guest") or 0)
    return fee, fee.times(0 if taxing.guest_why else book.value("fees.commission_vat"))


def sold_as(kind: str, variant: str) -> str:
    """Return how the bylaws name what is sold: a kind of listing, or a version of it."""
    return f"{kind}.{variant}" if variant else kind


def sold_by(order: Any) -> str:
    """Return what an order sold, as the bylaws name it. Its quote said so; an older order is of the kind of its process."""
    return order.spec.get("sold") or order.kind


def _fee_on(sold: str, book: Book) -> tuple[str, str]:
    """Return the rule that sets the platform's part of what is sold, and which entry of it: the version before the kind."""
    by = book.maybe(FEE_BY) or {}
    of = next((name for name in (sold, sold.partition(".")[0]) if name in by), "")
    return (FEE_BY, of) if of else (FEE, "")


def _limit(name: str, book: Book) -> Money | None:
    """Return an amount that the bylaws set for the platform's part; nothing is no limit, as in bylaws older than the rule."""
    amount: Money | None = book.maybe(name)
    return amount if amount else None


def _fee_rate(rule: str, of: str, book: Book) -> Fraction:
    return Fraction(book.value(rule)[of] if of else book.value(rule))


def _fee_in(shares: Sequence[Share]) -> tuple[str, str]:
    """Return which rule, and which entry of it, set the platform's part in these shares."""
    ruled = next(
        (one for one in shares if one["kind"] in (PROVIDER, "commission") and one["rule"] not in (LEAST, MOST)), {"rule": FEE}
    )
    return ruled["rule"], ruled.get("of", "")


def _bound_in(shares: Sequence[Share]) -> str:
    """Return which limit set the platform's part in these shares, or nothing where its part of the price did."""
    return next((one["rule"] for one in shares if one["kind"] == "commission" and one["rule"] in (LEAST, MOST)), "")


def on_top(shares: Sequence[Share]) -> int:
    """Return what of these shares the customer pays besides price, tax and tip."""
    return sum(_sum(shares, kind) for kind in ON_TOP)


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


def take_back(left: Sequence[Share], minor: int, whole: Sequence[Share] = ()) -> tuple[list[Share], list[Share]]:
    """Take a part out of what is left, share by share (golden vectors R1, R2); return what each gave, and what stays.

    :param whole: the shares as they were paid: a tax stays that of what it is on, however many small parts go back
    :raises kernel.rounding.ExceedsRemaining: when more is asked for than is left
    """
    given = remaining_balance({n: share["minor"] for n, share in enumerate(left)}, minor)
    places, paid = {share["kind"]: n for n, share in enumerate(left)}, {share["kind"]: share["minor"] for share in whole}
    for base, tax in TAXED:
        if {base, tax} <= places.keys() & paid.keys():
            b, t = places[base], places[tax]
            both, before = given[b] + given[t], paid[base] + paid[tax]
            stays = half_up(Fraction(paid[tax] * (left[b]["minor"] + left[t]["minor"] - both), before)) if before else 0
            # Of what both give together the tax gives what keeps it right, as far as either has it.
            given[t] = max(both - left[b]["minor"], 0, min(left[t]["minor"] - stays, both, left[t]["minor"]))
            given[b] = both - given[t]
    gave = [{**share, "minor": given[n]} for n, share in enumerate(left) if given[n]]
    return gave, [{**share, "minor": share["minor"] - given[n]} for n, share in enumerate(left)]


def in_credit(shares: Sequence[Share]) -> list[Share]:
    """Return shares as they are where mutual credit is paid: what would be put aside in money is the member's with the rest."""
    aside = _sum(shares, "benefits")
    kept = [dict(share) | {"in": CREDIT} for share in shares if share["kind"] != "benefits"]
    for share in kept:
        if share["kind"] == PROVIDER:
            share["minor"] += aside
    return kept


def is_in_credit(shares: Sequence[Share]) -> bool:
    return any(share.get("in") == CREDIT for share in shares)


def community(shares: Sequence[Share], book: Book) -> int:
    """Return what the community fund gets of the platform's fee in these shares. What rounding leaves over is the fund's.

    The fund is money: of a fee that was paid with credit it gets nothing.
    """
    if is_in_credit(shares):
        return 0
    return half_up(sum(_sum(shares, kind) for kind in THE_FEE) * rate(book.value("fees.community")))


def vat_in(left: Sequence[Share], *, vat: int, price: int) -> int:
    """Return the VAT in what is left: a share of its own where the co-op sells, else its part of the price that is left.

    :param vat: what was in the price when all of it was there; neither holds tips, nor what is paid on top
    """
    if own := _sum(left, "vat"):
        return own
    now = sum(share["minor"] for share in left if share["kind"] not in ("tip", *ON_TOP))
    return half_up(Fraction(vat * now, price)) if _sum(left, PROVIDER) else 0


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What is left of a price after refunds, in the form of a price."""

    split: Sequence[Share]
    vat: Money
    tip: Money
    total: Money

    @property
    def currency(self) -> str:
        return self.total.currency

    @property
    def vat_minor(self) -> int:
        return self.vat.minor

    @property
    def tip_minor(self) -> int:
        return self.tip.minor


def rest(order: Any) -> Rest:
    """Return what is left of the shares of a paid order; the tax in them shrinks with the price it was worked out from."""
    price = order.total_minor - order.tip_minor - order.on_top_minor
    amounts = {
        "vat": vat_in(order.left, vat=order.vat_minor, price=price), "tip": _sum(order.left, "tip"),
        "total": order.captured_minor - order.refunded_minor,
    }  # fmt: skip
    return Rest(split=order.left, **{name: Money(minor, order.currency) for name, minor in amounts.items()})


def of_order(order: Any, book: Book, *, worker: str = "") -> shapes.Split:
    """Return where the money of an order goes, or went: what each has now, and what went back to the customer."""
    provider = str(order.provider or "")
    if not order.refunded_minor and not _sum(order.left, LATE):
        return shown(order, book, provider=provider, worker=worker)
    left = rest(order)
    shares = list(shown(left, book, provider=provider, worker=worker).shares)
    if kept := _sum(order.left, LATE):
        amount, why = Money(kept, order.currency), _("Kept the time free, and heard too late")
        shares.insert(0, shapes.Share(provider, amount, mark(book, "fees.late_cancel"), why=why, kind="worker"))
    if order.refunded_minor:
        shares.append(shapes.Share(_("Back to the customer"), order.refunded, kind="back"))
    return shapes.Split(total=order.captured, shares=shares)


def of_sums(sums: Sums, book: Book, *, provider: str = "") -> shapes.Split:
    """Return where the money of a price goes that nobody has asked a quote for."""
    return shown(Rest(split=sums.shares, vat=sums.vat, tip=sums.tip, total=sums.total), book, provider=provider)


def together(found: Sequence[shapes.Split]) -> shapes.Split:
    """Return several splits as one: shares of the same name are added up."""
    shares: dict[tuple[str, str], shapes.Share] = {}
    for share in (share for split in found for share in split.shares):
        key = (share.label, share.kind)
        known = shares.get(key)
        shares[key] = replace(known, amount=known.amount + share.amount) if known else share
    ranks = ("worker", "coop", "fund", "platform", "tax", "back", "")
    total = sum((split.total for split in found[1:]), found[0].total)
    return shapes.Split(total, sorted(shares.values(), key=lambda share: ranks.index(share.kind)))


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
    return _sum(priced.split, kind)


def _sum(shares: Sequence[Share], kind: str) -> int:
    return sum(share["minor"] for share in shares if share["kind"] == kind)


def _work(priced: Any, book: Book, provider: str) -> Iterator[shapes.Share]:
    if sales := _minor(priced, "sales"):
        label = _("The work, by the co-op itself")
        yield shapes.Share(label, Money(sales, priced.currency), mark(book, "trade.sale_model"), kind="coop")
    elif part := _minor(priced, PROVIDER) - priced.vat_minor:
        amount = Money(part, priced.currency)
        name = provider or _("The member who does it")
        rule, of = _fee_in(priced.split)
        has_all = is_in_credit(priced.split)
        why = "" if _bound_in(priced.split) else _of_the_price(_works_share(_fee_rate(rule, of, book), book, has_all=has_all))
        yield shapes.Share(name, amount, mark(book, rule), why=why, kind="worker")


def _tip(priced: Any, worker: str) -> Iterator[shapes.Share]:
    if priced.tip_minor:
        label = _("Tip for %(name)s") % {"name": worker} if worker else _("Tip for who comes")
        yield shapes.Share(label, priced.tip, why=_("Whole, outside every fee"), kind="coop")


def _funds(priced: Any, book: Book) -> Iterator[shapes.Share]:
    if benefits := _minor(priced, "benefits"):
        amount = Money(benefits, priced.currency)
        why = _of_the_price(book.value("fees.benefits"))
        yield shapes.Share(_("Sick-pay and holiday fund"), amount, mark(book, "fees.benefits"), why=why, kind="fund")
    fund = community(priced.split, book)
    if kept := sum(_minor(priced, kind) for kind in THE_FEE) - fund:
        rule, of = _fee_in(priced.split)
        bound = _bound_in(priced.split)
        name = "fees.guest" if _minor(priced, GUEST_FEE) else bound or rule
        why = _of_the_price(_fee_rate(rule, of, book) + (book.maybe("fees.guest") or 0))
        if bound:
            said = _("%(amount)s of each order at least") if bound == LEAST else _("%(amount)s of each order at most")
            why = said % {"amount": formats.money(book.value(bound))}
        if fund:
            # Its percentage is of the whole fee, and the share that stands beside it is what is left of that.
            why = _("%(fee)s, less the part of the community fund") % {"fee": why}
        yield shapes.Share(_("The platform"), Money(kept, priced.currency), mark(book, name), why=why, kind="platform")
    if fund:
        why = _("%(percent)s of the platform’s fee") % {"percent": formats.percent(rate(book.value("fees.community")))}
        yield shapes.Share(_("Community fund"), Money(fund, priced.currency), mark(book, "fees.community"), why=why, kind="fund")


def _taxes(priced: Any, book: Book) -> Iterator[shapes.Share]:
    if own := sum(_minor(priced, kind) for kind in TAX_ON_IT):
        amount = Money(own, priced.currency)
        yield shapes.Share(_("VAT on the platform’s fee"), amount, mark(book, "fees.commission_vat"), kind="tax")
    if priced.vat_minor:
        why = formats.percent(book.value("trade.vat_rate"))
        yield shapes.Share(_("VAT"), priced.vat, mark(book, "trade.vat_rate"), why=why, kind="tax")


def _works_share(fee: Fraction, book: Book, *, has_all: bool) -> Fraction:
    """Return what of a price goes to whoever does the work: all that the rules do not give to somebody else.

    :param has_all: whether nothing of it is put aside for them
    """
    aside = 0 if has_all else book.value("fees.benefits")
    return Fraction(1 - fee - fee * book.value("fees.commission_vat") - aside)


def _of_the_price(part: Fraction) -> str:
    return _("%(percent)s of the price before VAT") % {"percent": formats.percent(part)}


def mark(book: Book, rule: str) -> shapes.Decided:
    """Return the mark that says which rule set a number, and who decided it."""
    known = book.decided(rule)
    return shapes.Decided(label=known.label, title=known.reads, detail=known.detail, url=known.url, is_decided=known.is_decided)
