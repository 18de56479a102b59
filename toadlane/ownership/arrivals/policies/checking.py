"""What the files come to: who arrives, with which shares and loans, into which books; and what is wrong with them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import ceil
from toadlane.money.ledger.policies.chart import CHART, CONTROL, ChartAccount
from toadlane.ownership.arrivals.policies import cells, lent
from toadlane.ownership.arrivals.policies.lent import Lent
from toadlane.ownership.arrivals.policies.reading import BALANCES, LOANS, MEMBERS, SHARES, SHEETS, Fault, Row, read
from toadlane.ownership.shares.policies import subscriptions
from toadlane.ownership.shares.policies.classes import ShareClass
from toadlane.ui import formats

CAPITAL, UNPAID = "3000", "1300"
PRINCIPAL, INTEREST = "2500", "2510"
# Whose parts are in a file of their own: the sum alone stands among the balances.
SUMS = {CAPITAL: "shares", UNPAID: "shares", PRINCIPAL: "loans", INTEREST: "loans"}
# What is under way with providers of payments, or is kept by claim, wallet, activity, grant or payout of its own: one number
# opens none of these, and what nobody could pay out again would stand there for good.
NOT_BROUGHT = (
    "1100", "1230", "1240", "1900", "2100", "2125", "2130", "2145", "2160", "2170", "2240", "2250", "2260", "2400", "2410",
    "2420",
)  # fmt: skip
RESULT, RETAINED = "3900", "3200"
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Arriving:
    """Somebody in the file. `here` is their membership where they are one already, such as a founder."""

    line: int
    number: int
    name: str
    email: str
    phone: str
    member_class: str
    joined_on: date
    is_organisation: bool
    here: int | None = None


@dataclass(frozen=True)
class Held:
    line: int
    number: int
    share_class: str
    shares: int
    nominal: int
    paid: int
    on: date


@dataclass(frozen=True)
class Opening:
    """:param minor: a debit is positive"""

    line: int
    code: str
    minor: int
    number: int | None


@dataclass(frozen=True)
class Here:
    """Somebody who is a member already."""

    membership_id: int
    number: int | None
    name: str
    email: str
    phone: str
    member_class: str


@dataclass(frozen=True)
class Known:
    """What the files are judged by.

    :param classes: of members, each with whether persons and whether organisations may be one
    :param most_of_capital: which part of the capital one member may hold once three hold some
    """

    today: date
    currency: str
    classes: Mapping[str, tuple[bool, bool]]
    share_classes: Mapping[str, ShareClass]
    here: tuple[Here, ...]
    most_of_capital: Fraction = Fraction(1)


@dataclass
class Plan:
    members: list[Arriving] = field(default_factory=list)
    shares: list[Held] = field(default_factory=list)
    loans: list[Lent] = field(default_factory=list)
    balances: list[Opening] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def capital(self) -> int:
        return sum(one.nominal for one in self.shares)

    @property
    def unpaid(self) -> int:
        return sum(one.nominal - one.paid for one in self.shares)

    @property
    def lent(self) -> int:
        return sum(one.principal for one in self.loans)

    @property
    def owed(self) -> int:
        return sum(one.owed for one in self.loans)


def openable() -> list[ChartAccount]:
    """Return the accounts that can be opened with a balance."""
    return [one for one in CHART.values() if one.code not in NOT_BROUGHT]


def check(files: Mapping[str, bytes], known: Known) -> Plan:
    """Read `members`, `shares`, `loans` and `balances` and judge them together. Faults come in the order of files and lines."""
    plan, rows = Plan(), {}
    for sheet in SHEETS:
        rows[sheet.name], faults = read(sheet, files.get(sheet.name, b""))
        plan.faults += faults
    unread = {fault.file for fault in plan.faults}
    if not rows[MEMBERS.name] and MEMBERS.name not in unread:
        todo = _("Its first line names the columns: %(columns)s.") % {"columns": formats.listed(MEMBERS.columns)}
        plan.faults.append(Fault(MEMBERS.name, 0, "", _("There is nobody in this file."), todo))
    _members(plan, rows[MEMBERS.name], known)
    _shares(plan, rows[SHARES.name], known)
    _loans(plan, rows[LOANS.name], known)
    _balances(plan, rows[BALANCES.name], known)
    if not plan.faults:  # What lines come to together is only told once each of them can be.
        plan.faults += [*_caps(plan, known), *_sums(plan, known)]
    order = {sheet.name: n for n, sheet in enumerate(SHEETS)}
    plan.faults.sort(key=lambda fault: (order[fault.file], fault.line))
    return plan


def _members(plan: Plan, rows: list[Row], known: Known) -> None:
    numbers: dict[int, int] = {}
    reached: dict[tuple[str, str], int] = {}
    by_way = {(way, one.member_class): one for one in known.here for way in (one.email.lower(), one.phone, one.name) if way}
    for row in rows:
        try:
            one = _member(row, known, by_way)
            if one.number in numbers:
                wrong = _("This number is that of line %(line)s, too.") % {"line": numbers[one.number]}
                raise cells.Bad("number", wrong, _("Each member has a number of their own."))
            for way in (one.email.lower(), one.phone):
                if way and (way, one.member_class) in reached:
                    wrong = _("Line %(line)s has the same address.") % {"line": reached[way, one.member_class]}
                    raise cells.Bad("email", wrong, _("Each member is reached by an address of their own, in a class once."))
                reached[way, one.member_class] = row.line
        except cells.Bad as bad:
            plan.faults.append(Fault(MEMBERS.name, row.line, bad.column, bad.wrong, bad.todo))
            continue
        numbers[one.number] = row.line
        plan.members.append(one)
    kept = {one.here for one in plan.members}
    for other in known.here:
        if other.number in numbers and other.membership_id not in kept:
            about = {"number": other.number, "name": other.name}
            wrong = _("Number %(number)s is that of %(name)s here.") % about
            todo = _("Put %(name)s into the file too, with the number they had, or give this member another one.") % about
            plan.faults.append(Fault(MEMBERS.name, numbers[other.number], "number", wrong, todo))


def _member(row: Row, known: Known, by_way: Mapping[tuple[str, str], Here]) -> Arriving:
    name, email, phone = (row.cells.get(column, "") for column in ("name", "email", "phone"))
    kind = row.cells.get("kind", "").lower() or "person"
    number = cells.number(row, "number")
    if not name or len(name) > 120:
        raise cells.Bad("name", _("There is no name, or one that is too long."), _("Write up to 120 signs."))
    if kind not in ("person", "organisation"):
        raise cells.Bad(
            "kind", _("“%(text)s” is neither.") % {"text": kind}, _("Write person or organisation, or leave it empty.")
        )
    wanted = row.cells.get("class", "")
    persons, organisations = known.classes.get(wanted, (False, False))
    if not (organisations if kind == "organisation" else persons):
        wrong = _("The bylaws have no class “%(name)s” for this kind of member.") % {"name": wanted}
        raise cells.Bad("class", wrong, _("There are these: %(classes)s.") % {"classes": formats.listed(known.classes)})
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise cells.Bad("email", _("This is no e-mail address."), _("Look at it again, or leave it empty.")) from None
    if phone:
        phone = re.sub(r"[ ()/-]", "", phone)
        if not PHONE.fullmatch(phone):
            todo = _("Write it with the code of the country: +353 86 123 4567.")
            raise cells.Bad("phone", _("This is no phone number."), todo)
    if not (email or phone) and kind == "person":
        raise cells.Bad("email", _("This member cannot be reached."), _("Give an e-mail address or a phone number."))
    ways = (name,) if kind == "organisation" else (email.lower(), phone)
    here = next((by_way[way, wanted] for way in ways if way and (way, wanted) in by_way), None)
    return Arriving(
        row.line, number, name, email, phone, wanted, cells.day(row, "joined_on", known.today), kind == "organisation",
        here.membership_id if here else None,
    )  # fmt: skip


def _shares(plan: Plan, rows: list[Row], known: Known) -> None:
    members = {one.number: one for one in plan.members}
    for row in rows:
        try:
            number, count = cells.number(row, "member"), cells.number(row, "shares")
            if number not in members:
                todo = _("Give a number of the file of members whose line is right.")
                raise cells.Bad("member", _("Nobody has the number %(number)s.") % {"number": number}, todo)
            named = row.cells.get("share_class", "")
            one = known.share_classes.get(named)
            if one is None or not one.is_for(members[number].member_class):
                wrong = _("The bylaws have no shares “%(name)s” for this class of members.") % {"name": named}
                classes = formats.listed(known.share_classes) or "–"
                raise cells.Bad("share_class", wrong, _("There are these: %(classes)s.") % {"classes": classes})
            nominal = count * one.price
            if nominal >= cells.MOST:
                raise cells.Bad("shares", _("So many shares are beyond all measure."), _("Look at the number again."))
            paid = cells.amount(row, "paid", known.currency) if row.cells.get("paid") else nominal
            least = ceil(one.paid_at_once * nominal)
            if not least <= paid <= nominal:
                about = {"least": Money(least, known.currency).amount, "most": Money(nominal, known.currency).amount}
                todo = _("Between %(least)s and %(most)s is paid for so many.") % about
                if least == nominal:
                    todo = _("Exactly %(most)s is paid for so many: the bylaws let nobody pay in parts.") % about
                raise cells.Bad("paid", _("So much cannot have been paid for these shares."), todo)
            plan.shares.append(
                Held(row.line, number, one.id, count, nominal, paid, cells.day(row, "on", known.today, known.today))
            )
        except cells.Bad as bad:
            plan.faults.append(Fault(SHARES.name, row.line, bad.column, bad.wrong, bad.todo))


def _loans(plan: Plan, rows: list[Row], known: Known) -> None:
    numbers = {one.number for one in plan.members}
    for row in rows:
        try:
            plan.loans.append(lent.read(row, numbers=numbers, currency=known.currency, today=known.today))
        except cells.Bad as bad:
            plan.faults.append(Fault(LOANS.name, row.line, bad.column, bad.wrong, bad.todo))


def _balances(plan: Plan, rows: list[Row], known: Known) -> None:
    numbers = {one.number for one in plan.members}
    seen: dict[tuple[str, int | None], int] = {}
    for row in rows:
        try:
            one = _balance(row, known, numbers)
            if (one.code, one.number) in seen:
                wrong = _("Line %(line)s is about the same account.") % {"line": seen[one.code, one.number]}
                raise cells.Bad("account", wrong, _("Put both into one line."))
        except cells.Bad as bad:
            plan.faults.append(Fault(BALANCES.name, row.line, bad.column, bad.wrong, bad.todo))
            continue
        seen[one.code, one.number] = row.line
        plan.balances.append(one)


def _balance(row: Row, known: Known, numbers: set[int]) -> Opening:
    code = row.cells.get("account", "")
    if code not in CHART:
        known_ones = formats.listed(one.code for one in openable())
        wrong = _("There is no account “%(code)s”.") % {"code": code}
        raise cells.Bad("account", wrong, _("There are these: %(codes)s.") % {"codes": known_ones})
    if code in NOT_BROUGHT:
        wrong = _("“%(code)s” is no account that can be opened with a balance.") % {"code": code}
        raise cells.Bad("account", wrong, _("Settle what is under way on it first, and leave this line out."))
    debit, credit = cells.amount(row, "debit", known.currency), cells.amount(row, "credit", known.currency)
    if bool(debit) == bool(credit):
        raise cells.Bad("debit", _("A line has a debit or a credit, and not both."), _("Leave the other one empty."))
    if code == RESULT and credit:
        todo = _("Put it where the members decided: into the reserve, or into capital accounts.")
        raise cells.Bad("credit", _("A surplus of earlier years that nobody has divided cannot be opened with."), todo)
    if code == RETAINED and debit:
        todo = _("Take what is below nothing off the reserve, or have the member pay it in.")
        raise cells.Bad("debit", _("A capital account is given back in parts, so that none can be below nothing."), todo)
    if CHART[code].is_restricted and debit:
        raise cells.Bad("debit", _("A fund that is set aside cannot have been overspent."), _("Its balance is a credit."))
    number = cells.number(row, "member") if row.cells.get("member") else None
    if number is not None and number not in numbers:
        todo = _("Give a number of the file of members whose line is right.")
        raise cells.Bad("member", _("Nobody has the number %(number)s.") % {"number": number}, todo)
    if code in SUMS and number is not None:
        wrong = _("What of this is whose is in the file of %(file)s.") % {"file": SUMS[code]}
        raise cells.Bad("member", wrong, _("Give the sum alone, without a member."))
    if code in CONTROL and code not in SUMS and number is None:
        todo = _("Write a line for each member, with their number.")
        raise cells.Bad("member", _("Of this account each part belongs to a member."), todo)
    return Opening(row.line, code, debit - credit, number)


def _caps(plan: Plan, known: Known) -> Iterator[Fault]:
    of_class: Counter[tuple[int, str]] = Counter()
    of_member: Counter[int] = Counter()
    lines: dict[int, int] = {}
    told = set()
    for one in plan.shares:
        of_class[one.number, one.share_class] += one.shares
        of_member[one.number] += one.nominal
        lines.setdefault(one.number, one.line)
        most = known.share_classes[one.share_class].most
        if most and of_class[one.number, one.share_class] > most and (one.number, one.share_class) not in told:
            told.add((one.number, one.share_class))
            todo = _("At most %(count)s of them are one member’s.") % {"count": most}
            yield Fault(SHARES.name, one.line, "shares", _("Nobody may hold so many of these shares."), todo)
    if len(of_member) < 3:
        return
    capital = plan.capital
    for number, held in of_member.items():
        if not subscriptions.within_fraction(holding_after=held, capital_after=capital, fraction=known.most_of_capital):
            todo = _("The rule shares.most_of_capital limits it. Change the rule first, or pay some back.")
            yield Fault(SHARES.name, lines[number], "shares", _("Nobody may hold so much of the capital."), todo)


def _sums(plan: Plan, known: Known) -> Iterator[Fault]:
    def said(minor: int) -> str:
        return str(Money(minor, known.currency).amount)

    sums: defaultdict[str, int] = defaultdict(int)
    for one in plan.balances:
        sums[one.code] += one.minor
    registers = (
        (CAPITAL, -1, plan.capital), (UNPAID, 1, plan.unpaid), (PRINCIPAL, -1, plan.lent), (INTEREST, -1, plan.owed),
    )  # fmt: skip
    for code, sign, held in registers:
        if sign * sums[code] != held:
            about = {"code": code, "books": said(sign * sums[code]), "register": said(held), "file": SUMS[code]}
            wrong = _("Account %(code)s says %(books)s, the file of %(file)s comes to %(register)s.") % about
            todo = _("Both have to be the same: look which of the two is right.")
            line = next((one.line for one in plan.balances if one.code == code), 0)
            yield Fault(BALANCES.name, line, "account", wrong, todo)
    debits = sum(one.minor for one in plan.balances if one.minor > 0)
    credits = -sum(one.minor for one in plan.balances if one.minor < 0)
    if debits != credits:
        wrong = _("All debits come to %(debits)s, all credits to %(credits)s.") % {
            "debits": said(debits),
            "credits": said(credits),
        }
        yield Fault(
            BALANCES.name, 0, "", wrong, _("They have to be equal. What is missing is often on the bank or in a reserve.")
        )
