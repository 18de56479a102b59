"""The paper as a form: boxes, ranks or numbers, whatever the method asks for, without a script."""

from math import isqrt
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.policies.belenios import LARGEST
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.counting.policies.choices import OverBudget
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.kernel.errors import Expected
from toadlane.ui.uploads import UploadField


class PaperForm(forms.Form):
    """One paper of one ballot.

    :param ballot: whose options it has; :param text: what was cast before, for whoever changes their vote
    """

    reason = forms.CharField(label=_("Your reasons"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, ballot: Any, text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot, self.shape = ballot, papers.shape(ballot.method)
        self.labels, notes = results.option_labels(ballot), results.option_notes(ballot)
        choices = [(key, label) for key, label in self.labels.items()]
        before = papers.read(text, ballot.options, self.shape) if text else None
        if self.shape == "one":
            self.fields["choice"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, label=now_("Mark one box"),
                                                      error_messages={"required": now_("Mark one box.")},
                                                      initial=before)  # fmt: skip
        elif self.shape == "names":
            self.fields["choice"] = forms.MultipleChoiceField(
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                label=now_("Mark as many as you like"),
                initial=before,
            )
        else:
            self._numbers(before)
        if ballot.is_secret or "block" not in self.labels:
            del self.fields["reason"]
        self.notes = notes

    def _numbers(self, before: Any) -> None:
        least, most = _limits(self.ballot, self.shape)
        given = _ranks(before) if self.shape == "ranking" else before or {}
        for n, (key, label) in enumerate(self.labels.items(), 1):
            self.fields[f"mark_{n}"] = forms.IntegerField(
                required=False, label=label, min_value=least, max_value=most, initial=given.get(key)
            )

    def how_to(self) -> str:
        """Say how this paper is marked, with its own figures."""
        return how_to(self.ballot, self.shape)

    def boxes(self) -> list[tuple[Any, str]]:
        """Return each option with its note, in the order of the paper: a tick of the choice, or a field for its number."""
        notes = [self.notes.get(key, "") for key in self.labels]
        if self.shape in ("one", "names"):
            return list(zip(self["choice"], notes, strict=True))
        return [(self[f"mark_{n}"], note) for n, note in enumerate(notes, 1)]

    def choice(self) -> Any:
        """Return the choice as the service reads it."""
        if self.shape in ("one", "names"):
            return self.cleaned_data["choice"]
        marks = {key: self.cleaned_data.get(f"mark_{n}") for n, key in enumerate(self.labels, 1)}
        given = {key: number for key, number in marks.items() if number is not None}
        if self.shape == "numbers":
            return given
        ranks: dict[int, list[str]] = {}
        for key, rank in given.items():
            ranks.setdefault(rank, []).append(key)
        return [names[0] if len(names) == 1 else names for _rank, names in sorted(ranks.items())]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            papers.check(self.choice(), method=self.ballot.method, options=self.ballot.options, params=self.ballot.params)
        except Expected as error:
            self.refuse(error)
        if said.get("choice") == "block" and not said.get("reason", "").strip():
            self.add_error("reason", now_("Say why you block it."))
        return said

    def refuse(self, error: Expected) -> None:
        """Show what is wrong where it is, or above the paper; options are called by their names."""
        hint = self._in_money(error) or str(error.hint)
        for key, label in self.labels.items():
            hint = label if hint == key else hint.replace(f"{key}: ", f"{label}: ", 1) if hint.startswith(f"{key}: ") else hint
        text = f"{error} {hint}".strip()
        self.add_error(error.field if error.field in self.fields and error.field != "choice" else None, text)

    def _in_money(self, error: Expected) -> str:
        """Say what marked projects cost as people write money: counting knows amounts in their smallest unit alone."""
        costs, chosen = self.ballot.params.get("costs"), self.cleaned_data.get("choice")
        if not isinstance(error, OverBudget) or not costs or not isinstance(chosen, list):
            return ""
        told = {"cost": sum(costs[key] for key in chosen), "budget": self.ballot.params["budget"]}
        words = now_("What you marked costs %(cost)s together, and there is %(budget)s.")
        return words % {key: results.money(self.ballot, minor) for key, minor in told.items()}


def how_to(ballot: Any, shape: str) -> str:
    """Say how a paper is marked."""
    method, params = METHODS.get(ballot.method), ballot.params
    if method is None or shape == "one":
        return now_("Mark one box.")
    said = {param.name: params.get(param.name, param.default) for param in method.params}
    if method.kind == "ranking":
        words = now_(
            "Write 1 beside whom you want first, 2 beside the next, and so on. Leave empty what you do not want to rank."
        )
        return f"{words} {now_('The same number beside several says that you like them alike.')}" if method.equals else words
    if method.kind == "budget":
        words = (
            now_("Mark what you would fund. There is %(budget)s, and what you mark has to fit into it.")
            if said["within"]
            else now_("Mark all that you would fund, also where it costs more together than the %(budget)s there is.")
        )
        return words % {"budget": results.money(ballot, params["budget"])}
    return {
        "approval": now_("Mark as many as you approve of, %(most)s at most.") if said.get("most")
        else now_("Mark as many as you approve of."),
        "scores": now_("Give each a number from %(min)s to %(max)s. Leave empty what you cannot judge."),
        "dots": now_("You have %(dots)s dots. Spread them as you like."),
        "credits": now_("You have %(credits)s credits. One vote costs 1, two cost 4, three cost 9. A minus is a vote against."),
        "amounts": now_("Write beside each what you give to it."),
    }[method.kind] % said  # fmt: skip


def _ranks(before: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for rank, place in enumerate(before or [], 1):
        found |= dict.fromkeys(place if isinstance(place, list) else [place], rank)
    return found


def _limits(ballot: Any, shape: str) -> tuple[int, int]:
    """Return the least and the greatest number that can stand in a field."""
    if shape == "ranking":
        return 1, len(ballot.options)
    params = ballot.params
    return {
        "score": (int(params.get("min", 0)), int(params.get("max", 5))), "dot": (0, int(params.get("dots", 8))),
        "quadratic": (-isqrt(int(params.get("credits", 100))), isqrt(int(params.get("credits", 100)))),
    }.get(ballot.method, (0, 10**9))  # fmt: skip


class WordsForm(forms.Form):
    """A step in a decision that is talked out."""

    act = forms.CharField(widget=forms.HiddenInput)
    about = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    text = forms.CharField(label=_("In your words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


PAPERS = {
    "one": _("One line for each paper: the place on the roll, a colon, and the number of the option, such as “12: 1”."),
    "names": _("One line for each paper: the place on the roll, a colon, and the numbers that are marked, such as “12: 1 3”. "
               "Of a blank paper nothing stands behind the colon."),
    "ranking": _("One line for each paper: the place on the roll, a colon, and the numbers from first to last, such as "
                 "“12: 3 1 2”, with “3=1” where two are alike. Of a blank paper nothing stands behind the colon."),
    "numbers": _("One line for each paper: the place on the roll, a colon, and what each option is given, in their order, such "
                 "as “12: 5 . 2”, with a point for an empty one. Of a blank paper nothing stands behind the colon."),
}  # fmt: skip


class BoxForm(forms.Form):
    """Papers out of a box, as a teller types them in."""

    label = forms.CharField(label=_("Which box or envelope"), max_length=120)
    papers = forms.CharField(label=_("Papers"), widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}))

    def __init__(self, *args: Any, ballot: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot
        self.fields["papers"].help_text = PAPERS[papers.shape(ballot.method)]
        if again:
            del self.fields["label"]

    def clean_papers(self) -> list[tuple[int, Any]]:
        shape, found = papers.shape(self.ballot.method), []
        for number, line in enumerate(self.cleaned_data["papers"].splitlines(), 1):
            if not line.strip():
                continue
            place, colon, marks = line.partition(":")
            try:
                if not colon:
                    raise ValueError
                found.append((int(place), papers.read(marks.strip(), self.ballot.options, shape)))
            except (ValueError, IndexError) as error:
                raise forms.ValidationError(
                    now_("Line %(n)s cannot be read: “%(line)s”.") % {"n": number, "line": line[:60]}
                ) from error
        return found


class ResultForm(forms.Form):
    file = UploadField(
        most_bytes=LARGEST, label=_("The result file"), help_text=_("result.json, as the other system published it.")
    )


class DigestForm(forms.Form):
    digest = forms.CharField(label=_("Its fingerprint (SHA-256)"), min_length=64, max_length=64,
                             help_text=_("Work it out from your own copy of the file."))  # fmt: skip


class TieForm(forms.Form):
    passed = forms.ChoiceField(label=_("What the chair says"), widget=forms.RadioSelect,
                               choices=[("yes", _("It passes")), ("no", _("It does not pass"))])  # fmt: skip
    reason = forms.CharField(label=_("Reasons"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class PresentForm(forms.Form):
    present = forms.IntegerField(label=_("How many are here"), min_value=0, max_value=10**7)


class MemberForm(forms.Form):
    """Another member, by the name or the number in the register."""

    member = forms.CharField(
        label=_("Name, or number in the register of members"), max_length=160, widget=forms.TextInput(attrs={"list": "others"})
    )


class ReceiptForm(forms.Form):
    """What a voter checks on the board."""

    code = forms.CharField(label=_("The number on your stub"), min_length=12, max_length=70)
