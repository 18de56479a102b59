"""What is wrong in a form is said in our words: which field, and what to do."""

import pytest
from django import forms
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money, NotAnAmount
from toadlane.ui import faults

CHOICES = [("a", "A"), ("b", "B")]


def said(field: forms.Field, value: object, *, file: object = None) -> list[str]:
    field.label = "Town"
    form = type("Asked", (forms.Form,), {"town": field})(
        {"town": value} if value is not None else {}, {"town": file} if file is not None else {}
    )
    return [str(error) for error in form["town"].errors]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.CharField(), "“Town” is empty. Fill it in."),
        (forms.BooleanField(), "Tick “Town” to go on."),
        (forms.ChoiceField(choices=CHOICES), "Nothing is chosen under “Town”. Choose one."),
        (forms.MultipleChoiceField(choices=CHOICES), "Nothing is chosen under “Town”. Choose at least one."),
        (forms.FileField(), "“Town” is missing. Choose a file."),
        (forms.DateField(), "“Town” is empty. Choose a day."),
    ],
)
def test_what_is_left_empty_is_named_with_what_to_do(field, words):
    assert said(field, None) == [words]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.IntegerField(), "x", "“Town” has to be a whole number, such as 12."),
        (forms.DecimalField(), "x", "“Town” has to be a number, such as 12.50."),
        (forms.DecimalField(max_digits=4, decimal_places=2), "1.234", "“Town” can have 2 figures after the point at most."),
        (forms.DecimalField(max_digits=4, decimal_places=2), "12345", "“Town” is too large a number. Write a smaller one."),
        (forms.EmailField(), "ana@", "“Town” is not a whole e-mail address. It looks like ana@example.org."),
        (forms.URLField(assume_scheme="https"), "a b", "“Town” is not a whole web address. It looks like https://example.org."),
        (forms.DateField(), "31.2.", "“Town” is not a day. Write year, month and day: 2026-11-29."),
        (forms.TimeField(), "25", "“Town” is not a time. Write hours and minutes: 14:30."),
        (forms.DateTimeField(), "soon", "“Town” is not a day and a time. Write them so: 2026-11-29 14:30."),
        (forms.ChoiceField(choices=CHOICES), "c", "What was chosen under “Town” is not on offer. Choose again from the list."),
        (forms.IntegerField(min_value=2), "1", "“Town” is too low. It has to be at least 2."),
        (forms.IntegerField(max_value=1200), "1201", "“Town” is too high. It can be at most 1,200."),
        (forms.CharField(max_length=3), "four", "“Town” is too long. It can have 3 signs at most."),
        (forms.CharField(min_length=1, max_length=1), "four", "“Town” is too long. It can have one sign at most."),
        (forms.CharField(min_length=3), "ab", "“Town” is too short. It needs at least 3 signs."),
        (forms.CharField(), "a\x00b", "There is a sign in “Town” that no text can hold. Type it anew."),
        (forms.UUIDField(), "x", "“Town” cannot be read. Look at it again."),
        (forms.JSONField(), "{", "“Town” cannot be read. Look at it again."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_how_it_should_look(field, value, words):
    assert said(field, value) == [words]


def test_at_its_edge_nothing_is_said():
    assert said(forms.IntegerField(min_value=2), "2") == [] == said(forms.CharField(max_length=4), "four")


def test_an_empty_file_is_sent_back():
    empty = SimpleUploadedFile("a.txt", b"")
    assert said(forms.FileField(), None, file=empty) == ["The file for “Town” is empty. Choose another one."]


def test_a_forms_own_sentence_stands():
    assert said(forms.CharField(error_messages={"required": "Which town is it?"}), None) == ["Which town is it?"]
    odd = validators.RegexValidator("^x", message="It begins with x.")
    assert said(forms.CharField(validators=[odd]), "town") == ["It begins with x."]


FIELDS = [kind for kind in vars(forms).values() if isinstance(kind, type) and issubclass(kind, forms.Field)]


@pytest.mark.parametrize("kind", FIELDS)
def test_no_field_speaks_the_frameworks_sentences(kind):
    for code, text in kind.default_error_messages.items():
        if code in ("max_length", "min_length"):
            continue
        bound = faults.Bound(forms.Form(), forms.CharField(label="Town"), "town")
        error = forms.ValidationError(text, code=code, params={"value": "v"})
        assert "“Town”" in faults.sentence(bound, error)


def test_every_language_has_words_for_every_fault():
    for language in ("es", "fr", "ar"):
        with translation.override("en"):
            english = said(forms.CharField(), None)
        with translation.override(language):
            assert said(forms.CharField(), None) != english


def test_the_accounts_librarys_forms_speak_as_ours_do(client: Client, db: None):
    html = client.post("/sign-up/", {"name": "Ana", "reach": "ana@example.org", "password1": "12345"}).content.decode()
    assert "Take ten characters or more" in html and "This password is" not in html
    html = client.post("/sign-in/", {}).content.decode()
    assert "“Password” is empty. Fill it in." in html and "This field is required" not in html


def test_an_error_without_words_says_a_sentence_and_never_its_docstring():
    class Odd(Expected):
        """Raised by the reconciler when the frobnicator is out."""

    assert "frobnicator" not in str(Odd()) and str(Odd()).startswith("This is not possible")


def test_the_kernels_errors_are_told_in_the_readers_language():
    with pytest.raises(NotAnAmount) as caught:
        Money.parse("much", "EUR")
    with translation.override("fr"):
        assert "146" in str(NotAnAmount.words) and "digits" not in str(NotAnAmount.words)
    assert "digits" in str(caught.value)
