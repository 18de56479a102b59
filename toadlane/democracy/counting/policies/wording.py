"""What an outcome says in plain words, for pages, letters and minutes."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from toadlane.democracy.counting.policies.majorities import QuorumReached
from toadlane.democracy.counting.policies.procedures import Outcome
from toadlane.democracy.counting.policies.tallies import Votes, exact
from toadlane.kernel.rates import floor, half_up
from toadlane.ui import formats


def _in_favor(of: str, count: int) -> str:
    """Return the sentence about who is in favor, as the threshold counts them."""
    return {
        "cast": ngettext("%(count)s of %(base)s votes for or against is in favor (%(share)s).",
                         "%(count)s of %(base)s votes for or against are in favor (%(share)s).", count),
        "cast_block": ngettext("%(count)s of %(base)s votes for, against or blocking is in favor (%(share)s).",
                               "%(count)s of %(base)s votes for, against or blocking are in favor (%(share)s).", count),
        "present": ngettext("%(count)s of %(base)s who took part is in favor (%(share)s).",
                            "%(count)s of %(base)s who took part are in favor (%(share)s).", count),
        "eligible": ngettext("%(count)s of %(base)s who could vote is in favor (%(share)s).",
                             "%(count)s of %(base)s who could vote are in favor (%(share)s).", count),
        "all": ngettext("%(count)s of all %(base)s members is in favor (%(share)s).",
                        "%(count)s of all %(base)s members are in favor (%(share)s).", count),
    }[of]  # fmt: skip


TIES = {
    "": gettext_noop("As many are for it as against it: everything stays as it is."),
    "chair": gettext_noop("As many are for it as against it: the chair decides."),
    "lot": gettext_noop("As many are for it as against it: the lot decides, as was announced."),
    "runoff": gettext_noop("As many are for it as against it: there will be a second vote."),
}
SETTLED = {
    "chair": gettext_noop("As many were for it as against it. The chair decided."),
    "lot": gettext_noop("As many were for it as against it. The lot decided, as was announced."),
    "runoff": gettext_noop("As many were for it as against it. A second vote decided."),
}


def explained(outcome: Outcome, names: Mapping[str, str] | None = None) -> list[str]:
    """Say how an outcome came about, one sentence after the other.

    :param names: what people call the chambers and classes
    """
    return list(_sentences(outcome, names or {}))


def _sentences(outcome: Outcome, names: Mapping[str, str]) -> Iterator[str]:
    for quorum in outcome.quorums:
        yield from _quorum(quorum, names)
    weighted = any(part.weight is not None for part in outcome.chambers.values())
    for name, part in outcome.chambers.items():
        yield from _chamber(names.get(name, name), outcome, name)
        if part.result is not None:
            for quorum in part.result.quorums:
                yield from _quorum(quorum, {"": names.get(name, name)})
    if outcome.tally.block:
        yield _blocks(outcome)
    if outcome.opposed_allowed is not None:
        yield _opposed(outcome)
    if outcome.threshold is not None:
        yield from _threshold(outcome, weighted=weighted)
    if outcome.is_tie:
        yield _(SETTLED[outcome.settled_by] if outcome.settled_by else TIES[outcome.awaits])


def _quorum(quorum: QuorumReached, names: Mapping[str, str]) -> Iterator[str]:
    counted = ngettext("%(count)s took part; at least %(least)s had to.", "%(count)s took part; at least %(least)s had to.",
                       int(quorum.counted)) % {"count": exact(quorum.counted), "least": quorum.least}  # fmt: skip
    name = names.get(quorum.of_class, quorum.of_class)
    yield f"{name}: {counted}" if name else counted


def _chamber(name: str, outcome: Outcome, key: str) -> Iterator[str]:
    part = outcome.chambers[key]
    if part.for_ is None:
        yield _("%(name)s: nobody voted for or against.") % {"name": name}
        return
    said = _("%(name)s: %(count)s for, %(against)s against.") % {
        "name": name, "count": exact(part.tally.for_), "against": exact(part.tally.against),
    }  # fmt: skip
    if part.weight is not None:
        said += " " + _("They carry %(weight)s of the decision.") % {"weight": percent(part.weight)}
    if part.result is not None:
        said += " " + (_("They agree.") if part.result.passed else _("They do not agree."))
    yield said


def _threshold(outcome: Outcome, *, weighted: bool) -> Iterator[str]:
    if outcome.share is None:
        yield _("Nobody voted for or against, and nothing passes without votes.")
        return
    if weighted:
        yield _("Together, %(share)s of the decision is in favor.") % {"share": percent(outcome.share)}
    else:
        yield _in_favor(outcome.of, _plural(outcome.tally.for_)) % {
            "count": exact(outcome.tally.for_), "base": exact(outcome.base), "share": percent(outcome.share),
        }  # fmt: skip
    assert outcome.threshold is not None
    needed = _("More than %(share)s was needed.") if outcome.op == "gt" else _("At least %(share)s was needed.")
    yield needed % {"share": part(outcome.threshold)}


def _blocks(outcome: Outcome) -> str:
    count, n = exact(outcome.tally.block), _plural(outcome.tally.block)
    if outcome.override is None:
        return ngettext("%(count)s blocked it.", "%(count)s blocked it.", n) % {"count": count}
    words = ngettext("%(count)s blocked it; that stops it unless %(share)s are in favor.",
                     "%(count)s blocked it; that stops it unless %(share)s are in favor.", n)  # fmt: skip
    return words % {"count": count, "share": part(outcome.override)}


def _opposed(outcome: Outcome) -> str:
    allowed = floor(outcome.opposed_allowed or Fraction(0))
    opposed: Votes = outcome.tally.against + outcome.tally.block
    words = ngettext("%(count)s is opposed; at most %(allowed)s may be.", "%(count)s are opposed; at most %(allowed)s may be.",
                     _plural(opposed))  # fmt: skip
    return words % {"count": exact(opposed), "allowed": allowed}


def _plural(votes: Votes) -> int:
    """Return the number that a verb goes by: a part of a vote is several."""
    return int(votes) if Fraction(votes).denominator == 1 else 2


def part(share: Fraction) -> str:
    """Return a threshold as people say it: half, two thirds, 95%."""
    words = {
        Fraction(1, 3): _("one third"), Fraction(1, 2): _("half"), Fraction(2, 3): _("two thirds"),
        Fraction(3, 4): _("three quarters"), Fraction(4, 5): _("four fifths"),
    }  # fmt: skip
    return words.get(share) or percent(share)


def percent(share: Fraction) -> str:
    """Return a share to a tenth of a percent. The counts beside it say it exactly."""
    return formats.percent(Fraction(half_up(share * 1000), 1000))
