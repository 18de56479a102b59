from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.meetings.models import Helper, Item, Presence, Remark
from toadlane.ui.shapes import Option


def _moment(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class MeetingForm(forms.Form):
    """A meeting as it is prepared. Whose it is cannot be changed afterwards."""

    office = forms.ChoiceField(label=_("Whose meeting"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Name"), max_length=160)
    about = forms.CharField(
        label=_("What it is about"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    starts_at = _moment(_("Begins"))
    second_at = _moment(_("Second call"), _("Leave it empty for the time that the bylaws give."), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Address for those who take part from elsewhere"), max_length=300, required=False, assume_scheme="https"
    )
    alternates = forms.BooleanField(label=_("Speakers of the classes take turns"), required=False)
    is_urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    urgent_because = forms.CharField(
        label=_("Why it cannot wait"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, offices: Sequence[tuple[str, Option]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offices is None:
            del self.fields["office"]
        else:
            self.fields["office"].choices = offices  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    title = forms.CharField(label=_("What about"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=Item.Kind.choices, initial=Item.Kind.FREE)
    subject = forms.CharField(
        label=_("Number of the proposal or the election"), max_length=20, required=False,
        help_text=_("Where it is voted on: the number that stands in its address."),
    )  # fmt: skip
    text = forms.CharField(label=_("More"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    minutes = forms.IntegerField(label=_("Minutes it may take"), min_value=1, max_value=600, required=False)

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        number = given.pop("subject").strip().lstrip("#")
        kind = given["kind"]
        given["subject"] = f"{kind}:{number}" if number and kind in (Item.Kind.PROPOSAL, Item.Kind.ELECTION) else ""
        return given


class DemandForm(forms.Form):
    title = forms.CharField(label=_("What about"), max_length=160)
    text = forms.CharField(
        label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Other members read it before they ask for it with you."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ProxyForm(forms.Form):
    holder = forms.CharField(label=_("Who acts for you: name, or number in the register"), max_length=160)
    text = forms.CharField(
        label=_("What you write"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For this meeting only. You can take it back at any time, and coming yourself is enough."),
    )  # fmt: skip


class HelperForm(forms.Form):
    who = forms.CharField(label=_("Who: name, or number in the register"), max_length=160)
    task = forms.ChoiceField(label=_("Task"), choices=Helper.Task.choices)


class CheckInForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("How do you come?"), choices=[one for one in Presence.Mode.choices if one[0] != "proxy"], initial="room",
        widget=forms.RadioSelect,
    )  # fmt: skip


class NotesForm(forms.Form):
    notes = forms.CharField(
        label=_("Notes for the minutes"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    conclusion = forms.CharField(
        label=_("What came of it"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class MotionForm(forms.Form):
    text = forms.CharField(
        label=_("What the room decides on"), max_length=300,
        help_text=_("About its own running: to close the list of speakers, to go on another day. What binds the co-op is voted in a ballot."),  # noqa: E501
    )  # fmt: skip


class CountForm(forms.Form):
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=100_000)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=100_000)
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=100_000)


class RemarkForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=Remark.Kind.choices)
    text = forms.CharField(label=_("What is to stand in the minutes"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class VoteForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Minutes it is open"), min_value=2, max_value=7 * 24 * 60, initial=15,
        help_text=_("Long enough for everybody in the room and elsewhere. Nobody can close it early."),
    )  # fmt: skip


class FloorForm(forms.Form):
    matter = forms.ChoiceField(label=_("What the law lets you take up"))
    title = forms.CharField(label=_("In a few words"), max_length=160, required=False)

    def __init__(self, *args: Any, matters: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = matters  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    text = forms.CharField(label=_("What is wrong, and how it was"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class HandsForm(forms.Form):
    """What a teller counted: for each person who has not voted, what is on their paper or which hand they raised.

    A secret ballot is entered in two heaps: who handed in a paper, and what is on the papers.
    """

    def __init__(self, *args: Any, here: Sequence[Any], ballot: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot, self.here = ballot, here
        self.shape = papers.shape(ballot.method)
        for one in here:
            name = f"place-{one.entry.place}"
            if ballot.is_secret:
                self.fields[name] = forms.BooleanField(label=one.name, required=False)
            elif self.shape == "one":
                options: list[tuple[str, Any]] = [("", _("not counted"))]
                options += [(str(n), results.option_labels(ballot)[str(row["id"])]) for n, row in enumerate(ballot.options, 1)]
                self.fields[name] = forms.ChoiceField(label=one.name, choices=options, required=False)
            else:
                self.fields[name] = forms.CharField(label=one.name, max_length=400, required=False)
        if ballot.is_secret:
            self.fields["papers"] = forms.CharField(
                label=_("The papers, one on a line"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
                help_text=_("By the numbers of the options, the first choice first; a dash for a blank paper."),
            )  # fmt: skip

    def people(self) -> list[Any]:
        return [self[f"place-{one.entry.place}"] for one in self.here]

    def said(self) -> dict[str, list[Any]]:
        """Return whose papers they are, and what is on them."""
        marked = [(one.entry.place, self.cleaned_data.get(f"place-{one.entry.place}")) for one in self.here]
        places = [place for place, mark in marked if mark]
        texts = [str(mark) for _place, mark in marked if mark]
        if self.ballot.is_secret:
            texts = [line.strip() for line in self.cleaned_data.get("papers", "").splitlines() if line.strip()]
        return {"places": places, "choices": [self._read(text) for text in texts]}

    def _read(self, text: str) -> Any:
        try:
            return papers.read("" if text in ("-", "–") else text, self.ballot.options, self.shape)
        except (ValueError, IndexError) as error:
            raise papers.SpoiltPaper(_("“%(text)s” cannot be read.") % {"text": text[:40]}, field="papers") from error


class DutyForm(forms.Form):
    note = forms.CharField(
        label=_("Where it is found"), max_length=2000, help_text=_("A number of the register, a page, a date.")
    )
