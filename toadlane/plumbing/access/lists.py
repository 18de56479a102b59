"""Lists over the API: in pages where they can grow, and whole only where something keeps them short, which they then say."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ninja import Field
from ninja.operation import Operation
from ninja.pagination import PaginationBase, paginate
from ninja.utils import contribute_operation_callback

from toadlane.plumbing.access.paging import MOST, page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.access.schema import Schema

BOUNDED = "x-bounded"
# How the rows of a page are told: all at once, so that what they have in common is asked for once.
Tell = Callable[[CoopRequest, list[Any]], Iterable[Any]]


def each(told: Callable[[Any], Any]) -> Tell:
    """Tell each row for itself."""
    return lambda _request, rows: [told(row) for row in rows]


class Paging(PaginationBase):
    class Input(Schema):
        cursor: str | None = Field(None, description="`next` of the page before.")
        limit: int = Field(25, description=f"How many at most; no page has more than {MOST}.")

    class Output(Schema):
        items: list[Any]
        next: str | None = Field(description="The cursor of the next page; null on the last.")

    def __init__(self, *, order: tuple[str, ...], tell: Tell | None) -> None:
        super().__init__()
        self.order, self.tell = order, tell

    def paginate_queryset(self, queryset: Any, pagination: Any, request: Any, **_params: Any) -> dict[str, Any]:
        found = page(queryset, cursor=pagination.cursor, limit=pagination.limit, order=self.order)
        return {"items": self.tell(request, found.items) if self.tell else found.items, "next": found.next}


def paged(*order: str, tell: Tell | None = None) -> Callable[[Any], Any]:
    """Answer an operation's rows a page at a time; it is declared with `response=list[...]` and returns them all.

    :param order: fields of the rows, `-` before what falls; the last one, or all together, name one row only
    """
    return paginate(Paging, order=order, tell=tell)


def bounded(because: str) -> Callable[[Any], Any]:
    """Answer a list whole, and say in the document what keeps it short."""

    def declare(view: Any) -> Any:
        contribute_operation_callback(view, partial(_say, because))
        return view

    return declare


def _say(because: str, operation: Operation) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), BOUNDED: because}
    operation.description = "\n\n".join(filter(None, (operation.description, f"Answered whole: {because}.")))
