from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.society.members.policies import MemberClass


class ApplyForm(forms.Form):
    """The questions that the bylaws ask of a class; an organisation says its name as well."""

    def __init__(self, *args: Any, wanted: MemberClass, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        if wanted.is_for_organisations:
            self.fields["organisation"] = forms.CharField(
                label=_("Name of the organisation"), max_length=160, required=not wanted.is_for_persons,
                help_text=_("Leave it empty if you join in person.") if wanted.is_for_persons else "",
            )  # fmt: skip
        for question in wanted.questions:
            self.fields[f"answer_{question.id}"] = forms.CharField(
                label=question.label(language), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
            )

    def answers(self) -> dict[str, str]:
        return {question.id: self.cleaned_data[f"answer_{question.id}"] for question in self.wanted.questions}


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"), help_text=_("The applicant reads it, and may appeal."), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class WorkerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    contact = forms.CharField(
        label=_("E-mail address or phone number of their account"), max_length=120, required=False,
        help_text=_("With it they see their jobs on a desk of their own. Without, somebody here tells them."),
    )  # fmt: skip
    about = forms.CharField(
        label=_("In a few words"), max_length=200, required=False, help_text=_("Customers read it: what she or he does well.")
    )


class DelegateForm(forms.Form):
    contact = forms.CharField(
        label=_("E-mail address or phone number"), max_length=120, help_text=_("Of somebody who has signed up on this server.")
    )
