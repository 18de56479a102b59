"""Whoever may change a rule is said in words, whatever kind of procedure guards it."""

import pytest

from toadlane.society.bylaws.rules.articles import guard
from toadlane.society.bylaws.rules.documents import PROCEDURES

RULES = {"gov.simple.quorum": {"value": "0.20"}, "gov.special.quorum": {"value": "1/3"}, "gov.heads": {"value": 12}}
VOTE = {"kind": "majority", "rank": 2}


@pytest.mark.parametrize(
    ("procedure", "words"),
    [
        (PROCEDURES["simple"], "More than half of the votes. At least 20% of the members take part."),
        (PROCEDURES["special"], "At least two thirds of the votes. At least one third of the members take part."),
        (PROCEDURES["coordinators"], "The coordinators may change it when none of them objects, and must tell everyone."),
        (PROCEDURES["never"], "No vote can change it."),
        ({**VOTE, "threshold": "1/2", "op": "ge"}, "At least half of the votes. It counts however few take part."),
        ({**VOTE, "threshold": "2/3", "op": "gt"}, "More than two thirds of the votes. It counts however few take part."),
        (
            {**VOTE, "threshold": "2/3", "op": "ge", "of": "present"},
            "At least two thirds of those who take part. It counts however few take part.",
        ),
        ({**VOTE, "threshold": "1/2", "of": "all"}, "More than half of all members. It counts however few take part."),
        ({**VOTE, "threshold": "1/2", "quorum": "0"}, "More than half of the votes. It counts however few take part."),
        ({**VOTE, "threshold": "1/2", "quorum": {"number": 9}}, "More than half of the votes. At least 9 members take part."),
        ({**VOTE, "threshold": "1/2", "quorum_rule": "gov.heads"}, "More than half of the votes. At least 12 members take part."),
        ({**VOTE, "max_opposed": 1}, "At most 1 may be opposed. It counts however few take part."),
        (
            {**VOTE, "chambers": {"mode": "double_majority", "each": {"workers": {}, "users": {}}}},
            "Each of these groups has to agree: workers, users.",
        ),
        (
            {**VOTE, "threshold": "1/2", "chambers": {"mode": "proportional", "weights": {"workers": "1"}}},
            "More than half of the votes. Each group of members carries a fixed part of the decision.",
        ),
        ({"kind": "lazy", "rank": 1, "hours": 72}, "It changes when nobody objects within 72 hours."),
        ({"kind": "advice", "rank": 1}, "Whoever changes it asks everybody concerned for advice first."),
        ({"kind": "consent", "rank": 1, "circle": "tech"}, "The circle “tech” may change it when none of them objects."),
        ({"kind": "consent", "rank": 1}, "It may be changed when nobody objects."),
    ],
)
def test_who_may_change_a_rule(procedure, words):
    assert guard(procedure, RULES).replace("\u2068", "").replace("\u2069", "") == words


def test_the_delay_is_said_last():
    assert guard({**VOTE, "threshold": "1/2"}, RULES, 15).endswith("It takes effect 15 days later.")
    assert guard({**VOTE, "threshold": "1/2"}, RULES, 1).endswith("It takes effect 1 day later.")
    assert guard({**VOTE, "threshold": "1/2"}, RULES, 0).endswith("It takes effect at once.")
    assert "takes effect" not in guard({**VOTE, "threshold": "1/2"}, RULES)
