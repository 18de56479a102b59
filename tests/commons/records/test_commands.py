"""`toadlane export` and `toadlane verify --file`, as people and programs read them."""

import json

from click.testing import CliRunner

from tests.commons.records.conftest import Parts
from toadlane.config.cli import toadlane
from toadlane.plumbing.tenancy.scope import outside


def run(*arguments):
    with outside():
        return CliRunner().invoke(toadlane, arguments)


def test_a_file_is_written_and_checked(past, tmp_path):
    file = tmp_path / "records.zip"
    written = run("export", "--coop", "sparkle", "--to", str(file), "--json")
    told = json.loads(written.stdout)
    assert written.exit_code == 0 and told["manifest"]["variant"] == "full" and told["size_bytes"] == file.stat().st_size
    assert [*tmp_path.iterdir()] == [file], "no draft is left behind"
    checked = run("verify", "--file", str(file))
    assert checked.exit_code == 0 and "Everything holds." in checked.stdout and "give --key" in checked.stdout
    key = told["manifest"]["keys"][Parts.of(file).signature["key_id"]]
    assert "give --key" not in run("verify", "--file", str(file), "--key", key).stdout


def test_what_does_not_hold_ends_with_one_and_is_named(past, tmp_path):
    file = tmp_path / "records.zip"
    run("export", "--coop", "sparkle", "--to", str(file))
    parts = Parts.of(file)
    parts.lines["entries"][0]["narration"] = "A gift"
    parts.fix_manifest()
    parts.pack(file)
    checked = run("verify", "--file", str(file), "--json")
    told = json.loads(checked.stdout)
    faulty = [one["name"] for one in told["invariants"] if not one["ok"]]
    assert checked.exit_code == 1 and not told["ok"] and faulty == ["file.signature", "ledger.entries"]


def test_a_file_that_came_from_anywhere_moves_no_cursor(past, tmp_path):
    file = tmp_path / "records.zip"
    run("export", "--coop", "sparkle", "--to", str(file))
    parts = Parts.of(file)
    parts.manifest["coop"]["name"] = "Sparkle\x1b[2J"
    parts.pack(file)
    shown = run("verify", "--file", str(file)).stdout
    assert "Sparkle?[2J" in shown and "\x1b" not in shown


def test_the_public_one_says_what_is_left_out_and_why(past, tmp_path):
    file = tmp_path / "records.zip"
    assert (
        "rolls: left out. The bylaws keep this to members."
        in run("export", "--coop", "sparkle", "--to", str(file), "--public").stdout
    )
    told = json.loads(run("verify", "--file", str(file), "--json").stdout)
    assert told["ok"] and told["variant"] == "public" and "entries" in told["withheld"]


def test_what_cannot_be_meant(past, tmp_path):
    assert run("export", "--coop", "nowhere", "--to", str(tmp_path / "x.zip")).exit_code == 1
    assert not [*tmp_path.iterdir()]
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert run("verify", "--file", str(tmp_path / "x.zip")).exit_code == 1
    assert run("verify").exit_code == 2
