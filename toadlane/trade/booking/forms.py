from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.trade.booking import queries
from toadlane.trade.booking.models import Unit
from toadlane.trade.booking.policies import Window

WINDOWS_A_DAY = 3


class ResourceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What is booked"), max_length=120)
    unit = forms.ChoiceField(label=gettext_lazy("How it is booked"), choices=Unit.choices, widget=forms.RadioSelect)
    capacity = forms.IntegerField(
        label=gettext_lazy("How many at the same time"), min_value=1, max_value=500, initial=1,
        help_text=gettext_lazy("One room is 1, a bus with eight seats is 8."),
    )  # fmt: skip
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two starting times"), min_value=5, max_value=1440, initial=60
    )
    before_minutes = forms.IntegerField(label=gettext_lazy("Minutes to prepare before"), min_value=0, max_value=1440, initial=0)
    after_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to clear up after"), min_value=0, max_value=1440, initial=0,
        help_text=gettext_lazy("The way to the next place counts too."),
    )  # fmt: skip
    check_in = forms.TimeField(
        label=gettext_lazy("Arrival from"), required=False, help_text=gettext_lazy("For nights and days."), widget=forms.TimeInput
    )
    check_out = forms.TimeField(label=gettext_lazy("Departure until"), required=False, widget=forms.TimeInput)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    )
    is_always_open = forms.BooleanField(
        label=gettext_lazy("Open at all hours"), required=False, help_text=gettext_lazy("Then the week does not count.")
    )


class WeekForm(forms.Form):
    """Three times a day at most: before lunch, after lunch, and the evening."""

    def __init__(self, *args: Any, windows: list[Window] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            ours = [window for window in windows or [] if window.weekday == weekday]
            for nth in range(WINDOWS_A_DAY):
                window = ours[nth] if nth < len(ours) else None
                for edge, label in (("opens", _("opens")), ("closes", _("closes"))):
                    name = f"d{weekday}_{nth}_{edge}"
                    words = {"day": queries.weekday(weekday), "edge": label, "nth": nth + 1}
                    field = forms.TimeField(
                        required=False, label=_("%(day)s, time %(nth)s: %(edge)s") % words, widget=forms.TimeInput
                    )
                    field.initial = getattr(window, edge) if window else None
                    self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for weekday in range(7):
            for nth in range(WINDOWS_A_DAY):
                opens, closes = (cleaned.get(f"d{weekday}_{nth}_{edge}") for edge in ("opens", "closes"))
                if (opens is None) != (closes is None) and not any(name.startswith(f"d{weekday}_{nth}") for name in self.errors):
                    missing = "closes" if closes is None else "opens"
                    self.add_error(
                        f"d{weekday}_{nth}_{missing}",
                        _("On %(day)s one of the two times is missing.") % {"day": queries.weekday(weekday)},
                    )
        return cleaned

    def windows(self) -> list[Window]:
        found = []
        for weekday in range(7):
            for nth in range(WINDOWS_A_DAY):
                opens: time | None = self.cleaned_data.get(f"d{weekday}_{nth}_opens")
                closes: time | None = self.cleaned_data.get(f"d{weekday}_{nth}_closes")
                if opens is not None and closes is not None:
                    found.append(Window(weekday, opens, closes))
        return found

    def days(self) -> list[dict[str, Any]]:
        """Return the days with their fields, for the page: times that are filled in or one to fill in, and those to spare."""
        days = []
        for day in range(7):
            pairs = [(self[f"d{day}_{n}_opens"], self[f"d{day}_{n}_closes"]) for n in range(WINDOWS_A_DAY)]
            filled = [any(one.value() or one.errors for one in pair) for pair in pairs]
            shown = max([1, *(n for n, is_filled in enumerate(filled, 1) if is_filled)])
            days.append({"name": queries.weekday(day), "pairs": pairs[:shown], "spare": pairs[shown:]})
        return days


class ExceptionForm(forms.Form):
    first_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput)
    last_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput)
    opens = forms.TimeField(
        label=gettext_lazy("Opens"),
        required=False,
        widget=forms.TimeInput,
        help_text=gettext_lazy("Leave both hours empty when it is closed."),
    )
    closes = forms.TimeField(label=gettext_lazy("Closes"), required=False, widget=forms.TimeInput)
    note = forms.CharField(label=gettext_lazy("Why"), max_length=120, required=False)


class BlockForm(forms.Form):
    starts = forms.DateTimeField(label=gettext_lazy("From"), widget=forms.DateTimeInput)
    ends = forms.DateTimeField(label=gettext_lazy("Until"), widget=forms.DateTimeInput)
    note = forms.CharField(
        label=gettext_lazy("What for"), max_length=120, required=False, help_text=gettext_lazy("Only you see this.")
    )


class OutsideForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What you call it"), max_length=80)
    address = forms.CharField(
        label=gettext_lazy("Its address"), max_length=500, required=False,
        help_text=gettext_lazy("Begins with https:// or webcal://. We read it every hour."),
    )  # fmt: skip
    content = forms.CharField(
        label=gettext_lazy("Or paste a calendar file"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("A text that begins with BEGIN:VCALENDAR."),
    )  # fmt: skip
