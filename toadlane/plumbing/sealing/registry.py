"""What is sealed. Rooms say it in their `wiring`, of rows that are written once:

    sealing.declare("proposals.moments", Moment, "proposal_id", "deed", "at", "by", "name", "facts", dated="at")

A source names only what never changes again once the row has its date: what may still change, such as the end of a
delegation, is a source of its own that is dated by the change.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Expression, ExpressionWrapper, F, Model, Q, Value
from django.db.models.functions import Cast

from toadlane.plumbing.tenancy.scope import current_coop_id

# Half of a SHA-256: nobody finds a second row with the same, and it is kept for every row.
LENGTH = 32


@dataclass(frozen=True)
class Source:
    """Rows of one kind.

    :param dated: the instant from which on nothing of a row changes, as a field or an expression; rows without one wait
    :param only: which rows
    """

    name: str
    model: type[Model]
    fields: tuple[str, ...]
    dated: Any
    only: Q

    def rows(self, *, after: datetime | None, until: datetime) -> Iterator[tuple[datetime, int, str]]:
        """Yield date, key and digest of the rows dated in this time, in the order of their dates."""
        found: Any = self.model._default_manager.filter(self.only, coop_id=current_coop_id())
        found = found.annotate(sealed_from=self.dated).filter(sealed_from__lte=until)
        if after is not None:
            found = found.filter(sealed_from__gt=after)
        for at, pk, *told in found.order_by("sealed_from", "pk").values_list("sealed_from", "pk", *self.fields).iterator():
            yield at, pk, self._digest(pk, told)

    def _digest(self, pk: int, told: list[Any]) -> str:
        document = [self.name, pk, [[name, _plain(value)] for name, value in zip(self.fields, told, strict=True)]]
        spelled = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(spelled.encode()).hexdigest()[:LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def once_over(day: str) -> Expression:
    """Return the instant from which on a civil day is over wherever a co-op is: what bears it can come no more."""
    return ExpressionWrapper(Cast(day, DateTimeField()) + Value(timedelta(days=2)), output_field=DateTimeField())


_sources: dict[str, Source] = {}


def declare(name: str, model: type[Model], *fields: str, dated: str | Expression, only: Q | None = None) -> None:
    assert name not in _sources, f"{name} is sealed already"
    at = F(dated) if isinstance(dated, str) else dated
    _sources[name] = Source(name=name, model=model, fields=fields, dated=at, only=only or Q())


def declared() -> list[Source]:
    return [_sources[name] for name in sorted(_sources)]
