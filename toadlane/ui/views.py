"""The style guide: every component in every state, from the same templates that pages use, a page for each family of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from toadlane.kernel.money import Money
from toadlane.ui import formats, themes
from toadlane.ui.icons import ICONS
from toadlane.ui.shapes import (
    Change,
    Chart,
    Column,
    Crumb,
    Decided,
    Moment,
    Month,
    MonthDay,
    Option,
    Pair,
    Pin,
    Replay,
    Share,
    Split,
    Step,
    Table,
)
from toadlane.ui.sheets import Cell, Context, Rows, SheetField

_ARTS = (
    "clean", "bowl", "tools", "car", "cam", "stay", "desk", "bread", "bike", "care", "stage", "garden", "case", "open", "door",
)  # fmt: skip
_SWATCHES = [
    "paper", "sheet", "sunk", "ink", "ink-2", "hair", "line", "paint", "accent", "fascia", "tint", "spot", "good", "warn", "bad",
]  # fmt: skip
_SILLS = ("clean", "bowl", "tools", "street")


@dataclass(frozen=True)
class Palette:
    slug: str
    theme: themes.Theme


class SampleForm(forms.Form):
    full_name = forms.CharField(label=later("Name"))
    email = forms.EmailField(label=later("E-mail"))
    least = forms.DecimalField(label=later("Least pay for an hour"), min_value=13, help_text=later("In euro"))
    coop = forms.ChoiceField(label=later("Co-op"), choices=[("a", "Clean Slate"), ("b", "Larkspur")])
    day = forms.DateField(label=later("Day"), required=False)
    picture = forms.FileField(label=later("A photograph"), required=False)
    note = forms.CharField(
        label=later("Anything we should know"),
        widget=forms.Textarea,
        help_text=later("A key, a dog, a delicate thing"),
        required=False,
    )
    oven = forms.BooleanField(label=later("Inside the oven"), required=False)
    level = forms.ChoiceField(
        label=later("How thorough"), widget=forms.RadioSelect, initial="b",
        choices=[
            ("a", Option("Once-over", "About 3 hours.", "€81")),
            ("b", Option("Top to Bottom", "The whole card is the label.", "€113")),
        ],
    )  # fmt: skip
    news = forms.MultipleChoiceField(
        label=later("What you want to hear of"), required=False, widget=forms.CheckboxSelectMultiple, initial=["b1", "b2"],
        choices=[
            ("Orders", [("a1", "Placed"), ("a2", "Moved"), ("a3", "Called off")]),
            ("Ballots", [("b1", "Opened"), ("b2", "Closed"), ("b3", "Counted")]),
        ],
    )  # fmt: skip
    latitude = forms.DecimalField(label=later("North"), required=False)
    longitude = forms.DecimalField(label=later("East"), required=False)


class ListForm(forms.Form):
    """A list to fill in: names, a length, an amount, a part, and whether it stands in the window."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheet = Rows(
            cells=(
                Cell(name="id", kind="key"), Cell(name="names", label=later("What it is called"), kind="names"),
                Cell(name="hours", label=later("Takes"), kind="decimal", unit=later("hours")),
                Cell(name="price", label=later("Price"), kind="money"),
                Cell(name="less", label=later("Less"), kind="rate", empty="0", required=False),
            ),
            one=later("Size"), add=later("Add a size"), once=("id",),
        )  # fmt: skip
        known = [{"id": "one", "names": {"en": "One bedroom", "es": "Un dormitorio"}, "hours": "2.5", "price": 6750}]
        self.fields["sizes"] = SheetField(sheet=sheet, context=Context(), before=known, label=later("What does what cost?"))


def _wrong_list() -> ListForm:
    sent = QueryDict(mutable=True)
    sent.update({"w-sizes-rows": "1", "w-sizes-0-names-en": "Two bedrooms", "w-sizes-0-hours": "3", "w-sizes-0-price": "a few"})
    return ListForm(sent, prefix="w")


@dataclass(frozen=True)
class Family:
    name: str
    title: Any
    samples: Callable[[], Mapping[str, object]]

    @property
    def path(self) -> str:
        return "" if self is FAMILIES[0] else f"{self.name}/"

    @property
    def address(self) -> str:
        return "styleguide" if self is FAMILIES[0] else f"styleguide_{self.name}"

    @property
    def template(self) -> str:
        return f"ui/styleguide/{self.name}.html"


def styleguide(request: HttpRequest, family: Family) -> HttpResponse:
    return render(request, "ui/styleguide.html", {"families": FAMILIES, "family": family, **family.samples()})


def _split() -> Split:
    rule = Decided(
        "v7, § 12",
        _("5 % of each order"),
        _("Bylaws version 7. Members’ vote of 3 November: 81 % of 42 for, quorum met."),
        "#s-dec",
    )
    own = Decided("Clean Slate v4", _("85 % to the person who cleaned"), _("Clean Slate’s own bylaws, version 4."), "#s-dec")
    return Split(
        Money(14642, "EUR"),
        [
            Share(_("Ana, or whoever comes"), Money(10417, "EUR"), own, _("4½ hours at €23.15"), kind="worker"),
            Share(_("Her co-op’s running"), Money(1225, "EUR"), own, _("Rent, dispatch, insurance"), kind="coop"),
            Share(_("Sick-pay and holiday fund"), Money(613, "EUR"), own, kind="fund"),
            Share(_("The platform"), Money(645, "EUR"), rule, kind="platform"),
            Share(_("VAT"), Money(1742, "EUR"), why="13.5 %", kind="tax"),
        ],
    )  # fmt: skip


def _chart() -> Chart:
    weeks = {"22 Sep": 41240, "29 Sep": 43815, "6 Oct": 39680, "13 Oct": 45120, "20 Oct": 46795, "27 Oct": 32010, "3 Nov": 47460}
    columns = [Column(week, minor / 100, f"€{minor / 100:.2f}", is_part=week == "3 Nov") for week, minor in weeks.items()]
    return Chart(
        columns,
        _("Each bar is one week, beginning on the day named; the hatched one is not over yet."),
        _("Earned"),
        423.03,
        "€423.03",
    )


def _replay() -> Replay:
    fees = {"Clean Slate": (1780, 18240000, 912000, 1094400), "Larkspur": (1893, 19026000, 951300, 1141560),
            "Harbour Hands": (1139, 11470000, 573500, 688200)}  # fmt: skip

    def cells(name: str, orders: int, *minors: int) -> list[str]:
        amounts = (*minors, minors[-1] - minors[-2])
        return [name, formats.number(orders), *(formats.money(Money(minor, "EUR")) for minor in amounts)]

    together = [sum(column) for column in zip(*fees.values(), strict=True)]
    table = Table(
        _("The fee by co-op at 5 % and at 6 %"),
        [_("Co-op"), _("Orders"), _("Sold, before VAT"), _("Fee, now"), _("Fee, then"), _("Difference")],
        [cells(name, *row) for name, row in fees.items()],
        cells(_("Together"), *together),
    )
    return Replay(
        lede=_("Had this been the rule from 1 November 2025 to 31 October 2026, on 4,812 orders:"),
        was=_("5 %, as it is"), will=_("6 %, as proposed"), tables=[table],
        points=[_("The platform would have kept €4,873.60 more."), _("An hour’s work would have brought €0.23 less.")],
        pairs=[
            Pair(name, was, will, formats.money(Money(was, "EUR")), formats.money(Money(will, "EUR")))
            for name, (_orders, _sold, was, will) in fees.items()
        ],
        warnings=[_("3 orders could not have been made with the change: an hour would have brought less than the pay floor.")],
        notes=[_("Worked out order by order with the same code that charges.")],
    )  # fmt: skip


def _month() -> Month:
    states: dict[int, Literal["free", "chosen", "taken", "past"]] = {
        1: "past",
        2: "past",
        8: "chosen",
        9: "chosen",
        16: "taken",
        17: "taken",
    }
    days = [
        MonthDay(date(2027, 2, n), (state := states.get(n, "free")), "#s-month" if state in ("free", "chosen") else "")
        for n in range(1, 29)
    ]
    return Month(date(2027, 2, 1), [days[n : n + 7] for n in range(0, 28, 7)])


def _steps() -> list[Step]:
    return [
        Step(_("Idea"), "3 October", "done"), Step(_("Talk"), "31 October", "done"),
        Step(_("Voting"), "21 November", "current"), Step(_("Count")), Step(_("In force"), "1 January"),
    ]  # fmt: skip


def _basics() -> dict[str, object]:
    return {
        "amounts": [Money(14642, "EUR"), Money(2700, "EUR"), Money(-310460, "EUR"), Money(98000, "JPY"), Money(1234567, "KWD")],
        "icons": sorted(ICONS), "arts": [f"a-{name}" for name in _ARTS], "sills": [f"sill-{name}" for name in _SILLS],
        "palettes": [Palette(name, theme) for name, theme in themes.PALETTES.items()],
        "swatches": _SWATCHES,
    }  # fmt: skip


def _filling_in() -> dict[str, object]:
    wrong = SampleForm({"email": "oksana", "full_name": "Oksana", "least": "12", "coop": "a", "level": "a"}, auto_id="w_%s")
    return {"form": SampleForm(), "wrong": wrong, "sheet": ListForm(), "wrong_sheet": _wrong_list(), "month": _month()}


def _money() -> dict[str, object]:
    split = _split()
    return {"split": split, "decided": split.shares[3].rule, "chart": _chart(), "replay": _replay()}


def _deciding() -> dict[str, object]:
    first, last = datetime(2026, 11, 3, 20, 14, tzinfo=UTC), date(2026, 11, 28)
    return {
        "steps": _steps(),
        "moments": [
            Moment(first, _("booked a Top to Bottom."), "Nuala Brophy"), Moment(date(2026, 11, 13), _("Ana finished.")),
            Moment(last, _("Clean Slate pays Ana."), is_to_come=True),
        ],
        "changes": [
            Change("same", _("the platform keeps")), Change("del", "5"), Change("ins", "6"), Change("same", _("per cent.")),
        ],
    }  # fmt: skip


def _pages() -> dict[str, object]:
    return {
        "pins": [
            Pin("Bright & Early", 53.27, -9.05, "#", "Ardmullen"), Pin("Kiln Lane", 45.77, 4.83, "#", "Vaudelin"),
            Pin("The Lending Shed", 43.26, -2.93, "#", "Ribalta"),
        ],
        "crumbs": [Crumb(_("Orders"), "#"), Crumb("2291")], "page": Paginator(range(90), 10).page(3),
        "split": _split(), "steps": _steps(),
    }  # fmt: skip


FAMILIES = (
    Family("basics", later("Type, paint and signs"), _basics), Family("forms", later("Filling in"), _filling_in),
    Family("money", later("Money and figures"), _money), Family("deciding", later("Deciding"), _deciding),
    Family("pages", later("Maps and ways"), _pages),
)  # fmt: skip
