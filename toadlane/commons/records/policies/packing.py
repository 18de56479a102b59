"""The file itself: a zip of parts, each a list of canonical JSON lines, and a signed manifest of what is in it.

manifest.json     format, co-op, which variant, when; of every part its SHA-256, its lines and bytes; what is left out
                  and why; the public keys that signatures in the parts were made with
signature.json    SHA-256 of manifest.json, the signature over it, and the public key it was made with
bylaws.jsonl ...  a JSON document on each line, sorted keys and no spaces: as it is hashed
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Self

from django.utils.translation import gettext_lazy as _

from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected

FORMAT, VERSION = "toadlane-records", 1
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
# In the order in which they are written and read.
PARTS = (
    "bylaws", "proposals", "revisions", "decisions", "enactments", "halts", "ballots", "rolls", "votes", "papers", "boards",
    "said", "rounds", "minutes", "accounts", "log", "seals", "entries", "shares",
)  # fmt: skip
# The same contents make the same file, whenever they are packed.
EPOCH = (1980, 1, 1, 0, 0, 0)

# Bytes of one document. A stranger's file, checked by whoever was given it, unpacks to a thousand times of what it weighs.
LARGEST = 64 * 2**20

Line = dict[str, Any]


class NotRecords(Expected):
    words = _("This is not a file of records, or it is broken.")

    status = 422


@dataclass
class Packer:
    """Writes a file part by part; of a part only one line is held at a time."""

    file: IO[bytes]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        assert name in PARTS, name
        whole, count, size = hashlib.sha256(), 0, 0
        with self._zip.open(_entry(f"{name}.jsonl"), "w", force_zip64=True) as part:
            for line in lines:
                written = (canonical.text(line) + "\n").encode()
                whole.update(written)
                part.write(written)
                count, size = count + 1, size + len(written)
        self.parts[name] = {"sha256": whole.hexdigest(), "lines": count, "bytes": size}

    def withhold(self, name: str, why: str) -> None:
        """Say that a part is not in this file, and why not."""
        self.withheld[name] = why

    def close(self, about: Mapping[str, Any], sign: Callable[[str], Mapping[str, Any]]) -> Line:
        """Write the manifest and its signature; return the manifest.

        :param sign: digest in; signature, the id of the key, and its public half out
        """
        manifest = {"format": FORMAT, "version": VERSION, **about, "parts": self.parts, "withheld": self.withheld}
        written = canonical.text(manifest).encode()
        digest = hashlib.sha256(written).hexdigest()
        self._zip.writestr(_entry(MANIFEST), written)
        self._zip.writestr(_entry(SIGNATURE), canonical.text({"digest": digest, **sign(digest)}))
        self._zip.close()
        return manifest


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


class Pack:
    """Reads a file. What is asked of a part twice is read twice: a file may be larger than the memory."""

    def __init__(self, path: Path | str) -> None:
        """:raises NotRecords: when it cannot be such a file"""
        try:
            self._zip = zipfile.ZipFile(path)
            if any(self._zip.getinfo(name).file_size > LARGEST for name in (MANIFEST, SIGNATURE)):
                raise ValueError("its list of parts is larger than any")
            self.written = self._zip.read(MANIFEST)
            self.manifest: Line = json.loads(self.written)
            self.signature: Line = json.loads(self._zip.read(SIGNATURE))
            known = self.manifest["format"] == FORMAT and self.manifest["version"] == VERSION
            self.parts: Line = self.manifest["parts"]
            self.withheld: Line = self.manifest["withheld"]
            self.keys: dict[str, str] = self.manifest["keys"]
            self.coop_id: int = self.manifest["coop"]["id"]
            self.title = "{coop[name]}, {variant} records of {made_at}".format(**self.manifest)
        except (OSError, zipfile.BadZipFile, LookupError, RecursionError, TypeError, ValueError) as error:
            raise NotRecords(hint=str(error)) from error
        if not known:
            raise NotRecords(hint=f"This version reads {FORMAT}, version {VERSION}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Return the names of all that is in the zip, besides manifest and signature."""
        return [name for name in self._zip.namelist() if name not in (MANIFEST, SIGNATURE)]

    def has(self, name: str) -> bool:
        """Say whether a part was put into this file; a part that is missing though the manifest names it is a fault."""
        return name in self.parts

    def raw(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as part:
            while line := part.readline(LARGEST + 1):
                if len(line) > LARGEST:
                    raise ValueError(f"{name} has a line that is larger than any")
                yield line

    def lines(self, name: str) -> Iterator[Line]:
        """Read a part line by line; one that is left out has none."""
        if self.has(name):
            for line in self.raw(f"{name}.jsonl"):
                yield json.loads(line)

    def by_ballot(self, name: str) -> Iterator[tuple[str, list[Line]]]:
        """Read a part that is ordered by ballot, one ballot at a time."""
        for ballot, lines in groupby(self.lines(name), key=lambda line: str(line["ballot"])):
            yield ballot, list(lines)
