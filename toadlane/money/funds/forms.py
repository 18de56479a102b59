from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.files.services import MOST_BYTES
from toadlane.ui.amounts import AmountField, InCurrency
from toadlane.ui.uploads import UploadField

FILE_HELP = _("A PDF or a photo, ten megabytes at most.")


class AmountForm(InCurrency):
    amount = AmountField(label=_("Amount"))


class ClaimForm(AmountForm):
    purpose = forms.CharField(label=_("What was it for?"), max_length=200)
    payee = forms.CharField(label=_("Who is to be paid?"), max_length=160, help_text=_("You, if you paid for it."))
    payee_account = forms.CharField(
        label=_("Account"), max_length=40, required=False, help_text=_("An IBAN. Only the officers and you read it.")
    )
    approval = forms.ChoiceField(
        label=_("Which decision allows it?"), required=False, widget=forms.RadioSelect,
        help_text=_("Small things may be paid without one; everything else can be put to the vote afterwards."),
    )  # fmt: skip
    note = forms.CharField(label=_("Anything else"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = UploadField(most_bytes=MOST_BYTES, label=_("Receipt"), required=False, help_text=FILE_HELP)
    field_order = ("purpose", "amount", "payee", "payee_account", "approval", "file", "note")

    def __init__(self, *args: Any, approvals: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if approvals:
            self.fields["approval"].choices = [("", _("None yet")), *approvals]  # type: ignore[attr-defined]
        else:
            del self.fields["approval"]


class ReceiptForm(forms.Form):
    file = UploadField(most_bytes=MOST_BYTES, label=_("Receipt"), help_text=FILE_HELP)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why not?"), max_length=400)


class UnderForm(forms.Form):
    approval = forms.ChoiceField(label=_("Which decision allows it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, approvals: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approval"].choices = approvals  # type: ignore[attr-defined]
