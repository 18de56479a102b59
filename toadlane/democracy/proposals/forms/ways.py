"""A way of deciding as people fill it in. What is not asked here stays as it is; the API can say all of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.counting.policies.chambers import WEIGHTED
from toadlane.democracy.counting.policies.procedures import BadProcedure, Procedure
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import reading, ways
from toadlane.society.bylaws.rules.values import NotAValue, read, typed

DAYS = ("discussion_days", "notice_days", "min_days", "delay_days", "appeal_days")
COUNTS = (*DAYS, "hours", "answer_days", "proxies", "max_opposed")
# What a way may say whatever its kind, and what else by kind: the rest is left behind when the kind changes.
COMMON = ("kind", "rank", "names", "roll", "circle", "propose", "support", "fallback", *DAYS)
OF_VOTES = (
    "threshold", "op", "of", "quorum", "quorum_rule", "max_opposed", "max_opposed_fraction", "block", "second_call",
    "late_quorum_hours", "early_close", "tie", "chambers", "precedence", "delegation", "proxies", "plural",
    "mandatory_majority", "secrecy", "replaceable", "elsewhere", "results", "min_electorate",
)  # fmt: skip
OWN: Mapping[str, tuple[str, ...]] = {
    "majority": OF_VOTES, "consent": ("rounds", "quorum", "quorum_rule"), "lazy": ("hours", "escalations"),
    "advice": ("answer_days",),
}  # fmt: skip
NEW: Mapping[str, Any] = {
    "kind": "majority", "roll": "members", "threshold": "1/2", "op": "gt", "of": "cast", "discussion_days": 7, "notice_days": 3,
    "min_days": 7, "secrecy": "open", "tie": "status_quo",
}  # fmt: skip
OPS = [("gt", _("More than that")), ("ge", _("At least that"))]
OF = [
    ("cast", _("Of the votes cast: who abstains or stays away does not count")),
    ("present", _("Of those who take part: abstaining counts like a no")),
    ("eligible", _("Of all who may vote: staying away counts like a no")),
    ("all", _("Of all members, whoever may vote")),
]
SHARE = _("Such as 2/3 or 60 %.")


def _number(label: Any, *, most: int, help_text: Any = "", least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False, help_text=help_text)


def _share(label: Any, help_text: Any = SHARE) -> forms.CharField:
    return forms.CharField(label=label, max_length=20, required=False, help_text=help_text)


def _radio(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


class WayForm(forms.Form):
    """The terms of a way of deciding."""

    title = forms.CharField(label=_("What people call it"), max_length=60)
    as_strict_as = forms.ChoiceField(
        label=_("As strict as"), widget=forms.RadioSelect,
        help_text=_("Whatever passes by that one may then be put to this one, too. To add it takes a stricter vote."),
    )  # fmt: skip
    kind = _radio(_("How it is decided"), [(kind, reading.KINDS[kind]) for kind in OWN])
    roll = forms.ChoiceField(label=_("Who decides"), required=False)
    classes = forms.MultipleChoiceField(
        label=_("Only these classes of members"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all that may vote."),
    )  # fmt: skip
    threshold = _share(_("How much is enough"))
    op = _radio(_("More than that, or at least?"), OPS)
    of = _radio(_("Of whom"), OF)
    quorum = _share(_("How many have to take part"), _("A share of those who may vote, such as 20 %."))
    quorum_number = _number(_("Or a number of members"), most=1_000_000, least=1)
    discussion_days = _number(_("Days to talk"), most=365)
    notice_days = _number(_("Days of notice"), most=365, help_text=_("The law may ask for more."))
    min_days = _number(_("Days to vote"), most=365)
    delay_days = _number(_("Days until it takes effect"), most=365, help_text=_("Each rule has days of its own besides."))
    appeal_days = _number(_("Days to appeal"), most=365)
    secrecy = _radio(_("How people vote"), list(reading.SECRECY.items()))
    tie = _radio(_("What happens at a tie"), list(reading.TIES.items()))
    support = _share(_("Support that opens it"), _("A share of those who may vote; empty is what the bylaws ask for everywhere."))
    max_opposed = _number(_("At most so many may be opposed"), most=1_000_000, help_text=_("For consensus minus one: 1."))
    block = _share(_("One member can block it, unless so many are in favor"), _("Such as 9/10; empty means nobody can block."))
    delegation = _number(
        _("Votes one member may carry for others"), most=100_000, least=1, help_text=_("Empty means none can be given.")
    )  # fmt: skip
    proxies = _number(_("Proxies one member may hold"), most=1000)
    hours = _number(_("Hours in which somebody may speak up"), most=8760, least=1)
    answer_days = _number(_("Days to answer"), most=365)
    fallback = forms.ChoiceField(label=_("If nothing comes of it"), required=False)
    chambers = _radio(_("Groups of members with a part each"), [("", _("None: all votes are counted together")),
                      *((mode, reading.CHAMBERS[mode]) for mode in WEIGHTED)])  # fmt: skip

    def __init__(
        self, *args: Any, name: str, document: Mapping[str, Any], table: Mapping[str, Any] | None, language: str,
        classes: Sequence[tuple[str, str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        """:param name: of the way in the bylaws, empty for a new one; :param table: what it says, None where nothing yet
        :param document: the bylaws with all rules there are; :param classes: of members: id, college and what it is called
        """
        self.name, self.document, self.language, self.is_new = name, document, language, name not in document["procedures"]
        self.table = dict(table or NEW)
        known, self.colleges = document["procedures"], sorted({college for _id, college, _name in classes})
        kwargs["initial"] = _typed(self.table, name, language)
        super().__init__(*args, **kwargs)
        labels = [(one, reading.label(one, known[one], language)) for one in ways.names(document)]
        peers = [(one, label) for one, label in labels if known[one]["kind"] in ways.OF_RULES]
        self._choose("as_strict_as", peers)
        self._choose("fallback", [("", _("It does not pass")), *((one, label) for one, label in peers if one != name)])
        self._choose("roll", _places(document, self.initial["roll"]))
        self._choose("classes", [(one, label) for one, _college, label in classes])
        if (kind := self.table["kind"]) not in OWN:
            self._choose("kind", [(kind, reading.KINDS.get(kind, kind))])
        if "quorum_rule" in self.table:
            self.fields["quorum"].help_text = now_("Empty, it stays as the rule for it says. A share here takes its place.")
        for college in self.colleges if len(self.colleges) > 1 else ():
            self.fields[f"part_{college}"] = _share(now_("Part of “%(group)s”") % {"group": college}, "")
        if len(self.colleges) < 2:
            del self.fields["chambers"]
        if self.is_new:
            self.initial.setdefault("as_strict_as", "simple" if "simple" in dict(peers) else peers[0][0])
        else:
            del self.fields["as_strict_as"]

    def _choose(self, field: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[Any], bool]]:
        """Return the questions by what they are about, and whether they are open at once."""
        parts = [f"part_{college}" for college in self.colleges]
        asked: list[tuple[Any, tuple[str, ...]]] = [
            ("", ("title", "as_strict_as", "kind", "roll")),
            (_("How many are enough"), ("threshold", "op", "of", "quorum", "quorum_number", "tie")),
            (_("How long it takes"), DAYS),
            (_("How people vote"), ("secrecy", "delegation", "proxies")),
            (_("Blocks, and groups of members"), ("classes", "max_opposed", "block", "chambers", *parts)),
            (_("Support, and deciding without counting"), ("support", "hours", "answer_days", "fallback")),
        ]  # fmt: skip
        found = []
        for n, (title, names) in enumerate(asked):
            bound = [self[name] for name in names if name in self.fields]
            if bound:
                found.append((title, bound, n == 0 or any(field.errors for field in bound)))
        return found

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in ("threshold", "quorum", "support", "block", *(f"part_{college}" for college in self.colleges)):
            if self.cleaned_data.get(name):
                try:
                    self.cleaned_data[name] = read("rate", self.cleaned_data[name], "EUR")
                except NotAValue:
                    self.add_error(name, now_("Write it as a part or in per cent, such as 2/3 or 60 %."))
        if not self.errors:
            self._read_whole()
        return self.cleaned_data

    def _read_whole(self) -> None:
        """Put the answers together, and have the whole read as a ballot would be opened by it."""
        self.written = _written(self)
        name = self.name or "it"
        whole = {**self.document, "procedures": {**self.document["procedures"], name: self.written}}
        try:
            Procedure.read(name, whole)
        except BadProcedure as error:
            key = (error.field or "").split(".")[1] if "." in (error.field or "") else ""
            words = str(error).rpartition("”: ")[2]
            self.add_error(key if key in self.fields else None, words[:1].upper() + words[1:])


def _places(document: Mapping[str, Any], now: str) -> list[tuple[str, Any]]:
    organs = [name for name in document.get("organs", {}) if name not in ("assembly", "guardian", "appeals")]
    found: dict[str, Any] = {one: reading.PLACES[one] for one in ("members", "meeting")}
    found |= {one: reading.PLACES.get(one, one) for one in organs}
    if now not in found:
        found[now] = reading.PLACES.get(now, now)
    return list(found.items())


def _typed(table: Mapping[str, Any], name: str, language: str) -> dict[str, Any]:
    """Return the terms of a table as somebody would type them."""
    roll = table.get("roll", f"circle:{table['circle']}" if "circle" in table else "members")
    quorum, chambers = table.get("quorum"), table.get("chambers", {})
    found: dict[str, Any] = {
        key: table[key] for key in ("kind", "op", "of", "secrecy", "tie", "fallback", *COUNTS) if key in table
    }
    found |= {"title": reading.label(name, table, language) if name or "names" in table else ""}
    found |= {"roll": roll if isinstance(roll, str) else str(roll.get("who", "members"))}
    found |= {"classes": [] if isinstance(roll, str) else list(roll.get("classes", []))}
    found |= {"op": table.get("op", "gt"), "of": table.get("of", "cast"), "secrecy": table.get("secrecy", "open")}
    found |= {"tie": table.get("tie", "status_quo"), "chambers": chambers.get("mode", "")}
    shares = {"threshold": table.get("threshold"), "support": table.get("support", {}).get("fraction")}
    shares |= {"block": table.get("block", {}).get("override"), "quorum": quorum}
    if isinstance(quorum, Mapping):
        shares["quorum"], found["quorum_number"] = quorum.get("fraction"), quorum.get("number")
    shares |= {f"part_{college}": part for college, part in chambers.get("weights", {}).items()}
    found |= {key: _as_typed(value) for key, value in shares.items() if isinstance(value, str | int)}
    if "delegation" in table:
        found["delegation"] = table["delegation"].get("cap")
    return found


def _as_typed(share: str | int) -> str:
    """Return a share as people write it: two thirds as 2/3, and a fifth as 20 %."""
    part = rate(share)
    return str(part) if part.denominator in (2, 3, 4) or part > 1 else _percent(typed("rate", str(part), "EUR"))


def _percent(text: str) -> str:
    return text if "/" in text else f"{text} %"


def _written(form: WayForm) -> dict[str, Any]:
    """Return the table that the answers make; of one that is there, only what was changed is written anew."""
    said, table = form.cleaned_data, dict(form.table)
    asked = [name for name in form.fields if form.is_new or name in form.changed_data]
    for name in asked:
        if name in _WRITERS:
            _WRITERS[name](table, said, form)
        elif name in (*COUNTS, "kind", "op", "of", "secrecy", "tie", "threshold", "fallback"):
            _put(table, name, said.get(name))
    if any(name == "chambers" or name.startswith("part_") for name in asked):
        _groups(table, said, form)
    if form.is_new:
        table["rank"] = form.document["procedures"][said["as_strict_as"]]["rank"]
    if table["kind"] in OWN:
        keep = (*COMMON, *OWN[table["kind"]])
        table = {key: value for key, value in table.items() if key in keep}
    return table


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    """Write a term, or leave it out: what is empty is not said."""
    if value in (None, ""):
        table.pop(key, None)
    else:
        table[key] = value


def _title(table: dict[str, Any], said: Mapping[str, Any], form: WayForm) -> None:
    table["names"] = {**table.get("names", {}), form.language: said["title"]}


def _roll(table: dict[str, Any], said: Mapping[str, Any], _form: WayForm) -> None:
    table.pop("circle", None)
    rest = table["roll"] if isinstance(table.get("roll"), Mapping) else {}
    rest = {key: value for key, value in rest.items() if key not in ("who", "classes")}
    more = {**rest, **({"classes": said["classes"]} if said["classes"] else {})}
    table["roll"] = {"who": said["roll"], **more} if more else said["roll"]


def _quorum(table: dict[str, Any], said: Mapping[str, Any], _form: WayForm) -> None:
    share, number = said.get("quorum"), said.get("quorum_number")
    if share or number:
        table.pop("quorum_rule", None)
    found = {**({"fraction": share} if share else {}), **({"number": number} if number else {})}
    _put(table, "quorum", share if share and not number else found or None)


def _support(table: dict[str, Any], said: Mapping[str, Any], _form: WayForm) -> None:
    rest = {key: value for key, value in table.get("support", {}).items() if key != "fraction"}
    _put(table, "support", {"of": "eligible", **rest, "fraction": said["support"]} if said["support"] else None)


def _block(table: dict[str, Any], said: Mapping[str, Any], _form: WayForm) -> None:
    _put(table, "block", {**table.get("block", {}), "override": said["block"]} if said["block"] else None)


def _delegation(table: dict[str, Any], said: Mapping[str, Any], _form: WayForm) -> None:
    _put(table, "delegation", {"cap": said["delegation"]} if said["delegation"] else None)


def _groups(table: dict[str, Any], said: Mapping[str, Any], form: WayForm) -> None:
    rest = {key: value for key, value in table.get("chambers", {}).items() if key == "empty"}
    weights = {college: said.get(f"part_{college}") or "0" for college in form.colleges}
    _put(table, "chambers", {"mode": said["chambers"], "weights": weights, **rest} if said.get("chambers") else None)


_WRITERS: Mapping[str, Callable[[dict[str, Any], Mapping[str, Any], WayForm], None]] = {
    "title": _title, "roll": _roll, "classes": _roll, "quorum": _quorum, "quorum_number": _quorum, "support": _support,
    "block": _block, "delegation": _delegation,
}  # fmt: skip


def slug(title: str, taken: Collection[str]) -> str:
    """Return the name of a new way in the bylaws, from what people call it."""
    base = slugify(title).replace("-", "_")[:30].strip("_")
    base = base if ways.NAME.fullmatch(base) else "way"
    n, name = 2, base
    while name in taken or len(name) < 2:
        name, n = f"{base}_{n}", n + 1
    return name
