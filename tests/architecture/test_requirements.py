"""The pinned requirements hold everything that pyproject.toml asks for: otherwise a fresh clone does not start."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WANTED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


def name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=! ;]", requirement, maxsplit=1)[0]).lower()


@pytest.mark.parametrize("file", WANTED)
def test_a_fresh_clone_installs_what_the_code_imports(file):
    pinned = {name(line) for line in (ROOT / file).read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)}
    assert not {name(requirement) for requirement in WANTED[file]} - pinned, "run `make requirements`"


@pytest.mark.parametrize("file", WANTED)
def test_no_address_of_an_index_is_written_down(file):
    text = (ROOT / file).read_text()
    assert "://" not in text and "--index" not in text and "--hash=sha256" in text
