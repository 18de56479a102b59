from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.trade.reviews import queries
from toadlane.trade.reviews.models import Complaint, Report
from toadlane.ui.amounts import AmountField, InCurrency


def _words(label: Any, rows: int = 5, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, help_text=hint, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("How was it?"), coerce=int, widget=forms.RadioSelect,
        choices=[
            (5, _("5: could not be better")), (4, _("4: good")), (3, _("3: all right")), (2, _("2: not good")), (1, _("1: bad")),
        ],
    )  # fmt: skip
    text = _words(
        _("In your words"), hint=_("No names of customers and no addresses, please: everybody reads this."), required=False
    )


class WordsForm(forms.Form):
    text = _words(_("In your words"))


class ComplaintForm(forms.Form):
    text = _words(_("What went wrong?"), hint=_("What happened, when, and what would put it right. The other side reads this."))


class StandInForm(forms.Form):
    person = forms.ChoiceField(label=_("Who decides instead?"), help_text=_("Somebody who stands on neither side."))

    def __init__(self, *args: Any, people: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]


class DecideForm(InCurrency):
    outcome = forms.ChoiceField(label=_("What goes back?"), choices=Complaint.Outcome.choices, widget=forms.RadioSelect)
    refund = AmountField(
        label=_("How much, if a part"), required=False, least=0,
        help_text=_("Each share gives back its part, as it got it."),
    )  # fmt: skip
    reasons = _words(_("Your reasons"), hint=_("Both sides read them. Say what you took to be true, and which rule counts."))


class DecideAgainForm(InCurrency):
    refund = AmountField(
        label=_("What goes back on top"), required=False, least=0,
        help_text=_("Leave empty when the first decision stands."),
    )  # fmt: skip
    reasons = _words(_("Your reasons"), hint=_("Both sides read them."))


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect)
    text = _words(_("In your words"), hint=_("Whoever it is about does not learn who you are."))


class ModerateForm(forms.Form):
    decision = forms.ChoiceField(label=_("What happens?"), widget=forms.RadioSelect)
    rule = forms.CharField(
        label=_("Which law or rule it rests on"),
        max_length=200,
        required=False,
        help_text=_("Needed when something is taken away."),
    )
    statement = _words(_("Statement of reasons"), hint=_("Both sides read it, and how to appeal."))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = queries.decisions(kind)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") not in (None, "nothing") and not cleaned.get("rule", "").strip():
            self.add_error("rule", _("Name the law or the rule: nobody is judged without one."))
        return cleaned


class ModerateAgainForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("Does it stand?"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("It stands")), ("no", _("It is undone"))],
    )  # fmt: skip
    statement = _words(_("Statement of reasons"), hint=_("Both sides read it."))
