"""Who gave a rule the value that it has: behind every number, a vote."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext

from toadlane.society.bylaws.rules import lent, undecided
from toadlane.society.coops.queries import COOP_URLS
from toadlane.ui import formats

FOUNDING = "founding"


@lru_cache(maxsize=4096)
def _address(page: str, of: str, _prefix: str) -> str:
    """Return where a page of a co-op is; kept for each co-op, since every price names several."""
    return reverse(page, urlconf=COOP_URLS, args=[of] if of else None)


@dataclass(frozen=True)
class Provenance:
    """Which version and which decision gave a rule the value it has.

    :param decided_on: None where no decision did: the members have not decided on this rule, and `decision` is empty
    """

    rule: str
    value: Any
    version: int
    decision: str
    decided_on: datetime | None
    reads: str
    told: lent.Told | None = None

    @property
    def title(self) -> str:
        """Return the rule in words, for the panel behind the mark."""
        return self.reads

    @property
    def label(self) -> str:
        """Return what stands on the mark: the day it was decided."""
        if self.decided_on is None:
            return undecided.mark()
        return formats.day(self.decided_on, "brief")

    @property
    def is_decided(self) -> bool:
        return self.decided_on is not None

    @property
    def detail(self) -> str:
        if not self.is_decided:
            words = gettext(
                "The bylaws (version %(version)s) do not say it. Until members adopt a rule, the software starts with this."
            )
            return words % {"version": self.version}
        if self.decision == FOUNDING:
            return gettext("Bylaws version %(version)s: the founding act.") % {"version": self.version}
        words = self.told.words if self.told else self.decision
        return gettext("Bylaws version %(version)s: %(decision)s.") % {"version": self.version, "decision": words}

    @property
    def url(self) -> str:
        return _address(*self.page, get_script_prefix())

    @property
    def page(self) -> tuple[str, str]:
        """Return the name of the page where the decision is read, and of which: the founding act, a decision, or the rule."""
        if not self.is_decided:
            return ("bylaws:rule", self.rule)
        if self.decision == FOUNDING:
            return ("bylaws:founding_act", "")
        return self.told.page if self.told else ("bylaws:rule", self.rule)
