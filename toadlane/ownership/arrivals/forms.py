from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.ownership.arrivals.policies.reading import LARGEST
from toadlane.ui.uploads import UploadField


class FilesForm(forms.Form):
    members = UploadField(
        most_bytes=LARGEST, label=_("Members"), help_text=_("Columns: number, name, class, joined_on, email, phone, kind.")
    )
    shares = UploadField(
        most_bytes=LARGEST,
        label=_("Shares"),
        required=False,
        help_text=_("Columns: member, share_class, shares, paid, on. Not needed without shares."),
    )
    loans = UploadField(
        most_bytes=LARGEST,
        label=_("Loans of members"),
        required=False,
        help_text=_("Columns: member, principal, interest, ends_on, owed. Not needed without loans."),
    )
    balances = UploadField(
        most_bytes=LARGEST, label=_("Opening balances"), required=False, help_text=_("Columns: account, debit, credit, member.")
    )

    def contents(self) -> dict[str, bytes]:
        given: dict[str, Any] = self.cleaned_data
        return {name: one.read() if one else b"" for name, one in given.items()}
