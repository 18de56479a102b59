"""A setting that cannot be meant stops the start, and says what to do."""

import json
import os
import subprocess
import sys

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


def settings_of(data, **environment_of_server: str) -> dict:
    """Return what a server makes of its environment, asked in a process of its own."""
    names = ("ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG", "SECRET_KEY")
    ask = f"import json; from toadlane.config import settings; print(json.dumps({{n: getattr(settings, n) for n in {names}}}))"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOADLANE_")}
    told = subprocess.run(
        [sys.executable, "-c", ask], env=clean | {"TOADLANE_DATA": str(data)} | environment_of_server,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_a_server_behind_https_is_shut_to_everything_else(tmp_path):
    told = settings_of(tmp_path, TOADLANE_ORIGIN="https://coops.example", TOADLANE_HOSTS="bright.example, ")
    assert told["ALLOWED_HOSTS"] == ["coops.example", "127.0.0.1", "localhost", "bright.example"]
    assert told["SESSION_COOKIE_SECURE"] and told["CSRF_COOKIE_SECURE"] and told["SECURE_HSTS_SECONDS"] > 86400 * 300
    assert not told["DEBUG"] and len(told["SECRET_KEY"]) >= 32
    assert (tmp_path / "keys" / "secret").stat().st_mode & 0o077 == 0


def test_trying_out_needs_no_certificate(tmp_path):
    told = settings_of(tmp_path, TOADLANE_ORIGIN="http://127.0.0.1:8000")
    assert ".localhost" in told["ALLOWED_HOSTS"] and "*" not in told["ALLOWED_HOSTS"]
    assert not told["SESSION_COOKIE_SECURE"] and told["SECURE_HSTS_SECONDS"] == 0
