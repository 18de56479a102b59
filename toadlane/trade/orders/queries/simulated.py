"""What a replay of orders found, in the reader's language: told, drawn, and as tables behind it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.rules import dry_runs
from toadlane.society.bylaws.rules.dry_runs import Document
from toadlane.society.bylaws.rules.values import BARE
from toadlane.society.bylaws.rules.values import shown as value_shown
from toadlane.society.members.policies import classes
from toadlane.trade.orders.queries.replay import BELOW_THE_FLOOR, LESS_THAN_NOTHING, NOT_OFFERED
from toadlane.ui import formats
from toadlane.ui.shapes import Pair, Replay, Table

MOST_BARS, MOST_ROWS = 10, 60
Row = Mapping[str, Any]


def shown(*, facts: Row, own: Row, before: Document, after: Document) -> list[Replay]:
    """Return one replay for each currency in which orders came to their end.

    :param own: the rows of single people; empty for a reader who may not see them
    """
    return [_Telling(currency, facts, own.get(currency, ()), before, after).replay() for currency in facts["currencies"]]


class _Telling:
    """One currency's figures on their way into words."""

    def __init__(self, currency: str, facts: Row, own: Sequence[Row], before: Document, after: Document) -> None:
        self.currency, self.facts, self.before, self.after = currency, facts, before, after
        self.found: Row = facts["currencies"][currency]
        self.rows = [*self.found["members"], *own]
        self.classes = classes(before["rules"]["members.classes"]["value"])
        self.was, self.will = _labels(before, after)

    def money(self, minor: int) -> str:
        return formats.money(Money(minor, self.currency))

    def change(self, *names: str, of: Row | None = None) -> int:
        row = of or self.found
        return sum(row["after"][name] - row["before"][name] for name in names)

    def replay(self) -> Replay:
        amounts = list(self._amounts())
        pairs: list[Pair] = []
        tables: list[Table] = []
        if amounts:
            measure, title = self._measure()
            pairs = list(self._pairs(measure))
            tables = [self._table_of_members(measure, title), self._table_of_money()]
        return Replay(
            lede=self._lede(), was=self.was, will=self.will, pairs=pairs, tables=tables, warnings=list(self._impossible()),
            points=[*(amounts or [_("No amount would have been different.")]), *self._by_class()], notes=list(self._notes()),
        )  # fmt: skip

    def _lede(self) -> str:
        since, until = (datetime.fromisoformat(self.facts[name]) for name in ("since", "until"))
        last = until - timedelta(microseconds=1)
        known = {
            "from": formats.day(timezone.localtime(since)), "until": formats.day(timezone.localtime(last)),
            "n": formats.number(self.found["orders"]),
        }  # fmt: skip
        return _("Had this been the rule from %(from)s to %(until)s, on the %(n)s orders that came to their end then:") % known

    def _amounts(self) -> Iterator[str]:
        surplus = self.change("fee", "sales") - self.change("fund")
        for change, more, less in (
            (self.change("customers"), _("Customers would have paid %(sum)s more."),
             _("Customers would have paid %(sum)s less.")),
            (self.change("members"), _("%(sum)s more would have reached the members."),
             _("%(sum)s less would have reached the members.")),
            (self.change("aside"), _("%(sum)s more would have been put aside for sick pay and holidays."),
             _("%(sum)s less would have been put aside for sick pay and holidays.")),
            (self.change("fee"), _("The platform would have kept %(sum)s more."),
             _("The platform would have kept %(sum)s less.")),
            (self.change("fund"), _("Of its fee, %(sum)s more would have gone to the community fund."),
             _("Of its fee, %(sum)s less would have gone to the community fund.")),
            (self.change("vat", "fee_vat"), _("The tax would have been %(sum)s more."),
             _("The tax would have been %(sum)s less.")),
            (self.change("sales"), _("The co-op’s own sales would have brought %(sum)s more."),
             _("The co-op’s own sales would have brought %(sum)s less.")),
            (surplus, _("The co-op’s surplus would have been %(sum)s larger."),
             _("The co-op’s surplus would have been %(sum)s smaller.")),
        ):  # fmt: skip
            if change:
                yield (more if change > 0 else less) % {"sum": self.money(abs(change))}
        yield from self._hour()

    def _hour(self) -> Iterator[str]:
        """Say what an hour of work brings, where the rate card says how long it takes: without tips, with what is put aside."""
        a, b = (self._an_hour(self.found[name]) for name in ("before", "after"))
        if a is None or b is None or a == b:
            return
        known = {"now": self.money(a), "then": self.money(b), "sum": self.money(abs(b - a))}
        if b > a:
            yield _("An hour’s work would have brought %(sum)s more: %(then)s instead of %(now)s.") % known
        else:
            yield _("An hour’s work would have brought %(sum)s less: %(then)s instead of %(now)s.") % known

    def _an_hour(self, sums: Row) -> int | None:
        return half_up(Fraction(60 * sums["worked"], sums["minutes"])) if sums["minutes"] else None

    def _by_class(self) -> Iterator[str]:
        for row in self.found["classes"]:
            if row["more"] or row["less"]:
                yield _("%(class)s: %(more)s of %(all)s would have had more, %(less)s less, from %(least)s to %(most)s each.") % {
                    "class": self._class(row["class"], _("The co-op itself")), "all": row["known"], "more": row["more"],
                    "less": row["less"], "least": self.money(row["least"]), "most": self.money(row["most"]),
                }  # fmt: skip
        for row in self.found["customers"]:
            if row["more"] or row["less"]:
                yield _("%(class)s: %(more)s of %(all)s whom we know would have paid less, %(less)s more.") % {
                    "class": self._class(row["class"], _("Customers who are not members")), "all": row["known"],
                    "more": row["more"], "less": row["less"],
                }  # fmt: skip

    def _class(self, name: str, nobody: str) -> str:
        if not name:
            return nobody
        return self.classes[name].name(get_language() or "en") if name in self.classes else name

    def _measure(self) -> tuple[str, str]:
        """Return what the bars compare: what moves for members, or else the part of the price that does."""
        moves = {name: self.change(name) for name in self.found["before"]}
        if moves["members"] and moves["customers"]:
            return "members", _("Reaches the member")
        for name, title in (
            ("fee", _("Fee")), ("aside", _("Put aside")), ("customers", _("Paid by customers")), ("fund", _("Community fund")),
        ):  # fmt: skip
            if moves[name]:
                return name, title
        return "members", _("Reaches the member")

    def _pairs(self, measure: str) -> Iterator[Pair]:
        rows = self.rows or self.found["classes"]
        names = self._names(rows)
        for row in rows[:MOST_BARS]:
            before, after = row["before"][measure], row["after"][measure]
            yield Pair(names[_id(row)], before, after, self.money(before), self.money(after))

    def _names(self, rows: Sequence[Row]) -> dict[str, str]:
        known = books.names.holders([f"membership:{row['member']}" for row in rows if row.get("member")])
        return {
            _id(row): known[f"membership:{row['member']}"].label
            if row.get("member")
            else self._class(row["class"], _("The co-op itself"))
            for row in rows
        }

    def _table_of_members(self, measure: str, title: str) -> Table:
        """Return a row for each member who may be named here, or for each class where nobody may."""
        rows = self.rows[:MOST_ROWS] or self.found["classes"]
        names = self._names(rows)
        return self._table(measure, title, _("Member") if self.rows else _("Members"), [(names[_id(row)], row) for row in rows])

    def _table(self, measure: str, title: str, who: str, rows: Sequence[tuple[str, Row]]) -> Table:
        def cells(label: str, row: Row) -> list[str]:
            before, after = row["before"][measure], row["after"][measure]
            amounts = (row["before"]["net"], before, after, after - before)
            return [label, formats.number(row["orders"]), *(self.money(minor) for minor in amounts)]

        head = [
            who, _("Orders"), _("Sold, before VAT"), _("%(what)s, now") % {"what": title}, _("%(what)s, then") % {"what": title},
            _("Difference"),
        ]  # fmt: skip
        return Table(
            _("%(what)s by member, as it is and as proposed") % {"what": title}, head,
            [cells(label, row) for label, row in rows], cells(_("Together"), self.found),
        )  # fmt: skip

    def _table_of_money(self) -> Table:
        parts = (
            ("members", _("To the members")), ("aside", _("Put aside for sick pay and holidays")),
            ("fee", _("The platform’s fee")), ("fund", _("of which the community fund gets")), ("fee_vat", _("VAT on the fee")),
            ("sales", _("The co-op’s own sales")), ("vat", _("VAT")),
        )  # fmt: skip

        def cells(label: str, name: str) -> list[str]:
            before, after = self.found["before"][name], self.found["after"][name]
            return [label, *(self.money(minor) for minor in (before, after, after - before))]

        rows = [cells(label, name) for name, label in parts if self.found["before"][name] or self.found["after"][name]]
        head = [_("Where the money goes"), self.was, self.will, _("Difference")]
        return Table(
            _("Where the money would have gone, as it is and as proposed"), head, rows, cells(_("Customers pay"), "customers")
        )

    def _impossible(self) -> Iterator[str]:
        why = {
            BELOW_THE_FLOOR: _("an hour of the work would have brought less than the pay floor"),
            NOT_OFFERED: _("what was chosen is not on the list of prices"),
            LESS_THAN_NOTHING: _("fee, tax and funds would have come to more than the price"),
        }
        nobody_knows = _("The figures leave them out: what would have come in their place, nobody knows.")
        for code, counted in self.found["impossible"]["after"].items():
            text = ngettext(
                "%(n)s order could not have been made with the change: %(why)s. It was worth %(sum)s.",
                "%(n)s orders could not have been made with the change: %(why)s. They were worth %(sum)s.",
                counted["orders"],
            )
            known = {"n": formats.number(counted["orders"]), "why": why[code], "sum": self.money(counted["minor"])}
            yield f"{text % known} {nobody_knows}"
        for code, counted in self.found["impossible"]["before"].items():
            text = ngettext(
                "%(n)s order cannot be replayed under the rules of today: %(why)s.",
                "%(n)s orders cannot be replayed under the rules of today: %(why)s.",
                counted["orders"],
            )
            yield f"{text % {'n': formats.number(counted['orders']), 'why': why[code]}} {nobody_knows}"

    def _notes(self) -> Iterator[str]:
        yield _("Worked out order by order with the same code that charges.")
        yield _("It says nothing about orders that the change might win or lose.")
        checked = self.facts["checked"]
        if checked["apart"]:
            known = {
                "n": formats.number(checked["like"] - checked["same"]),
                "which": formats.listed(checked["apart"]),
            }
            yield _("%(n)s orders do not come to what was charged for them, and somebody should look why: %(which)s.") % known
        elif checked["like"]:
            known = {"n": formats.number(checked["like"])}
            yield (
                _("%(n)s orders were placed under these very rules, and the replay comes to the cent of what was charged.")
                % known
            )
        if earlier := self.facts["orders"] - checked["like"]:
            yield _("%(n)s were placed under earlier rules, and are replayed under those of today.") % {
                "n": formats.number(earlier)
            }
        if left_out := self.found["members_left_out"]:
            yield _("%(n)s more members are in the sums and not named.") % {"n": formats.number(left_out)}


def _id(row: Row) -> str:
    return str(row.get("member") or f"class {row['class']}")


def _labels(before: Document, after: Document) -> tuple[str, str]:
    """Return what the two bars stand for: the two values, where one figure changes."""
    moved = dry_runs.moved(before, after)
    pair = [one["rules"][rule] for one in (before, after) for rule in moved if rule in one["rules"]]
    if len(moved) != 1 or len(pair) != 2 or pair[0]["type"] not in BARE:
        return _("As it is"), _("As proposed")
    old, new = (value_shown(rule, (get_language() or "en").split("-")[0]) for rule in pair)
    return _("%(value)s, as it is") % {"value": old}, _("%(value)s, as proposed") % {"value": new}
