from datetime import datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class FileOut(Schema):
    variant: str = Field(description="`public`, `members` or `full`.")
    sha256: str = Field(description="Of the file; empty while none has been made.")
    size_bytes: int
    made_at: datetime | None
    is_waiting: bool = Field(description="A newer one is being made.")
    url: str = Field(description="Where to fetch it; empty while none has been made.")


class RecordsOut(Schema):
    counts: dict[str, int] = Field(description="How many decisions, versions of the rules, ballots and minutes there are.")
    decisions: list[str] = Field(description="The names of the newest decisions.")
    versions: list[int]
    ballots: list[int]
    minutes: list[int] | None = Field(description="None where minutes are not for you.")
    files: list[FileOut]
    public_key: str = Field(description="What the files are signed with: keep it, and check with it.")


class AskIn(Schema):
    variant: str
