"""What others may ask of the records."""

from toadlane.commons.records.queries.kept import (
    File,
    coops_to_renew,
    coops_waiting,
    file_of,
    files,
    forgotten,
    kept,
    overview,
    path_of,
    waiting,
)
from toadlane.commons.records.queries.writing import public_key, reach_of, state_of, write

__all__ = [
    "File", "coops_to_renew", "coops_waiting", "file_of", "files", "forgotten", "kept", "overview", "path_of", "public_key",
    "reach_of", "state_of", "waiting", "write",
]  # fmt: skip
