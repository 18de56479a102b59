"""Forms made from the co-op's own kinds of listing, and the words somebody searches with."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from toadlane.kernel.currencies import exponent
from toadlane.plumbing.search.port import Box, Sort
from toadlane.trade.catalog.policies import Field, Kind, say
from toadlane.trade.catalog.policies.kinds import LONGEST, PLACES, PROCESSES, UNITS
from toadlane.trade.catalog.queries import Wanted, filters
from toadlane.ui import towns

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

    def __init__(self, *args: Any, kind: Kind, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.currency = kind, currency
        if kind.has_price:
            self.fields["price"] = self._money(_("Price"))
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
        digits = exponent(self.currency)
        return forms.DecimalField(label=label, min_value=Decimal(0), max_digits=12, decimal_places=digits, required=False)

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("f_")]

    def said(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("title", "text", "language", "area", "stock") if name in data}
        said |= {name: data[name].strip() for name in HERE if name in data}
        for name in ("price", "deposit"):
            if name in data:
                given = data[name]
                said[f"{name}_minor"] = None if given is None else int(given.scaleb(exponent(self.currency)))
        said["values"] = {one.id: data.get(f"f_{one.id}") for one in self.kind.fields if data.get(f"f_{one.id}") is not None}
        return said

    def take(self, faults: dict[str, str]) -> None:
        """Hang the service's faults on the fields they are about."""
        for name, text in faults.items():
            field = "f_" + name.removeprefix("values.") if name.startswith("values.") else name.removesuffix("_minor")
            self.add_error(field if field in self.fields else None, text)


def initial(listing: Any) -> dict[str, Any]:
    """Return what a form shows of a listing."""
    digits = exponent(listing.currency)
    found = {name: getattr(listing, name) for name in ("title", "text", "language", "area", "stock")}
    found |= {name: getattr(listing, name) if getattr(listing, name) is not None else "" for name in HERE}
    if listing.price_minor is not None:
        found["price"] = Decimal(listing.price_minor).scaleb(-digits)
    if listing.deposit_minor:
        found["deposit"] = Decimal(listing.deposit_minor).scaleb(-digits)
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
    file = forms.FileField(
        label=gettext_lazy("A photo"),
        help_text=gettext_lazy("JPEG, PNG, WebP or AVIF, up to 15 megabytes. Where and when it was taken is removed."),
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


class SearchForm(forms.Form):
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
    least = forms.DecimalField(label=gettext_lazy("From"), min_value=0, max_digits=10, required=False)
    most = forms.DecimalField(label=gettext_lazy("To"), min_value=0, max_digits=10, required=False)
    starts = forms.DateField(label=gettext_lazy("Free from"), required=False)
    ends = forms.DateField(label=gettext_lazy("until"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Sorted by"), choices=SORTS, required=False)
    # What the map shows: south, west, north, east. Set by moving the map.
    box = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: dict[str, Kind], coop: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    def filter_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.narrowing]

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
            least_minor=self._minor(data.get("least")),
            most_minor=self._minor(data.get("most")),
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

    def _minor(self, amount: Decimal | None) -> int | None:
        return None if amount is None else int(amount.scaleb(exponent(self.coop.currency)))

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


# ------------------------------------------------------------------------------------------------- the board's own kinds

PROCESS_LABELS = {
    "booking": gettext_lazy("Booked for a time"),
    "purchase": gettext_lazy("Bought"),
    "inquiry": gettext_lazy("Asked about"),
    "visit": gettext_lazy("A visit by the rate card"),
}
UNIT_LABELS = {
    "hour": gettext_lazy("an hour"),
    "day": gettext_lazy("a day"),
    "night": gettext_lazy("a night"),
    "item": gettext_lazy("a piece"),
    "none": gettext_lazy("no price"),
}
PLACE_LABELS = {
    "required": gettext_lazy("has to be said"),
    "optional": gettext_lazy("may be said"),
    "none": gettext_lazy("not asked"),
}
TYPE_LABELS = {
    "text": gettext_lazy("A line of text"),
    "long": gettext_lazy("A longer text"),
    "int": gettext_lazy("A whole number"),
    "decimal": gettext_lazy("A number"),
    "enum": gettext_lazy("One from a list"),
    "multi_enum": gettext_lazy("Several from a list"),
    "flag": gettext_lazy("Yes or no"),
    "date": gettext_lazy("A day"),
}
PRIVACY_LABELS = {
    "public": gettext_lazy("Everybody"),
    "member": gettext_lazy("Members"),
    "transaction": gettext_lazy("The two sides of an order"),
}


def _names_fields(form: forms.Form, names: dict[str, str], main: str) -> None:
    """Ask for a name in the co-op's language first, and offer the others."""
    codes = [main, *(code for code, _label in settings.LANGUAGES if code != main)]
    known = dict(settings.LANGUAGES)
    for code in codes:
        label = _("Name in %(language)s") % {"language": known.get(code, code)}
        form.fields[f"name_{code}"] = forms.CharField(
            label=label, max_length=80, required=code == main, initial=names.get(code, "")
        )


def _named(form: forms.Form) -> dict[str, str]:
    return {name.removeprefix("name_"): text for name, text in form.cleaned_data.items() if name.startswith("name_") and text}


class KindForm(forms.Form):
    process = forms.ChoiceField(
        label=gettext_lazy("How is it ordered?"),
        choices=[(name, PROCESS_LABELS[name]) for name in PROCESSES[:3]],
        widget=forms.RadioSelect,
        initial="purchase",
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("The price is for"), choices=[(name, UNIT_LABELS[name]) for name in UNITS], initial="item"
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Its place"), choices=[(name, PLACE_LABELS[name]) for name in PLACES], initial="optional"
    )
    stock = forms.BooleanField(label=gettext_lazy("Pieces are counted"), required=False)
    deposit = forms.BooleanField(label=gettext_lazy("A deposit may be asked"), required=False)

    def __init__(self, *args: Any, names: dict[str, str], main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _names_fields(self, names, main)

    def said(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("process", "unit", "place", "stock", "deposit")}
        return own | {"names": _named(self)}

    def said_names(self) -> dict[str, str]:
        return _named(self)


class FieldForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("What is the answer?"), choices=list(TYPE_LABELS.items()))
    options = forms.CharField(
        label=gettext_lazy("The list to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One on each line. Only for lists."),
    )
    privacy = forms.ChoiceField(
        label=gettext_lazy("Who reads it?"), choices=list(PRIVACY_LABELS.items()), widget=forms.RadioSelect, initial="public"
    )
    required = forms.BooleanField(label=gettext_lazy("It has to be answered"), required=False)
    filterable = forms.BooleanField(
        label=gettext_lazy("People may filter by it"), required=False, help_text=gettext_lazy("Lists and yes-or-no only.")
    )

    def __init__(self, *args: Any, names: dict[str, str], main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _names_fields(self, names, main)

    def said(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("type", "privacy", "required", "filterable")}
        return own | {"names": _named(self)}

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
