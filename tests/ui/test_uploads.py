"""A file that is too large is refused by its size, before anything of it is read."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import browser
from toadlane.money.bank.policies.statements import MOST_BYTES
from toadlane.ui.uploads import UploadField


class Unread(SimpleUploadedFile):
    def read(self, *_args, **_more):
        raise AssertionError("it was read")

    def chunks(self, *_args, **_more):
        raise AssertionError("it was read")


class Form(forms.Form):
    file = UploadField(most_bytes=100, required=False)


@pytest.mark.parametrize(("size", "server", "is_taken"), [(100, 30, True), (101, 30, False), (40, 40, True), (41, 40, False)])
def test_it_may_have_what_its_kind_and_the_server_take(settings, size, server, is_taken):
    settings.TOADLANE_UPLOAD_BYTES = server if server == 40 else 30 * 2**20
    form = Form({}, {"file": Unread("a.xml", b"x" * size)})
    assert form.is_valid() is is_taken
    if not is_taken:
        assert "too large" in form.errors["file"][0] and "megabytes at most" in form.errors["file"][0]


def test_the_size_is_said_in_whole_megabytes_where_it_is_one(settings):
    settings.TOADLANE_UPLOAD_BYTES = 2 * 2**20

    class Larger(forms.Form):
        file = UploadField(most_bytes=10 * 2**20)

    file = Unread("a.xml", b"")
    file.size = 2 * 2**20 + 1
    form = Larger({}, {"file": file})
    assert form.errors["file"] == ["This file is too large: it can have 2 megabytes at most."]


def test_nothing_chosen_stays_nothing():
    form = Form({})
    assert form.is_valid() and form.cleaned_data["file"] is None


@pytest.mark.django_db
def test_a_statement_that_is_too_large_is_told_of_beside_its_field(sparkle, bob, settings, monkeypatch):
    settings.TOADLANE_UPLOAD_BYTES = 1000
    page = browser(bob).post("/c/sparkle/bank/statements/", {"file": SimpleUploadedFile("a.xml", b"x" * 1001)})
    assert page.status_code == 422 and "too large" in page.content.decode() and MOST_BYTES > 1000
