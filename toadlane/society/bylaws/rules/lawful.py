"""How the bylaws change under the law of today, which may ask for more votes than a document that was adopted before it.

Ways of deciding may be older than the law of today. So they are read as it lifts them, a change of the bylaws passes by one that
the law lets pass it, and what passed by less never takes effect. The ways themselves are bylaws to the law.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import majority, patches, undecided, ways
from toadlane.society.bylaws.rules.documents import Document

Law = Mapping[str, Any]


def changes_the_bylaws(document: Mapping[str, Any], patch: patches.Patch) -> bool:
    """Say whether a patch changes what is bylaws to the law, adopts it, or says who may change it."""
    known = ((patches.rule_of(document, op.rule) or undecided.entry(dict(document), op.rule) or {}) for op in patch.ops)
    return any(rule.get("tier") in majority.OF_THE_BYLAWS for rule in known)


def passing(document: Document, patch: patches.Patch) -> str:
    """Return the weakest way of deciding that may pass a patch, by the bylaws and by the law.

    :raises NotAllowed: when none of the bylaws is strict enough
    """
    own, law, known = patches.procedure_for(document, patch), majority.law_of(document), majority.ways(document)
    if not changes_the_bylaws(document, patch) or majority.is_enough(known[own], law):
        return own
    whole = {**document, "procedures": known}
    if not (found := ways.usual(whole, known[own]["rank"], lambda one: majority.is_enough(one, law))):
        raise patches.NotAllowed(_("%(law)s asks for more votes to change this.") % {"law": law["law"]})
    return found


def falls_short(
    document: Mapping[str, Any], patch: patches.Patch, *, terms: Mapping[str, Any], figures: Mapping[str, Any]
) -> Law | None:
    """Return the law that a vote on a patch did not meet, or None where it did: by the terms it was to pass under, or by the
    votes themselves.

    :param terms: the way of deciding as it was frozen for the vote
    :param figures: votes `for`, `against`, `abstain` and `block`
    """
    law = majority.law_of(document)
    if not law or not changes_the_bylaws(document, patch) or majority.is_enough({"kind": "", **terms}, law):
        return None
    names = ("for", "against") if law["of"] == "cast" else ("for", "against", "abstain", "block")
    base = sum(int(figures.get(name, 0)) for name in names)
    # Colleges are weighed: heads say nothing there.
    reached = "chambers" not in terms and base > 0 and Fraction(int(figures.get("for", 0)), base) >= rate(law["threshold"])
    return None if reached else law
