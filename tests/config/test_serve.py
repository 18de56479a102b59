"""`toadlane serve` as it runs: web and worker together, and a worker that dies has a successor."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_cli import ROOT, here  # noqa: F401
from toadlane.config.cli.server import begin, stop


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(look: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to pass")


def workers_of(server: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == server and b"worker" in (stat.parent / "cmdline").read_bytes().split(b"\0"):
                found.append(int(stat.parent.name))
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux keeps them")
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=["ended", "terminal closed"])
def test_a_server_outlives_its_worker_and_ends_when_told(here: Path, told: signal.Signals):  # noqa: F811
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if name not in ("TOADLANE_DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    server = subprocess.Popen(
        [sys.executable, "-m", "toadlane.config.cli", "serve", "--no-prepare", "--workers", "1", "--port", str(port)],
        cwd=ROOT, env=clean | {"TOADLANE_DATA": str(here)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return answer.status == 200 and json.loads(answer.read()) == {"status": "ok"}
        except OSError:
            return False

    try:
        until(ready)
        [first] = until(lambda: workers_of(server.pid))
        os.kill(first, signal.SIGKILL)
        [second] = until(lambda: [pid for pid in workers_of(server.pid) if pid != first])
        assert server.poll() is None and ready()
        other = subprocess.run(
            server.args, check=False, cwd=ROOT, env=clean | {"TOADLANE_DATA": str(here)}, capture_output=True, text=True
        )
        assert other.returncode == 1 and f"Port {port} is taken." in other.stderr, "two servers never share a port"
        server.send_signal(told)
        assert server.wait(30) == 0
        until(lambda: not Path(f"/proc/{second}").exists())
    finally:
        server.kill()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux keeps them")
def test_what_was_still_loading_ends_with_its_server():
    script = "import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']).pid)"
    child = begin([sys.executable, "-c", f"{script}; sys.stdout.flush(); time.sleep(300)"], dict(os.environ), subprocess.PIPE)
    grandchild = int(child.stdout.readline())
    stop([child])
    until(lambda: not Path(f"/proc/{grandchild}").exists() or "Z" in Path(f"/proc/{grandchild}/stat").read_text().split()[2], 10)
