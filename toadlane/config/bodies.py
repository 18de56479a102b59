"""How a document that was sent is read: as what it is, and whole."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.params.models import BodyModel
from pydantic import BaseModel
from pydantic_core import InitErrorDetails, ValidationError


def read_strictly(api: NinjaAPI) -> None:
    """Take a document for nothing else than it is.

    Our shapes read from objects, for answers are made of rows. Of a document that was sent nothing is read in that way: a
    text has attributes too, and where nothing is asked for it would pass as an empty document.
    """
    for model in (model for operation in operations(api) for model in operation.models if issubclass(model, BodyModel)):
        model.resolve = _reader(model)


def operations(api: NinjaAPI) -> list[Any]:
    views = (view for _prefix, router in api._routers for view in router.path_operations.values())
    return [operation for view in views for operation in view.operations]


def may_be_left_out(model: type[BodyModel]) -> bool:
    """Whether nothing has to be said in a document: then none has to be sent."""
    name = getattr(model, "__read_from_single_attr__", "")
    shape = model.model_fields[name].annotation if name else None
    fields = getattr(shape, "model_fields", None)
    return fields is not None and not any(field.is_required() for field in fields.values())


def _reader(model: type[BodyModel]) -> Any:
    default: Any = {getattr(model, "__read_from_single_attr__", ""): {}} if may_be_left_out(model) else None

    def resolve(request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> BodyModel:
        data = model.get_request_data(request, api, path_params)
        data = default if data is None else data
        read = model._map_data_paths(data) if data is not None else {}
        made = model.model_validate(read, context={"request": request}, from_attributes=False)
        if empty := list(_blank(made, ())):
            raise ValidationError.from_exception_data(model.__name__, empty)
        return made

    return resolve


def _blank(value: Any, place: tuple[str | int, ...]) -> Iterator[InitErrorDetails]:
    """Yield what has to be said and is nothing but spaces."""
    if isinstance(value, list):
        for position, one in enumerate(value):
            yield from _blank(one, (*place, position))
    if not isinstance(value, BaseModel):
        return
    for name, field in type(value).model_fields.items():
        said, here = getattr(value, name), (*place, field.alias or name)
        if not isinstance(said, str):
            yield from _blank(said, here)
        elif not said.strip() and any(getattr(rule, "min_length", 0) for rule in field.metadata):
            yield InitErrorDetails(type="string_too_short", loc=here, input=said, ctx={"min_length": 1})
