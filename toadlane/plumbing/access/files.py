"""Answers of the API that are no JSON: a document on paper, books as another program reads them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

FILE = "x-file"


def answers_with(kind: str) -> Callable[[Any], Any]:
    """Say in the document that an operation answers with a file of this media type, which the operation makes itself."""

    def declare(view: Any) -> Any:
        contribute_operation_callback(view, partial(_say, kind))
        return view

    return declare


def _say(kind: str, operation: Operation) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), FILE: kind}
