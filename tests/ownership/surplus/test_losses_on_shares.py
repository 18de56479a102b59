"""What neither reserve nor capital accounts bear of a loss comes off what members paid in, where their bylaws say so."""

import pytest
from django.db import DatabaseError, transaction

from tests.ownership.surplus.test_losses_shared import act, close, holds, lose, share_out, standing  # noqa: F401
from toadlane.money.ledger import queries as books
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.shares import services as register
from toadlane.ownership.shares.models import Movement
from toadlane.ownership.surplus import queries, services
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members

pytestmark = pytest.mark.django_db
CLASSES = [
    {"id": "member", "price": 1_000, "least": 1, "most": 20, "for": ["worker"], "transferable": True, "withdrawable": True}
]


@pytest.fixture
def hold(inside, later):
    """Three of the four members hold shares: one of ten euro, three, and one of which a quarter is paid."""

    def go(*held):
        now = later.replace(year=2029)
        rows = zip(members.register().order_by("pk"), held, strict=False)
        for number, (who, (count, unpaid)) in enumerate(rows):
            if not count:
                continue
            line = register.Brought(
                membership=who,
                share_class="member",
                shares=count,
                nominal_minor=1_000 * count,
                unpaid_minor=unpaid,
                on=now.date(),
            )
            legs = register.register.ledger
            postings = [legs.credit("3000", books_of(1_000 * count), holder=who.holder)]
            postings.append(legs.debit("1000", books_of(1_000 * count - unpaid)))
            if unpaid:
                postings.append(legs.debit("1300", books_of(unpaid), holder=who.holder))
            register.bring_in(
                lines=[line], postings=postings, key=f"hold:{number}:{len(shares.holdings())}", narration="x", subject="x:1",
                by=Principal.job(inside.pk), at=now,
            )  # fmt: skip

    return go


def books_of(minor):
    return shares.Money(minor, "EUR")


def held():
    return [(one.shares, one.nominal.minor, one.unpaid.minor) for one in shares.holdings()]


RULES = {"shares.classes": CLASSES, "surplus.losses_shares": True}


@pytest.mark.parametrize(
    ("lost", "is_borne", "left", "worth"),
    [
        # 20.00 in the reserve, 20.00 on each of four accounts: 100.00 are borne without any share.
        (10_000, True, 0, [1_000, 3_000, 1_000]),
        (10_004, True, 1, [999, 2_999, 999]),
        (10_004, False, 4, [1_000, 3_000, 1_000]),
        # A share is never worth nothing, and what was not paid in bears nothing.
        (10_000 + 4 * 500, True, 751, [500, 2_500, 751]),
        (10_000 + 4 * 9_000, True, 36_000 - 999 - 2_997 - 249, [1, 3, 751]),
    ],
)
def test_shares_bear_what_is_left_and_no_more_than_was_paid_in(lose, hold, board, act, lost, is_borne, left, worth):  # noqa: F811
    _people, now = lose(lost, "reserve_first", **RULES | {"surplus.losses_shares": is_borne})
    hold((1, 0), (3, 0), (1, 750))
    made = share_out(board, act, now)
    assert [nominal for _count, nominal, _unpaid in held()] == worth and standing()[2] == left == made.carried.minor
    assert [unpaid for _count, _nominal, unpaid in held()] == [0, 0, 750] and [count for count, *_ in held()] == [1, 3, 1]
    assert holds() == [] and shares.register_equals_ledger().faults == [] and -books.balance("3000", "EUR").minor == sum(worth)
    year = queries.year("2028")
    assert sum(one.loss_minor for one in queries.statements(year)) == min(lost, 10_000) - 2_000 + 5_000 - sum(worth)


def test_it_waits_for_a_decision_on_just_these_shares(lose, hold, board, act):  # noqa: F811
    _people, now = lose(10_400, "reserve_first", **RULES)
    hold((1, 0), (3, 0))
    made = services.propose_imputation(name="2028", by=board, at=now)
    # 1.00 for each of four, and two of them hold shares.
    assert made.capital and made.carried.minor == 200
    assert services.imputing.fault(made, made.hash) is None
    hold((0, 0), (0, 0), (1, 0))
    assert services.imputing.fault(made, made.hash) is not None


def test_who_is_repaid_after_a_loss_gets_what_is_left_to_the_cent(lose, hold, board, act, worker):  # noqa: F811
    """Three shares that bore 1.00 are worth 29.00: one goes for 9.66, and the two others for what is left."""
    _people, now = lose(10_400, "reserve_first", **RULES, **{"shares.withdrawal_limit": "1"})
    hold((1, 0), (3, 0))
    who = members.register().order_by("pk")[1]
    own = members.principal(person_id=who.person_id, channel=worker.channel)
    asked = register.ask_back(membership=who, share_class="member", shares=2, by=own, at=now)
    share_out(board, act, now)
    asked.refresh_from_db()
    assert asked.nominal_minor == 2_900 * 2 // 3
    (approved,) = register.approve_due(by=board, at=now)
    assert approved.amount.minor == 1_933 and [row[:2] for row in held()] == [(1, 900), (1, 967)]
    register.redeeming.queue_all(who, "left", by=board, at=now)
    assert sum(one.amount.minor for one in register.approve_due(by=board, at=now)) == 967
    assert shares.register_equals_ledger().faults == [] and shares.promised_equals_ledger().faults == []


def test_the_database_lets_no_share_bear_more_than_was_paid_in(lose, hold, act, at):  # noqa: F811
    lose(10_400, "reserve_first", **RULES)
    hold((1, 750))
    who = shares.holdings()[0]
    row = {
        "membership_id": who.membership_id, "share_class": "member", "shares": 0, "currency": "EUR", "rule_version": 1,
        "on": at.date(), "at": at, "by": "x", "kind": "lost",
    }  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.create(**row, key="a", nominal_minor=-250)
    with pytest.raises(register.NotEnoughShares):
        register.bear_loss(
            off={who.membership_id: {"member": 250}}, key="b", subject="x:1", narration="x", rule="", rule_version=1,
            by=Principal.job(act.coop_id), at=at,
        )  # fmt: skip
    Movement.objects.create(**row, key="c", nominal_minor=-249)
