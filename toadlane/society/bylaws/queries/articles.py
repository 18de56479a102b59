"""The rules as people read them: articles with their guards, how one came to be, what differs, what nobody has decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext

from toadlane.society.bylaws import rules
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.queries.books import Book, book
from toadlane.society.bylaws.rules import articles as articles_of
from toadlane.society.bylaws.rules import lent, reading, ways
from toadlane.society.bylaws.rules.provenance import FOUNDING, Provenance
from toadlane.ui.shapes import Change


@dataclass(frozen=True)
class Guard:
    tier: str
    label: str
    text: str


@dataclass(frozen=True)
class Article:
    """One rule as it is read: number, title, words, guard, the law's bounds, and who decided.

    :param adopted_by: of a rule that the members have not decided, what it takes to adopt it
    """

    id: str
    number: int
    title: str
    text: str
    tier: str
    tier_label: str
    guard: str
    floor: tuple[str, str] | None
    cap: tuple[str, str] | None
    only: tuple[str, str] | None
    lines: list[articles_of.Line]
    decided: Provenance
    adopted_by: str = ""

    @property
    def is_decided(self) -> bool:
        return self.decided.is_decided


def articles(book: Book, language: str) -> list[tuple[str, list[Article]]]:
    """Return the rules that members decided by heading, numbered through."""
    grouped: dict[str, list[Article]] = {}
    for number, rule_id in enumerate(_in_order(book.rules), 1):
        heading = gettext(articles_of.heading_of(rule_id)[1])
        grouped.setdefault(heading, []).append(_article(book, rule_id, number, language))
    return list(grouped.items())


def with_words(articles: list[tuple[str, list[Article]]], search: str) -> list[tuple[str, list[Article]]]:
    """Return, by heading, the rules that have every word of a search somewhere in them: all of them if none is searched for."""
    words = search.casefold().split()

    def has_them(one: Article) -> bool:
        said = " ".join([one.id, one.title, one.text, *(f"{line.label} {line.text}" for line in one.lines)]).casefold()
        return all(word in said for word in words)

    found = [(heading, [one for one in rules if has_them(one)]) for heading, rules in articles]
    return [(heading, rules) for heading, rules in found if rules]


def undecided(book: Book, language: str) -> list[Article]:
    """Return the rules that the software brought since, numbered on: they hold, and no member has decided them."""
    return [
        _article(book, rule_id, number, language) for number, rule_id in enumerate(_in_order(book.undecided), len(book.rules) + 1)
    ]


def deciding(book: Book, language: str) -> list[Article]:
    """Return the ways of deciding, the mildest first. They have names and no numbers."""
    return [_article(book, ways.id_of(name), 0, language) for name in ways.names(book.document)]


def article(book: Book, rule_id: str, language: str, rule: Mapping[str, Any] | None = None) -> Article:
    """Return one rule as it is read.

    :param rule: as it stands, where it is known already; a way of deciding that is only proposed is in no book
    """
    if ways.is_way(rule_id):
        return _article(book, rule_id, 0, language, rule)
    order = [*_in_order(book.rules), *_in_order(book.undecided)]
    return _article(book, rule_id, order.index(rule_id) + 1, language)


def _in_order(ids: Iterable[str]) -> list[str]:
    def place(rule_id: str) -> tuple[int, str, int, str]:
        declared = rules.find(rule_id)
        return articles_of.heading_of(rule_id)[0], rule_id.partition(".")[0], declared.order if declared else 999, rule_id

    return sorted(ids, key=place)


def _article(book: Book, rule_id: str, number: int, language: str, rule: Mapping[str, Any] | None = None) -> Article:
    rule, title = rule or book.rule(rule_id), _title(book, rule_id, language)
    procedures, known = book.completed["procedures"], book.completed["rules"]
    procedure, adopted_by = procedures[rule["procedure"]], ""
    is_there = book.find(rule_id) is not None
    text = book.reads(rule_id, language) if is_there else ""
    if not book.is_decided(rule_id) and is_there:
        adopted_by = articles_of.guard(procedures[rules.undecided.passes(book.document, rule["tier"])], known)
    return Article(
        id=rule_id, number=number, title=title, text=text, tier=rule["tier"],
        tier_label=gettext(articles_of.TIERS[rule["tier"]]),
        guard=articles_of.guard(procedure, known, rule["delay_days"]), floor=articles_of.bound(rule, "floor", language),
        cap=articles_of.bound(rule, "cap", language), only=articles_of.bound(rule, "only", language),
        lines=_lines(book, rule_id, language, known) if is_there else [],
        decided=book.decided(rule_id) if is_there else Provenance(rule_id, None, book.number, "", None, ""),
        adopted_by=adopted_by,
    )  # fmt: skip


def _title(book: Book, rule_id: str, language: str) -> str:
    if ways.is_way(rule_id):
        return reading.label(ways.name_of(rule_id), book.document["procedures"].get(ways.name_of(rule_id), {}), language)
    declared = rules.find(rule_id)
    return str(declared.question) if declared and declared.question else rule_id


def guards(book: Book) -> list[Guard]:
    """Return what guards each kind of rule, as most rules of the kind have it."""
    found = []
    for tier, label in articles_of.TIERS.items():
        procedures = [rule["procedure"] for rule in book.rules.values() if rule["tier"] == tier]
        if procedures:
            usual = max(sorted(set(procedures)), key=procedures.count)
            text = articles_of.guard(book.completed["procedures"][usual], book.completed["rules"])
            found.append(Guard(tier, gettext(label), text))
    return found


@dataclass(frozen=True)
class Turn:
    """One moment in the life of a rule."""

    version: int
    at: datetime
    decision: str
    changes: list[Change]
    rows: list[articles_of.Moved]
    told: lent.Told | None = None


def history(rule_id: str, language: str) -> list[Turn]:
    """Return how a rule came to be, the newest first."""
    found, before, stood = list[Turn](), "", list[articles_of.Line]()
    rows = list(BylawsVersion.objects.order_by("number"))
    told = lent.told({row.decision for row in rows} - {FOUNDING})
    for row in rows:
        then = book(version=row.number) if rule_id in row.changed or (ways.is_way(rule_id) and row.number == 1) else None
        if then is not None and then.is_decided(rule_id):
            after, lines = then.reads(rule_id, language), _lines(then, rule_id, language)
            changes = articles_of.changes(before or after, after)
            rows = articles_of.moved(stood, lines) if before else []
            found.append(Turn(row.number, row.enacted_at, row.decision, changes, rows, told.get(row.decision)))
            before, stood = after, lines
    return found[::-1]


@dataclass(frozen=True)
class Difference:
    """A rule that is not the same in two versions: in its words, in the rows of its list, or in who may change it."""

    id: str
    title: str
    changes: list[Change]
    rows: list[articles_of.Moved]
    guards: tuple[str, str] | None


def differences(before: Book, after: Book, language: str) -> list[Difference]:
    """Return the rules whose words, rows or guards differ between two versions."""
    old, new = ({**one.rules, **ways.by_id(one.document)} for one in (before, after))
    moved = {rule_id for rule_id in {*old, *new} if old.get(rule_id) != new.get(rule_id)}
    order = [*_in_order(moved - {one for one in moved if ways.is_way(one)}), *sorted(one for one in moved if ways.is_way(one))]
    return [_difference(before, after, rule_id, language) for rule_id in order]


def _difference(before: Book, after: Book, rule_id: str, language: str) -> Difference:
    texts = [one.reads(rule_id, language) if one.is_decided(rule_id) else "" for one in (before, after)]
    guards = [_guard(one, rule_id) for one in (before, after)]
    return Difference(
        rule_id, _title(after if after.is_decided(rule_id) else before, rule_id, language), articles_of.changes(*texts),
        articles_of.moved(*(_lines(one, rule_id, language) for one in (before, after))),
        (guards[0], guards[1]) if all(guards) and guards[0] != guards[1] else None,
    )  # fmt: skip


def _lines(book: Book, rule_id: str, language: str, known: Mapping[str, Any] | None = None) -> list[articles_of.Line]:
    if known is None and not book.is_decided(rule_id):
        return []
    if ways.is_way(rule_id):
        return reading.lines(book.rule(rule_id), language)
    return articles_of.lines(rule_id, known or book.completed["rules"], language)


def _guard(book: Book, rule_id: str) -> str:
    rule = book.rules.get(rule_id)
    if rule is None:
        return ""
    return articles_of.guard(book.completed["procedures"][rule["procedure"]], book.completed["rules"], rule["delay_days"])


@dataclass(frozen=True)
class Clause:
    """A rule that nobody has adopted yet, as it would read."""

    id: str
    title: str
    text: str
    lines: list[articles_of.Line]


def preview(document: Mapping[str, Any], language: str) -> list[tuple[str, list[Clause]]]:
    """Return a document that nobody has adopted yet, in words, by heading."""
    draft = Book(0, "", document, {}, datetime.min.replace(tzinfo=UTC))
    grouped: dict[str, list[Clause]] = {}
    for rule_id in _in_order(draft.rules):
        declared = rules.find(rule_id)
        title = str(declared.question) if declared and declared.question else rule_id
        heading = gettext(articles_of.heading_of(rule_id)[1])
        clause = Clause(rule_id, title, draft.reads(rule_id, language), articles_of.lines(rule_id, draft.rules, language))
        grouped.setdefault(heading, []).append(clause)
    return list(grouped.items())
