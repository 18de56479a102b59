from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.society.pages.models import Place


class PageForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.SlugField(
        label=_("Address"), max_length=60, required=False,
        help_text=_("The last part of the page’s address. Left empty, it is made from the title."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("A line beginning with # is a heading, with - a point of a list. **Two stars** make a word strong."),
    )  # fmt: skip
    place = forms.ChoiceField(label=_("Where is it linked?"), choices=Place.choices, widget=forms.RadioSelect)
    position = forms.IntegerField(
        label=_("Place in the row"), min_value=0, max_value=999, help_text=_("Smaller numbers stand first.")
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
