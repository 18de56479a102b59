"""What an operation may be sent, made from what the document says of it."""

from typing import Any

from toadlane.config.api import api

DOCUMENT = api.get_openapi_schema()
TEXTS = {"date": "2027-03-01", "date-time": "2027-03-01T09:00:00Z", "uuid": "00000000-0000-7000-8000-000000000000"}


def smallest(schema: dict[str, Any]) -> Any:
    """Return the least that a schema accepts, so that a request fails for who asks and not for how."""
    while inner := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or "$ref" in schema:
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        schema = inner[0] if isinstance(inner, list) else DOCUMENT["components"]["schemas"][name]
    fixed = schema.get("default", schema.get("const", schema.get("enum", [None])[0]))
    if fixed is not None:
        return fixed
    makers = {
        "object": lambda: {name: smallest(schema["properties"][name]) for name in schema.get("required", ())},
        "array": lambda: [smallest(schema["items"]) for _ in range(schema.get("minItems", 0))],
        "integer": lambda: max(1, schema.get("minimum", 1)),
        "number": lambda: max(1, schema.get("minimum", 1)),
        "boolean": lambda: True,
        "string": lambda: TEXTS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1))),
    }
    return makers.get(schema.get("type", ""), lambda: None)()
