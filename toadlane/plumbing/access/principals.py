"""Who asks, what they may do, and why not.

This room lies lower than people and members, because the lowest service already has to ask. It therefore knows ids and
role names only; `society.members` fills them in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.tenancy.scope import scoped_coop_id
from toadlane.ui import formats


class Channel(StrEnum):
    WEB = "web"
    API = "api"
    CLI = "cli"
    JOB = "job"


@dataclass(frozen=True)
class Answer:
    """A yes or a no that can be read out to the person who asked."""

    allowed: bool
    because: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Refused(Expected):
    """You may not do this here."""

    status = 403


class ScopeLacking(Refused):
    """A token was made for less than it is used for. Which scope it lacks, the answer says."""


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Somebody asking, in one co-op, through one channel.

    :param delegate_of: memberships of organisations that this person speaks for
    :param order_id: the one order a guest holds a signed link to
    :param scopes: what an API token was made for; None is no limit (a person in the browser)
    """

    coop_id: int | None
    channel: Channel
    person_id: int | None = None
    membership_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    delegate_of: frozenset[int] = field(default_factory=frozenset)
    order_id: int | None = None
    staff_session_id: int | None = None
    scopes: frozenset[str] | None = None

    @classmethod
    def job(cls, coop_id: int | None, *roles: str) -> "Principal":
        """The co-op itself at work: a timer, an event handler, an enactment."""
        return cls(coop_id=coop_id, channel=Channel.JOB, roles=frozenset({"system", *roles}))

    @property
    def memberships(self) -> frozenset[int]:
        """Return every membership this person acts for: their own and those of organisations they speak for."""
        return self.delegate_of | ({self.membership_id} if self.membership_id else frozenset())

    def may(self, permission: "Permission", subject: Any = None) -> Answer:
        # A power is held in one co-op. The operator's is held in none, and so ends at every co-op's door.
        if scoped_coop_id() != self.coop_id:
            return Answer(False, _("This power belongs to another co-op."))
        # Tenancy hides strangers' rows already; a row handed over by mistake is refused here as well.
        if getattr(subject, "coop_id", self.coop_id) != self.coop_id:
            return Answer(False, _("It belongs to another co-op."))
        if self.scopes is not None and permission.scope not in self.scopes:
            return Answer(False, _("This token was not made for “%(scope)s”.") % {"scope": permission.scope})
        return permission.rule(self, subject)

    def must(self, permission: "Permission", subject: Any = None) -> None:
        answer = self.may(permission, subject)
        if answer:
            return
        if self.scopes is not None and permission.scope not in self.scopes:
            hint = _("Make a token for “%(scope)s” under “My account”, or at /api/v1/me/tokens.") % {"scope": permission.scope}
            raise ScopeLacking(answer.because, hint=hint)
        raise Refused(answer.because, hint=permission.name)

    def __str__(self) -> str:
        """Name the principal for records that outlive it: ids, never a person's name."""
        if self.person_id:
            return f"{self.channel}:person:{self.person_id}"
        return f"{self.channel}:order:{self.order_id}" if self.order_id else f"{self.channel}:system"


@dataclass(frozen=True)
class Permission:
    """A named power. `scope` is what an API token must have been made for: `read`, `write` or `money`."""

    name: str
    rule: Callable[[Principal, Any], Answer]
    scope: str = "write"


def anyone(_by: Principal, _subject: Any) -> Answer:
    return Answer(True)


def signed_in(by: Principal, _subject: Any) -> Answer:
    return Answer(by.person_id is not None, _("Sign in first."))


def holds(*roles: str) -> Callable[[Principal, Any], Answer]:
    """Allow whoever holds at least one of these roles in the co-op."""

    def rule(by: Principal, _subject: Any) -> Answer:
        held = by.roles & set(roles)
        return Answer(bool(held), _("This takes one of these roles: %(roles)s.") % {"roles": formats.listed(sorted(roles))})

    return rule
