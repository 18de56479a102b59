from typing import Any

from django import forms

from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules.patches import Patch


class TryForm(forms.Form):
    """A change as another page wrote it: nobody types this."""

    ops = forms.JSONField(max_length=20_000)

    def clean_ops(self) -> Any:
        ops = self.cleaned_data["ops"]
        if not isinstance(ops, list) or not ops or len(ops) > 50 or not all(isinstance(op, dict) and "rule" in op for op in ops):
            raise forms.ValidationError("ops")
        try:
            Patch.read({"base": 0, "ops": ops})
        except (TypeError, ValueError) as error:
            raise forms.ValidationError("ops") from error
        return ops

    def patch(self) -> Patch:
        return Patch.read({"base": bylaws.book().number, "ops": self.cleaned_data["ops"]})
