"""The OpenAPI document: shapes that rooms named alike stay apart in it."""

from collections import defaultdict
from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.params.models import BodyModel

from toadlane.config.bodies import may_be_left_out
from toadlane.plumbing.access.files import FILE

REF = "#/components/schemas/"
TIME = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"


def room_of(operation: Operation) -> str:
    parts = operation.view_func.__module__.split(".")
    return parts[parts.index("api") - 1]


class Document(OpenAPISchema):
    """Names a shape as its room does, and with the room before it where two rooms mean different things by one name."""

    def __init__(self, *args: Any) -> None:
        self._told: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self._shapes: dict[str, Any] = {}
        super().__init__(*args)

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self._shapes.update(definitions)

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        self._shapes = {}
        details = super().operation_details(operation)
        if kind := details.get(FILE):
            for status, answer in details["responses"].items():
                if int(status) < 300:
                    answer["content"] = {kind: {"schema": {"type": "string", "format": "binary"}}}
        self._told.append((room_of(operation), details, self._shapes))
        return details

    def request_body(self, operation: Operation) -> dict[str, Any]:
        """Say of a document in which nothing has to stand that it need not be sent."""
        asked = super().request_body(operation)
        models = [model for model in operation.models if issubclass(model, BodyModel)]
        return asked | {"required": False} if asked and models and all(map(may_be_left_out, models)) else asked

    def get_components(self) -> dict[str, Any]:
        """Put every operation's shapes together. It is asked when all operations are told."""
        meant: dict[str, list[Any]] = defaultdict(list)
        for _room, _details, shapes in self._told:
            for name, shape in shapes.items():
                if shape not in meant[name]:
                    meant[name].append(shape)
        apart = {name for name, several in meant.items() if len(several) > 1}
        # What holds one that is told apart is told apart as well: its own reference differs.
        while more := {name for name, several in meant.items() if referred(several) & apart} - apart:
            apart |= more
        for room, details, shapes in self._told:
            names = {name: room.title().replace("_", "") + name for name in shapes if name in apart}
            _rename(details, names)
            for name, shape in shapes.items():
                _rename(shape, names)
                known = self.schemas.setdefault(names.get(name, name), shape)
                assert known == shape, f"{room} means two things by {name}"
        return dict(super().get_components())


def referred(node: Any) -> set[str]:
    """Return the names of the shapes that something in the document is made of."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = {str(node["$ref"]).removeprefix(REF)} if isinstance(node, dict) and "$ref" in node else set()
    return own.union(*map(referred, inner))


def _rename(node: Any, names: dict[str, str]) -> None:
    """Rename references in place; a second time changes nothing, for no new name is an old one."""
    if isinstance(node, dict) and (name := str(node.get("$ref", "")).removeprefix(REF)) in names:
        node["$ref"] = REF + names[name]
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _rename(one, names)


def used(told: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes that a part of the document is made of, in order of their names."""
    waiting, found = list(referred(told)), set()
    while waiting:
        if (name := waiting.pop()) in shapes and name not in found:
            found.add(name)
            waiting += referred(shapes[name])
    return {name: shapes[name] for name in sorted(found)}


def tell_times(node: Any) -> None:
    """Say what a time of day looks like here: what JSON Schema calls a time is one with an offset, and ours are a place's own."""
    if isinstance(node, dict) and node.get("format") == "time":
        del node["format"]
        node["pattern"] = TIME
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        tell_times(one)


def close(paths: dict[str, Any], shapes: dict[str, Any]) -> None:
    """Say of whatever is sent that it holds nothing but what is named."""
    asked = [operation.get("requestBody", {}) for view in paths.values() for operation in view.values()]
    inline = [content["schema"] for body in asked for content in body.get("content", {}).values()]
    for shape in (*inline, *used(asked, shapes).values()):
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
