from django import forms
from django.utils.translation import gettext_lazy as _


class ForwardForm(forms.Form):
    """How far to move a sandbox's clock."""

    days = forms.TypedChoiceField(
        label=_("How far"),
        coerce=int,
        choices=[
            (1, _("A day")),
            (2, _("Two days")),
            (7, _("A week")),
            (30, _("Thirty days")),
            (90, _("Ninety days")),
            (365, _("A year")),
        ],
    )
