"""How what was sent is read: as what it is, whole, and with nothing in it that nobody would look at."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.operation import Operation
from ninja.params.models import BodyModel, FileModel, FormModel, ParamModel, QueryModel
from pydantic import BaseModel
from pydantic_core import InitErrorDetails, ValidationError

from toadlane.config.problems import WRITES

# What the door reads of any address: the language to answer in.
EVERYWHERE = frozenset({"lang"})


def read_strictly(api: NinjaAPI) -> None:
    """Take a document for nothing else than it is, and refuse by name what an operation knows nothing of.

    Our shapes read from objects, for answers are made of rows. Of a document that was sent nothing is read in that way: a
    text has attributes too, and where nothing is asked for it would pass as an empty document.
    """
    for operation in operations(api):
        for model in operation.models:
            if issubclass(model, BodyModel):
                model.resolve = _reader(model)
        # A document that is told beside the models is read by the operation itself, as its sender words it.
        if "requestBody" not in (operation.openapi_extra or {}):
            operation.models = [*operation.models, _rest_of(operation)]


def operations(api: NinjaAPI) -> list[Operation]:
    """Return what an API answers, with what rooms put into routers of routers. No router can be added afterwards."""
    views = (view for router in api._get_bound_routers() for view in router.path_operations.values())
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
        # Where one shape is made for what may come, a name that it lacks is mistyped: unread, a wish would be lost in silence.
        made = model.model_validate(read, context={"request": request}, from_attributes=False, extra="forbid")
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


def _rest_of(operation: Operation) -> type[ParamModel]:
    """Return what looks at the rest of a request: names that none of an operation's own models reads."""
    asked = EVERYWHERE.union(*(_names(model) for model in operation.models if issubclass(model, QueryModel)))
    parts = [model for model in operation.models if issubclass(model, FormModel | FileModel | BodyModel)]
    in_parts = any(issubclass(model, FormModel | FileModel) for model in parts)
    sent = frozenset[str]().union(*map(_names, parts))

    class Rest(ParamModel):
        __ninja_param_source__ = "query"  # type: ignore[assignment]
        __ninja_flatten_map_reverse__: ClassVar[dict[Any, Any]] = {}

        @classmethod
        def get_request_data(cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> dict[str, Any]:
            unknown = [name for name in request.GET if name not in asked]
            if in_parts:
                unknown += [name for name in (*request.POST, *request.FILES) if name not in sent]
            elif not parts and request.method in WRITES and request.content_type != "multipart/form-data":
                unknown += _document(request)
            if unknown:
                errors = [InitErrorDetails(type="extra_forbidden", loc=(name,), input="") for name in unknown]
                raise ValidationError.from_exception_data("Rest", errors)
            return {}

    return Rest


def _names(model: type[ParamModel]) -> frozenset[str]:
    known = getattr(model, "__ninja_flatten_map__", None) or getattr(model, "__ninja_body_params__", None)
    return frozenset(known or (field.alias or name for name, field in model.model_fields.items()))


def _document(request: HttpRequest) -> list[str]:
    """Return the names in a document that was sent where none is asked for; an empty one says nothing."""
    try:
        read = json.loads(request.body) if request.body.strip() else None
    except (ValueError, RecursionError) as error:
        raise HttpError(400, "Cannot parse request body") from error
    if read is not None and not isinstance(read, dict):
        raise ValidationError.from_exception_data("Rest", [InitErrorDetails(type="dict_type", loc=("body",), input="")])
    return list(read or ())
