"""The form of what the API takes and gives."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """Read from objects and from dicts alike, without ninja's own reader: that one asks for every field in Python.

    What it would do besides, calling methods and looking into managers, would hide statements in the making of an answer.
    """

    model_config = ConfigDict(from_attributes=True)

    def dict(self, **how: Any) -> dict[str, Any]:
        """Return what was sent by name, ready to be a service's arguments."""
        return self.model_dump(**how)
