from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.files.services import MOST_BYTES_OF_PICTURE
from toadlane.ui import swatches, themes
from toadlane.ui.shapes import Option
from toadlane.ui.themes import PALETTES, Theme
from toadlane.ui.uploads import UploadField
from toadlane.ui.words import KEYS

PICTURES = [
    ("clean", _("A bucket and a brush")), ("tools", _("Tools")), ("car", _("A car")), ("bike", _("A bicycle")),
    ("bread", _("Bread")), ("bowl", _("A bowl")), ("desk", _("A desk")), ("stay", _("A house to stay in")),
    ("cam", _("A camera")), ("care", _("A heart in a hand")), ("stage", _("A stage")), ("garden", _("A garden")),
    ("open", _("An open door")), ("case", _("A case with papers")),
]  # fmt: skip


class AboutForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    tagline = forms.CharField(label=_("What it does, in one line"), max_length=160, required=False)
    about = forms.CharField(
        label=_("About us"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few paragraphs. You may use Markdown."),
    )  # fmt: skip
    place = forms.CharField(label=_("Town"), max_length=120, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=5
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=8, decimal_places=5
    )
    picture = forms.ChoiceField(label=_("Picture in the window"), choices=PICTURES)


class PaintForm(forms.Form):
    palette = forms.ChoiceField(label=_("Colors"), widget=forms.RadioSelect)
    color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$", label=_("A color of your own"), required=False, widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("A whole set is mixed around it, darker or lighter where it could not be read otherwise."),
    )  # fmt: skip

    def __init__(self, *args: Any, theme: Theme, has_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "bottle": _("Bottle green"), "harbor": _("Harbor blue"), "brick": _("Brick red"), "plum": _("Plum"),
            "sea": _("Sea green"), "honey": _("Honey"), "oak": _("Oak"),
        }  # fmt: skip
        offered: list[tuple[str, Any]] = [
            (key, Option(str(names.get(key, key)), swatches.drawn(colors))) for key, colors in PALETTES.items()
        ]
        own = [("own", Option(str(_("As it is now")), swatches.drawn(theme)))] if has_own else []
        mixed = [("mix", Option(str(_("A color of our own, chosen below"))))]
        self.fields["palette"].choices = [*own, *offered, *mixed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("palette") == "mix" and not said.get("color") and "color" not in self.errors:
            self.add_error("color", _("Choose the color."))
        return said

    def theme(self) -> Theme | None:
        """Return the theme that was chosen, or None for the one there is."""
        chosen = self.cleaned_data["palette"]
        if chosen == "mix":
            return themes.around(self.cleaned_data["color"])
        return PALETTES.get(chosen)


class LogoForm(forms.Form):
    logo = UploadField(
        most_bytes=MOST_BYTES_OF_PICTURE, label=_("Logo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("A JPEG, PNG or WebP on a plain ground, of at least 40 by 40 points."),
    )  # fmt: skip
    takes_down = forms.BooleanField(label=_("Take it down"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("logo") and not said.get("takes_down"):
            self.add_error("logo", _("Choose a picture first."))
        return said


class WordsForm(forms.Form):
    """What the co-op calls things, in each language; an empty one is the usual word."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its own language first: few co-ops speak all of them.
        self.languages = sorted(settings.LANGUAGES, key=lambda one: one[0] != language)
        for code, _name in self.languages:
            for key, label in KEYS.items():
                self.fields[f"{code}_{key}"] = forms.CharField(label=label, max_length=40, required=False)

    def parts(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """Return the fields by language, as the page groups them."""
        return [(code, name, [self[f"{code}_{key}"] for key in KEYS]) for code, name in self.languages]

    def words(self) -> dict[str, dict[str, str]]:
        return {code: {key: self.cleaned_data[f"{code}_{key}"] for key in KEYS} for code, _name in self.languages}


class HostForm(forms.Form):
    host = forms.CharField(
        label=_("Host name"), max_length=253, required=False,
        help_text=_("Such as clean.example.org. Point it at this server first. Empty: only the address on this server."),
    )  # fmt: skip
