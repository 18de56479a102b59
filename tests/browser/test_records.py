"""The records of a whole town, on either engine: each co-op's file holds by itself, and the public one names nobody."""

import zipfile
from pathlib import Path

from tests.browser.conftest import Server


def test_the_town_takes_its_records_away(server: Server, tmp_path: Path):
    looked_at = {}
    for coop in server.town["coops"]:
        for more in ([], ["--public"]):
            file = tmp_path / f"{coop['slug']}{len(more)}.zip"
            told = server.command("export", "--coop", coop["slug"], "--to", str(file), *more)
            key = server.command("verify", "--file", str(file))["key_id"]
            assert key and told["manifest"]["keys"][key]
            checked = server.command("verify", "--file", str(file), "--key", told["manifest"]["keys"][key])
            assert checked["ok"] and checked["key_was_given"]
            looked_at |= {one["name"]: looked_at.get(one["name"], 0) + one["looked_at"] for one in checked["invariants"]}
            if more:
                with zipfile.ZipFile(file) as packed:
                    text = "".join(packed.read(name).decode() for name in packed.namelist())
                own = [one for one in server.town["logins"] if one["coop"] == coop["slug"] and one["about"] != "Customer"]
                assert own and not [one for one in own if one["name"] in text or one["login"] in text]
    assert looked_at["ballots.recounted"] and looked_at["rules.replayed"] and looked_at["ledger.entries"]
