"""The command, run as an operator runs it: in a process of its own, over a data folder of its own."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import django
import pytest
from click.testing import CliRunner
from django.test import Client

from toadlane.config.cli import COMMANDS, toadlane
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals

ROOT = Path(__file__).parents[2]
LOOKED_AT = ROOT / "tests" / "golden" / "schema.txt"


def command(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("TOADLANE_DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return subprocess.run(
        [sys.executable, "-m", "toadlane.config.cli", *arguments],
        cwd=ROOT, env=clean | {"TOADLANE_DATA": str(data)} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    """A new server, made as `toadlane serve` makes it."""
    data = tmp_path_factory.mktemp("server")
    make = "from toadlane.config.cli import common, prepare; common.wake(); prepare.migrate(print)"
    environment = {name: value for name, value in os.environ.items() if name != "TOADLANE_DATABASE_URL"}
    subprocess.run([sys.executable, "-c", make], cwd=ROOT, env=environment | {"TOADLANE_DATA": str(data)}, check=True)
    return data


def schema(data: Path) -> dict[str, object]:
    """Return what a database is made of: columns, names of constraints, indexes and triggers."""
    connection = sqlite3.connect(data / "toadlane.sqlite3")
    found: dict[str, object] = {}
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"):
        if kind == "table":
            columns = {(c[1], c[2].lower(), c[3], c[5]) for c in connection.execute(f"PRAGMA table_info({name})")}
            found[f"table {name}"] = columns, set(re.findall(r'CONSTRAINT "(\w+)"', sql))
        else:
            found[f"{kind} {name}"] = True
    connection.close()
    return found


def looked_at(made: dict[str, object]) -> str:
    """Return a digest of all that decides whether both ways lead to the same database: where it goes, the steps, their maker."""
    digest = sha256(f"{django.__version__}{[(name, _sorted(made[name])) for name in sorted(made)]}".encode())
    for path in sorted((ROOT / "toadlane").rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sorted(what: object) -> object:
    return [sorted(map(str, one)) for one in what] if isinstance(what, tuple) else what


@pytest.mark.skipif("TOADLANE_DATABASE_URL" in os.environ, reason="it makes an embedded database, whatever the others are on")
def test_a_database_made_at_once_is_the_one_that_migrations_make(here, tmp_path):
    """Minutes, so that it is done anew only where something moved: `TOADLANE_REWRITE=1` then notes what was looked at."""
    digest = looked_at(schema(here))
    if LOOKED_AT.read_text().strip() == digest:
        return
    assert command("manage", "migrate", "-v0", data=tmp_path).returncode == 0
    at_once, step_by_step = schema(here), schema(tmp_path)
    differing = {name for name in at_once.keys() | step_by_step.keys() if at_once.get(name) != step_by_step.get(name)}
    # Django names an index after the table's first name; what it is over is the same.
    assert not {name for name in differing if not re.match(r"index (account|mfa|usersessions|tasks_db|django_task)", name)}
    if os.environ.get("TOADLANE_REWRITE"):
        LOOKED_AT.write_text(f"{digest}\n")


def test_a_wrong_setting_stops_the_start_with_a_hint(tmp_path):
    result = command("verify", "--all", data=tmp_path, TOADLANE_SANDBOX="maybe")
    assert result.returncode == 2 and "Say 1 or 0." in result.stderr and "Traceback" not in result.stderr


def test_a_program_that_asks_wrongly_is_answered_in_json(tmp_path):
    for asked, settings in ((["clock"], {}), (["doctor", "--nope"], {}), (["verify", "--all"], {"TOADLANE_SANDBOX": "maybe"})):
        result = command(*asked, "--json", data=tmp_path, **settings)
        told = json.loads(result.stdout)
        assert result.returncode == 2 and told["error"] in ("usage", "misset") and told["detail"] and told["hint"]


@pytest.mark.parametrize(
    "asked",
    [
        ["verify", "--all"], ["ledger", "export", "--coop", "x", "--format", "csv"],
        ["found", "--blueprint", "home_services", "--name", "X", "--slug", "x", "--founder", "a@b.example"],
    ],
    ids=lambda asked: asked[0],
)  # fmt: skip
def test_a_command_before_there_is_a_database_says_how_to_get_one(tmp_path, asked):
    result = command(*asked, data=tmp_path)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "toadlane manage migrate" in result.stderr, result.stderr


def test_the_doctor_explains_a_wrong_setting(tmp_path):
    result = command("doctor", "--json", data=tmp_path, TOADLANE_ORIGIN="coops.example")
    [finding] = json.loads(result.stdout)["findings"]
    assert result.returncode == 1 and finding["about"] == "TOADLANE_ORIGIN" and "https://" in finding["hint"]


def test_the_doctor_sees_a_database_that_is_behind_and_one_that_is_well(tmp_path, here):
    behind = command("doctor", data=tmp_path)
    assert behind.returncode == 1 and "toadlane manage migrate" in behind.stdout
    well = command("doctor", data=here)
    assert well.returncode == 0, well.stdout


def test_a_server_goes_into_one_file_and_comes_back_with_every_total_equal(here, tmp_path):
    file, there = tmp_path / "backup.tar", tmp_path / "there"
    (here / "media").mkdir(exist_ok=True)
    (here / "media" / "photo.webp").write_bytes(b"light")
    made = json.loads(command("backup", str(file), "--json", data=here).stdout)
    assert sum(made["rows"].values()) > 0 and file.stat().st_mode & 0o077 == 0

    back = json.loads(command("restore", str(file), "--json", data=there).stdout)
    assert back["ok"] and back["rows"] == made["rows"]
    assert (there / "media" / "photo.webp").read_bytes() == b"light"
    assert (there / "keys" / "secret").read_text() == (here / "keys" / "secret").read_text()
    assert command("verify", "--all", data=there).returncode == 0


def test_what_is_not_a_backup_is_refused(tmp_path):
    (tmp_path / "lunch.tar").write_text("sandwich")
    result = command("restore", str(tmp_path / "lunch.tar"), data=tmp_path / "there")
    assert result.returncode == 1 and "not a backup" in result.stderr


def test_a_missing_refusal_is_a_fault_of_the_server(db):
    result = CliRunner().invoke(toadlane, ["verify", "--all", "--json"])
    assert result.exit_code == 0 and json.loads(result.stdout)["ok"]
    refusals.remove()
    result = CliRunner().invoke(toadlane, ["verify", "--all", "--json"])
    assert result.exit_code == 1 and not json.loads(result.stdout)["ok"]


def test_a_fault_in_one_coop_is_named_and_fails_the_whole(sparkle, wheels, monkeypatch):
    from toadlane.plumbing.tenancy.scope import current_coop_id

    def check() -> invariants.Finding:
        return invariants.Finding(3, ["the till is short"] if current_coop_id() == wheels.pk else [])

    monkeypatch.setattr(invariants, "_of_coops", {"tower.till": check})
    told = json.loads(CliRunner().invoke(toadlane, ["verify", "--all", "--json"]).stdout)
    places = {place["coop"]: place["invariants"] for place in told["places"]}
    assert places["wheels"] == [{"name": "tower.till", "ok": False, "looked_at": 3, "faults": ["the till is short"]}]
    assert places["sparkle"][0]["ok"] and not told["ok"]
    assert CliRunner().invoke(toadlane, ["verify", "--coop", "sparkle"]).exit_code == 0
    assert CliRunner().invoke(toadlane, ["verify", "--coop", "nowhere"]).exit_code == 1


def test_a_sandbox_is_moved_forward_and_a_real_coop_is_not(sparkle, wheels):
    told = json.loads(CliRunner().invoke(toadlane, ["clock", "--coop", "sparkle", "--days", "3", "--json"]).stdout)
    assert told["ahead_seconds"] == 3 * 86_400
    refused = CliRunner().invoke(toadlane, ["clock", "--coop", "wheels", "--days", "3", "--json"])
    assert refused.exit_code == 1 and json.loads(refused.stdout)["error"] == "not_a_sandbox"
    assert CliRunner().invoke(toadlane, ["clock", "--coop", "sparkle", "--days", "-3"]).exit_code == 1


def test_a_token_opens_the_api_for_a_while(sparkle, bob):
    made = CliRunner().invoke(toadlane, ["token", "--person", "bob@sparkle.test", "--name", "books", "--scope", "read", "--json"])
    told = json.loads(made.stdout)
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {told['token']}"}).status_code == 200
    nobody = CliRunner().invoke(toadlane, ["token", "--person", "nobody@sparkle.test", "--name", "books"])
    assert nobody.exit_code == 2 and "sign up first" in nobody.output


def test_a_coop_is_founded_from_the_command_line_and_indexed(bob):
    arguments = [
        "--blueprint",
        "marketplace",
        "--name",
        "Pottery",
        "--slug",
        "pottery",
        "--founder",
        "bob@sparkle.test",
        "--json",
    ]
    told = json.loads(CliRunner().invoke(toadlane, ["found", *arguments]).stdout)
    assert told["slug"] == "pottery" and told["address"].endswith("/c/pottery/")
    assert json.loads(CliRunner().invoke(toadlane, ["reindex", "--coop", "pottery", "--json"]).stdout) == {
        "indexed": {"pottery": 0}
    }
    assert json.loads(CliRunner().invoke(toadlane, ["verify", "--coop", "pottery", "--json"]).stdout)["ok"]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "manage"])
def test_every_command_says_what_it_does_and_speaks_json(name):
    result = CliRunner().invoke(toadlane, [name, "--help"])
    assert result.exit_code == 0 and (name == "ledger" or "--json" in result.stdout)
