"""The source code of this server as it runs, for whoever uses it: section 13 of the licence."""

import os
import tarfile
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings

import toadlane

PACKAGE = Path(toadlane.__file__).parent
# Named one by one: a folder beside the code may hold the data of the server, or its secrets.
BESIDE = ("README.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "package.json",
          "package-lock.json", "docs", "tests", "tools", "benchmarks")  # fmt: skip
_lock = Lock()


def archive() -> Path:
    """Return a packed copy of the code that this process runs, made when it is first asked for."""
    files = _files()
    newest = _newest()
    packed = Path(settings.DATA) / "source" / f"toadlane-{newest}-{len(files)}.tar.gz"
    with _lock:
        if not packed.exists():
            packed.parent.mkdir(parents=True, exist_ok=True)
            half = packed.with_suffix(f".{os.getpid()}.part")
            with tarfile.open(half, "w:gz", compresslevel=6) as tar:
                for file in files:
                    tar.add(file, arcname=Path("toadlane") / file.relative_to(PACKAGE.parent), filter=_nameless)
            half.replace(packed)
    return packed


@cache
def _files() -> list[Path]:
    """Return what is packed. Looked for once: anybody may ask, and code that changes runs in another process."""
    beside = [PACKAGE.parent / name for name in BESIDE] if (PACKAGE.parent / "pyproject.toml").exists() else []
    found = [file for top in (PACKAGE, *beside) for file in ([top] if top.is_file() else sorted(top.rglob("*")))]
    return [file for file in found if file.is_file() and not file.is_symlink() and _is_source(file.relative_to(PACKAGE.parent))]


@cache
def _newest() -> int:
    return max(int(file.stat().st_mtime) for file in _files())


def _is_source(path: Path) -> bool:
    return not any(part.startswith(".") or part in ("__pycache__", "node_modules") for part in path.parts)


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose machine it was packed on is nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
