"""Forms made from the co-op's own kinds of listing, and the words somebody searches with."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.plumbing.files.services import MOST_BYTES_OF_PICTURE
from toadlane.plumbing.search.port import Box, Sort
from toadlane.trade.catalog.policies import Field, Kind, say
from toadlane.trade.catalog.policies.kinds import LONGEST
from toadlane.trade.catalog.queries import Wanted, filters, neighborhood
from toadlane.ui import figures, formats, towns
from toadlane.ui.amounts import AmountField, InCurrency
from toadlane.ui.uploads import UploadField

HERE = {"latitude": "latitude", "longitude": "longitude"}


class ListingForm(forms.Form):
    """What a kind of listing asks. It checks shapes; the service checks meaning, and its faults come back to the fields."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, help_text=gettext_lazy("What it is, in a few words."))
    text = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What would you tell somebody who stands in front of it?"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"), choices=settings.LANGUAGES)
    untaxed = ""

    def __init__(self, *args: Any, kind: Kind, currency: str, vat: Fraction = Fraction(0), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.currency = kind, currency
        for version in kind.variants:
            self.fields[f"p_{version.id}"] = self._money(say(version.names, get_language() or "en"))
        if kind.has_price and not kind.variants:
            self.fields["price"] = self._money(_("Price"))
        if vat and kind.has_price:
            # Whoever types what they want to see on the page would be undersold by the tax.
            self.untaxed = _("Without VAT. %(rate)s comes on top, and the page shows both together.") % {
                "rate": formats.percent(vat)
            }
        if kind.takes_deposit:
            self.fields["deposit"] = self._money(_("Deposit, given back in the end"))
        if kind.counts_stock:
            self.fields["stock"] = forms.IntegerField(
                label=_("How many there are"), min_value=0, max_value=1_000_000, required=False
            )
        for one in kind.fields:
            self.fields[f"f_{one.id}"] = _control(one)
        if kind.place != "none":
            hint = _("Part of town, as you would say it to a neighbor. Everybody sees it.")
            self.fields["area"] = forms.CharField(label=_("Where"), max_length=80, required=False, help_text=hint)
            self.fields["latitude"] = forms.CharField(label=_("Latitude"), max_length=20, required=False)
            self.fields["longitude"] = forms.CharField(label=_("Longitude"), max_length=20, required=False)

    def _money(self, label: str) -> forms.Field:
        return AmountField(label=label, currency=self.currency, required=False, least=0)

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("f_")]

    @property
    def prices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("p_")]

    def said(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("title", "text", "language", "area", "stock") if name in data}
        # No degree has a thousand: a comma in one always begins its part.
        said |= {name: figures.read(data[name], figures.NO_GROUPS).strip() for name in HERE if name in data}
        said |= {f"{name}_minor": _minor(data[name]) for name in ("price", "deposit") if name in data}
        if self.kind.variants:
            said["prices"] = {one.id: _minor(data.get(f"p_{one.id}")) for one in self.kind.variants}
        said["values"] = {one.id: data.get(f"f_{one.id}") for one in self.kind.fields if data.get(f"f_{one.id}") is not None}
        return said

    def take(self, faults: dict[str, str]) -> None:
        """Hang the service's faults on the fields they are about."""
        for name, text in faults.items():
            about, _dot, one = name.partition(".")
            field = {"values": f"f_{one}", "prices": f"p_{one}"}.get(about, name.removesuffix("_minor"))
            if name == "prices":
                field = f"p_{self.kind.variants[0].id}"
            self.add_error(field if field in self.fields else None, text)


def _minor(given: Money | None) -> int | None:
    return None if given is None else given.minor


def initial(listing: Any) -> dict[str, Any]:
    """Return what a form shows of a listing."""
    found = {name: getattr(listing, name) for name in ("title", "text", "language", "area", "stock")}
    found |= {name: getattr(listing, name) if getattr(listing, name) is not None else "" for name in HERE}
    if listing.price_minor is not None:
        found["price"] = Money(listing.price_minor, listing.currency)
    found |= {f"p_{name}": Money(minor, listing.currency) for name, minor in listing.prices.items()}
    if listing.deposit_minor:
        found["deposit"] = Money(listing.deposit_minor, listing.currency)
    return found | {f"f_{name}": value for name, value in listing.values.items()}


def _control(one: Field) -> forms.Field:
    language = get_language() or "en"
    label, hint = say(one.names, language), say(one.hints, language) if one.hints else ""
    if one.privacy != "public":
        seen = _("Only members read this.") if one.privacy == "member" else _("Only the two sides of an order read this.")
        hint = f"{hint} {seen}".strip()
    asked: dict[str, Any] = {"label": label, "help_text": hint, "required": False}
    choices = [(option.id, say(option.names, language)) for option in one.options]
    made: dict[str, Callable[[], forms.Field]] = {
        "text": lambda: forms.CharField(max_length=LONGEST["text"], **asked),
        "long": lambda: forms.CharField(max_length=LONGEST["long"], widget=forms.Textarea(attrs={"rows": 4}), **asked),
        "int": lambda: forms.IntegerField(**asked),
        "decimal": lambda: forms.CharField(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **asked),
        "flag": lambda: forms.BooleanField(**asked),
        "date": lambda: forms.DateField(widget=forms.DateInput, **asked),
        "enum": lambda: forms.ChoiceField(choices=[("", _("Not said")), *choices], **asked),
        "multi_enum": lambda: forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **asked),
    }
    return made[one.type]()


class PictureForm(forms.Form):
    file = UploadField(
        most_bytes=MOST_BYTES_OF_PICTURE,
        label=gettext_lazy("A photo"),
        help_text=gettext_lazy("JPEG, PNG, WebP, AVIF or GIF, up to 15 megabytes. Where and when it was taken is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What can be seen on it"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("For those who cannot see it."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever offers it reads this."),
    )


SORTS = [
    (Sort.RELEVANCE.value, gettext_lazy("Best match")),
    (Sort.DISTANCE.value, gettext_lazy("Nearest")),
    (Sort.PRICE.value, gettext_lazy("Lowest price")),
    (Sort.PRICE_DOWN.value, gettext_lazy("Highest price")),
]
REACHES = [("", gettext_lazy("Anywhere")), *[(str(km), gettext_lazy("%(km)s km") % {"km": km}) for km in (2, 5, 10, 25, 50, 100)]]


class SearchForm(InCurrency):
    """Everything is optional, and what cannot be understood is said beside its field while the rest still counts."""

    q = forms.CharField(label=gettext_lazy("What are you looking for?"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    near = forms.CharField(
        label=gettext_lazy("Near"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A town, or two numbers like 53.272, -9.054."),
    )
    km = forms.ChoiceField(label=gettext_lazy("Within"), choices=REACHES, required=False)
    least = AmountField(label=gettext_lazy("From"), required=False, least=0)
    most = AmountField(label=gettext_lazy("To"), required=False, least=0)
    starts = forms.DateField(label=gettext_lazy("Free from"), required=False)
    ends = forms.DateField(label=gettext_lazy("until"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Sorted by"), choices=SORTS, required=False)
    # What the map shows: south, west, north, east. Set by moving the map.
    box = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: dict[str, Kind], coop: Any, **kwargs: Any) -> None:
        super().__init__(*args, currency=coop.currency, **kwargs)
        self.coop, self.kinds = coop, kinds
        language = get_language() or "en"
        kind_field = self.fields["kind"]
        assert isinstance(kind_field, forms.ChoiceField)
        kind_field.choices = [("", _("Everything")), *((kind.id, say(kind.names, language)) for kind in kinds.values())]
        chosen = kinds.get(str(self.data.get("kind", "")))
        narrowing = filters(chosen) if chosen else filters(next(iter(kinds.values()))) if len(kinds) == 1 else []
        self.narrowing = [one.name for one in narrowing]
        for one in narrowing:
            self.fields[one.name] = forms.ChoiceField(label=one.label, choices=[("", _("Any")), *one.options], required=False)

    @property
    def is_open(self) -> bool:
        """Say whether the less common half of the form is in use."""
        return any(self.data.get(name) for name in ("near", "km", "least", "most", "starts", "ends", "box", *self.narrowing))

    def clean_near(self) -> tuple[float, float] | None:
        given = str(self.cleaned_data["near"]).replace(";", ",").replace("°", "").strip()
        if not given:
            return None
        parts = given.split(",")
        try:
            latitude, longitude = (float(part) for part in parts)
        except ValueError:
            town = towns.find(given, self.coop.country)
            if town is None and (named := neighborhood(given)):
                # A village that no list of towns knows is written on the cards themselves.
                return named
            if town is None:
                unknown = _("We do not know this place. Write a larger town nearby, or two numbers like 53.272, -9.054.")
                raise forms.ValidationError(unknown) from None
            return town.latitude, town.longitude
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise forms.ValidationError(_("This place is not on the map."))
        return latitude, longitude

    def clean_box(self) -> Box | None:
        given = str(self.cleaned_data["box"])
        if not given:
            return None
        try:
            south, west, north, east = (float(part) for part in given.split(","))
        except ValueError:
            raise forms.ValidationError(_("A part of the map is four numbers: south, west, north, east.")) from None
        if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
            raise forms.ValidationError(_("This place is not on the map."))
        return Box(south, west, north, east)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The end comes after the beginning."))
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", _("The higher price comes second."))
        return data

    def wanted(self, cursor: str = "") -> Wanted:
        """Return what is looked for; what was not understood is left out."""
        data = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else {}
        km = data.get("km")
        center = data.get("near") or self._home(bool(km) or data.get("sort") == Sort.DISTANCE)
        sort = Sort(data.get("sort") or Sort.RELEVANCE)
        starts, ends = self._span(data.get("starts"), data.get("ends"))
        return Wanted(
            text=data.get("q") or "",
            kind=data.get("kind") or "",
            box=data.get("box") or None,
            center=center,
            radius_km=float(km) if km else None,
            least_minor=_minor(data.get("least")),
            most_minor=_minor(data.get("most")),
            starts=starts,
            ends=ends,
            facets={name: [data[name]] for name in self.narrowing if data.get(name)},
            sort=sort if sort is not Sort.DISTANCE or center else Sort.RELEVANCE,
            cursor=cursor,
        )

    def _home(self, is_asked: bool) -> tuple[float, float] | None:
        """Measure from the co-op's own place where no other was said."""
        if not is_asked or self.coop.latitude is None or self.coop.longitude is None:
            return None
        return float(self.coop.latitude), float(self.coop.longitude)

    def _span(self, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
        """Return the span from noon of the first day to noon of the last, which every stay of those nights holds."""
        if first is None:
            return None, None
        last = last or first
        zone = ZoneInfo(self.coop.time_zone)
        if last <= first:
            noon = datetime.combine(first, time(12), zone)
            return noon, noon + timedelta(hours=1)
        return datetime.combine(first, time(16), zone), datetime.combine(last, time(10), zone)
