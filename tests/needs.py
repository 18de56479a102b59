"""Programs some tests need beyond Python. Where one is missing the test is skipped in plain sight; in CI it fails."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"


def missing(what: str, line: str) -> None:
    """Skip the test, or fail it in CI, saying which one line installs what it needs."""
    said = f"{what} is not here: {line}"
    pytest.fail(said) if IN_CI else pytest.skip(said)


def program(*names: str, line: str) -> str:
    """Return the path of the first of these programs that is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        missing(names[0], line)
    assert found
    return found


def hledger() -> str:
    return program("hledger", line="sudo apt-get install -y hledger")


def belenios() -> str:
    return program("belenios-tool", line="sudo apt-get install -y belenios-tool")


def java() -> str:
    return program("java", line="sudo apt-get install -y default-jre-headless")


def chromium() -> str:
    return program("chromium", "chromium-browser", "google-chrome", line="sudo apt-get install -y chromium")


def nu_checker() -> list[str]:
    """Return the command of the Nu HTML checker."""
    jar = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = java()
    if not jar.exists():
        missing("vnu-jar", "npm ci")
    return [command, "-jar", str(jar)]
