"""Files as people send them with a form: how large one is, is asked before anything of it is read."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

MEGABYTE = 2**20


class UploadField(forms.FileField):
    """A file of so many bytes at most, or of fewer where this server takes fewer.

    Its size is what the web server has counted while it came, not what its sender says of it.
    """

    def __init__(self, *, most_bytes: int, **kwargs: Any) -> None:
        self.most_bytes = most_bytes
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        most = min(self.most_bytes, settings.TOADLANE_UPLOAD_BYTES)
        if file is not None and file.size > most:
            said = _("This file is too large: it can have %(most)s megabytes at most.")
            raise forms.ValidationError(said % {"most": f"{most / MEGABYTE:g}" if most % MEGABYTE else most // MEGABYTE})
        return file
