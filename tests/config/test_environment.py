"""A setting that cannot be meant stops the start, and says what to do."""

import pytest

from toadlane.config import environment


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("SANDBOX", "yes", "maybe"),
        ("WORKERS", "2", "0"),
        ("ORIGIN", "https://coops.example", "coops.example"),
        ("ORIGIN", "http://127.0.0.1:8000/", "https://coops.example/somewhere"),
        ("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres", "mysql://root@localhost/db"),
        ("DATABASE_URL", "postgres:///coops?host=/run/postgresql", "postgresql://localhost"),
        ("EMAIL_URL", "smtp://post.example:587", "post.example"),
        ("TILES", "https://tiles.example/{z}/{x}/{y}.png", "tiles.example"),
        ("HOSTS", "a.example,b.example", "https://a.example"),
        ("SECRET_KEY", "x" * 32, "secret"),
    ],
)
def test_both_sides_of_what_can_be_meant(name, good, bad):
    assert not list(environment.faults({f"TOADLANE_{name}": good}))
    [fault] = environment.faults({f"TOADLANE_{name}": bad})
    assert fault.hint and fault.name == f"TOADLANE_{name}"


def test_a_slip_of_the_pen_is_not_taken_for_the_default():
    [fault] = environment.faults({"TOADLANE_DATABSE_URL": "postgresql://localhost/x"})
    assert "TOADLANE_DATABASE_URL" in fault.hint


def test_what_is_left_empty_is_not_set():
    assert not list(environment.faults({f"TOADLANE_{name}": "" for name in environment.SETTINGS}))


def test_what_belongs_to_others_is_let_be():
    assert not list(environment.faults({"TOADLANE_XYZZY_PLUGH": "1", "PATH": "/bin"}))
