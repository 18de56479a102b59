from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.files.services import MOST_BYTES
from toadlane.ui.amounts import AmountField, InCurrency
from toadlane.ui.uploads import UploadField

LINES = 5
FILE_HELP = _("A PDF or a photo, ten megabytes at most.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class NameForm(forms.Form):
    name = forms.CharField(label=_("What is it called?"), max_length=120, help_text=_("Such as “Photographs for theaters”."))


class SeatForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Of somebody who belongs to the co-op."))
    role = forms.ChoiceField(
        label=_("What may they do?"), widget=forms.RadioSelect,
        choices=[("co_manager", _("Manage it as you do")), ("participant", _("Take part, and see it"))],
    )  # fmt: skip


class AdviserForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the adviser"))


class AmountForm(InCurrency):
    amount = AmountField(label=_("Amount"))


class OutlayForm(InCurrency):
    purpose = forms.CharField(label=_("What was it for?"), max_length=200)
    amount = AmountField(label=_("Amount"))
    file = UploadField(most_bytes=MOST_BYTES, label=_("Receipt"), required=False, help_text=FILE_HELP)


class ReceiptForm(forms.Form):
    file = UploadField(most_bytes=MOST_BYTES, label=_("Receipt"), help_text=FILE_HELP)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=400)


class TransferForm(InCurrency):
    target = forms.IntegerField(
        label=_("Number of the other activity"), min_value=1, help_text=_("It stands on its page, under its name.")
    )
    amount = AmountField(label=_("Amount"))


class QuoteForm(InCurrency):
    """A quote: who the client is, when, and some lines."""

    title = forms.CharField(label=_("What is it?"), max_length=160, help_text=_("Such as “Photographs of the spring program”."))
    trade = forms.ChoiceField(label=_("Trade"), help_text=_("It says which least wage holds."))
    first_day, last_day = _day(_("First day of work")), _day(_("Last day of work"))
    note = forms.CharField(label=_("Anything else"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    untaxed = forms.BooleanField(label=_("This work bears no VAT"), required=False, help_text=_("The invoice then says why."))
    client_name = forms.CharField(label=_("Name of the client"), max_length=160)
    client_email = forms.EmailField(label=_("E-mail address of the client"), help_text=_("The quote and the invoice go there."))
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, such as IE."))
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False, help_text=_("Such as IE1234567FA."))
    language = forms.ChoiceField(label=_("Language of the letters"))

    def __init__(
        self, *args: Any, trades: Iterable[tuple[str, str]], languages: Iterable[tuple[str, Any]], count: int = LINES,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.count = count
        self.fields["trade"].choices = list(trades)  # type: ignore[attr-defined]
        self.fields["language"].choices = list(languages)  # type: ignore[attr-defined]
        for number in range(1, self.count + 1):
            told = {"number": number}
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Line %(number)s") % told, max_length=300, required=number == 1
            )
            self.fields[f"amount_{number}"] = AmountField(
                label=_("Amount of line %(number)s, before VAT") % told, currency=self.currency, required=number == 1
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"text_{number}"], self[f"amount_{number}"]) for number in range(1, self.count + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["lines"] = []
        for number in range(1, self.count + 1):
            text, amount = data.get(f"text_{number}", ""), data.get(f"amount_{number}")
            if text and amount:
                data["lines"].append((text, amount.minor))
            elif (text or amount) and f"amount_{number}" not in self.errors:
                self.add_error(f"text_{number}" if amount else f"amount_{number}", _("A line has words and an amount."))
        return data


class CreditForm(InCurrency):
    amount = AmountField(
        label=_("How much, before VAT?"), required=False,
        help_text=_("Leave it empty to credit all that is left of the invoice."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("It stands on the credit note."))


class ContractForm(InCurrency):
    worker = forms.ChoiceField(label=_("Who works?"))
    trade = forms.ChoiceField(label=_("Trade"))
    first_day, last_day = _day(_("First day of work")), _day(_("Last day of work"))
    days = forms.IntegerField(label=_("On how many days"), min_value=1, max_value=400)
    part = forms.CharField(
        label=_("Which part of a whole day each is"),
        max_length=10,
        initial="1",
        help_text=_("1 is a whole day, 1/2 or 0.5 half of one."),
    )
    means = forms.ChoiceField(
        label=_("The amount is"), widget=forms.RadioSelect, initial="gross",
        choices=[("gross", _("the gross wage")), ("cost", _("all that it may cost")), ("net", _("what is left of it"))],
    )  # fmt: skip
    amount = AmountField(label=_("Amount for all days"))

    def __init__(
        self, *args: Any, workers: Sequence[tuple[str, str]], trades: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = list(workers)  # type: ignore[attr-defined]
        self.fields["trade"].choices = list(trades)  # type: ignore[attr-defined]


class CalculatorForm(InCurrency):
    kind = forms.ChoiceField(
        label=_("What do you know?"), widget=forms.RadioSelect, initial="price",
        choices=[
            ("price", _("What the client pays, before VAT")), ("cost", _("What is there for labor")),
            ("gross", _("The gross wage")), ("net", _("The net wage")),
        ],
    )  # fmt: skip
    amount = AmountField(label=_("Amount"))


class AskForm(forms.Form):
    """What a client wants to know about a quote."""

    text = forms.CharField(
        label=_("Your question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes to whoever does the work. The answer comes by e-mail."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What a client says to a quote."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("It is kept with the confirmation."))
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
