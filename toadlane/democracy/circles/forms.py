from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from toadlane.ui.shapes import Option


class OpenForm(forms.Form):
    """For which seats, and until when people can be put forward."""

    seat = forms.ChoiceField(label=_("Which seats"), widget=forms.RadioSelect)
    seats = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=99, required=False,
        help_text=_("Leave it empty for all seats of this kind."),
    )  # fmt: skip
    closes_on = forms.DateField(
        label=_("Last day to put somebody forward"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Nominations close at the end of this day."),
    )  # fmt: skip

    def __init__(self, *args: Any, seats: Sequence[tuple[str, Option]], is_numbered: bool = True, **kwargs: Any) -> None:
        """Ask for one of `seats`; where the bylaws do not say how many there are, for their number too."""
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]
        self.fields["seat"].initial = seats[0][0]
        self.is_numbered = is_numbered
        if not is_numbered:
            self.fields["seats"].help_text = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.is_numbered and given.get("seat") == "seat:" and "seats" not in self.errors and not given.get("seats"):
            self.add_error("seats", now_("Say how many seats there are."))
        return given

    def closes_at(self) -> datetime:
        # The last day is a whole one: its midnight is the next day's beginning.
        end = datetime.combine(self.cleaned_data["closes_on"], time(23, 59), timezone.get_current_timezone())
        return end

    def chosen(self) -> dict[str, Any]:
        sits, _colon, member_class = self.cleaned_data["seat"].partition(":")
        return {"sits": sits, "member_class": member_class, "seats": self.cleaned_data["seats"]}


class NominateForm(forms.Form):
    """Whom to put forward. A long register is looked up by number or name."""

    membership = forms.CharField(
        label=_("Name, or number in the register of members"), max_length=160, widget=forms.TextInput(attrs={"list": "standing"})
    )
    reason = forms.CharField(
        label=_("Why them"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it, and so does everybody else."),
    )  # fmt: skip


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=_("What you would do"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Members read it before they vote."),
    )  # fmt: skip


class DrawForm(forms.Form):
    """When lots are drawn, for which seats, and what decides."""

    which = forms.ChoiceField(label=_("Which seats"), widget=forms.RadioSelect, initial="all")
    draws_on = forms.DateField(
        label=_("Day of the draw"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Lots are drawn at noon, or once the value below is known."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("A public value that decides"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Something that nobody can know or steer, and everybody finds the same: “the numbers of the Christmas lottery"
                    " of that day, from the smallest, with spaces between”. Two people read it and type it in. Leave it empty,"
                    " and the next seal of our records decides: nobody knows it before, but whoever runs the server could try"
                    " several."),
    )  # fmt: skip

    def __init__(self, *args: Any, earliest: datetime, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (
                "all",
                Option(now_("All seats anew"), more=now_("Those who sit there now leave when those drawn take their seats.")),
            ),
            ("empty", Option(now_("Only empty seats"), more=now_("Those who sit there stay, and are not in the draw."))),
        ]
        # The first noon that leaves the days of the bylaws.
        self.fields["draws_on"].initial = timezone.localdate(earliest) + timedelta(days=days + 1)

    def chosen(self) -> dict[str, Any]:
        noon = datetime.combine(self.cleaned_data["draws_on"], time(12), timezone.get_current_timezone())
        return {"draws_at": noon, "source": self.cleaned_data["source"], "fills_all": self.cleaned_data["which"] == "all"}


class ValueForm(forms.Form):
    value = forms.CharField(label=_("What it says"), max_length=400, help_text=_("Exactly as the announcement describes it."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
