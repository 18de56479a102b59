from datetime import datetime
from typing import Any, Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class OpIn(Schema):
    """One rule, and the value it would have. `expect` is what it says now; left out, it is read from the rules in force."""

    rule: str = Field(max_length=80)
    set: Any
    expect: Any = None


class SimulationIn(Schema):
    ops: list[OpIn] = Field(min_length=1, max_length=20)


class SimulationOut(Schema):
    id: int | None
    touches_money: bool
    state: Literal["", "waiting", "running", "done", "failed"]
    trouble: str
    done: int
    of: int
    since: datetime | None
    until: datetime | None
    rules: list[str]
    hash: str
    result: dict[str, Any] | None
    own: dict[str, Any] | None
    address: str
