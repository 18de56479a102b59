from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.files.services import MOST_BYTES
from toadlane.ui.uploads import UploadField


class Say(forms.Form):
    text = forms.CharField(label=_("Your message"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    file = UploadField(
        most_bytes=MOST_BYTES, label=_("A file"), required=False,
        help_text=_("A photo, a PDF or a plain text, ten megabytes at most."),
        widget=forms.FileInput,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("file"):
            self.add_error("text", _("Write something first."))
        return cleaned
