"""The database keeps the limit of a line of credit by itself: no posting goes beyond it, with a promise or without one."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from tests.money.payments.test_races import at_once
from tests.trade.orders.street import LIMIT, Street, euro
from toadlane.kernel import ids
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import CreditHold, CreditLine, Payment, Refund
from toadlane.money.payments.queries import credit
from toadlane.money.payments.services.outcomes import _book_capture
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws

pytestmark = pytest.mark.django_db
BEYOND = "more credit than the member may spend"


@pytest.fixture
def street(at, day):
    found = Street(at, day)
    with scope(found.coop.pk):
        yield found


def line(who, limit=LIMIT):
    version = bylaws.book().number
    return CreditLine.objects.create(holder=who.membership.holder, currency="EUR", limit_minor=limit, rule_version=version)


def move(street, minor, who=None, to=None, key="raw", **more):
    """Post past every service, as a mistake of ours would."""
    who, to = who or street.jon, to or street.hana
    legs = [Leg("2170", euro(minor), holder=who.membership.holder), Leg("2170", euro(-minor), holder=to.membership.holder)]
    at, by = street.at, Principal.job(street.coop.pk)
    return ledger.post(**{"key": key, "narration": "Moved", "postings": legs, "by": by, "at": at} | more)


def refused(street, minor, **more):
    with pytest.raises(DatabaseError, match=BEYOND), transaction.atomic():
        move(street, minor, **more)


def test_the_limit_is_reached_and_no_cent_more(street):
    line(street.jon)
    refused(street, LIMIT + 1)
    move(street, LIMIT)
    refused(street, 1, key="one more")
    assert street.stands(street.jon).balance == euro(-LIMIT) and JournalEntry.objects.filter(narration="Moved").count() == 1
    street.holds_together()


def test_in_steps_and_over_a_seal_it_is_the_same_limit(street):
    line(street.jon)
    move(street, LIMIT - 1, key="a")
    ledger.seal(by=Principal.job(street.coop.pk), at=street.at)
    refused(street, 2, key="b")
    move(street, 1, key="c")
    street.holds_together()


def test_whoever_has_no_line_has_no_limit_to_go_to(street):
    refused(street, 1)
    line(street.jon, limit=0)
    refused(street, 1)
    line(street.hana)
    move(street, 500, who=street.hana, to=street.jon, key="earned")
    refused(street, 501, key="too much")
    move(street, 500, key="spent")


def test_what_is_held_is_not_there_for_a_posting(street):
    street.place(street.jon)  # Holds 120.00 of 200.00.
    refused(street, LIMIT - 12_000 + 1)
    move(street, LIMIT - 12_000)
    refused(street, 1, key="more")
    street.holds_together()


def test_a_member_of_one_line_takes_nothing_from_the_line_of_another(wheels, street):
    line(street.ines)
    refused(street, 1)
    with scope(wheels.pk):
        CreditLine.objects.create(holder=street.jon.membership.holder, currency="EUR", limit_minor=LIMIT)
    refused(street, 1)
    CreditLine.objects.create(holder=street.jon.membership.holder, currency="USD", limit_minor=LIMIT)
    refused(street, 1)


def test_two_sides_of_one_entry_count_together(street):
    line(street.jon)
    jon, hana = street.jon.membership.holder, street.hana.membership.holder
    twice = [Leg("2170", euro(LIMIT), holder=jon), Leg("2170", euro(1), holder=jon), Leg("2170", euro(-LIMIT - 1), holder=hana)]
    refused(street, LIMIT, postings=twice)
    there_and_back = [Leg("2170", euro(LIMIT + 1), holder=jon), Leg("2170", euro(-LIMIT - 1), holder=jon)]
    move(street, 1, postings=there_and_back)
    assert not street.stands(street.jon).balance


def test_a_promise_is_kept_though_the_limit_was_voted_down(street):
    placed = street.place(street.jon)
    CreditLine.objects.update(limit_minor=0)
    street.take_on(placed, street.hana)
    assert street.stands(street.jon).balance == euro(-12_000) and not CreditLine.objects.get().held_minor
    refused(street, 1)


def test_a_promise_is_taken_once_and_not_for_more_than_it_is(street):
    placed = street.place(street.jon)
    payment, key = placed.payment, f"payment:{placed.payment.pk}:captured"
    CreditLine.objects.update(limit_minor=12_000)
    refused(street, 12_001, key=key, subject=payment.subject)
    refused(street, 12_000, key=key, subject="checkout:another")
    refused(street, 12_000, key=f"{key}:again", subject=payment.subject)
    refused(street, 12_000, key=key, subject=payment.subject, who=street.ines)
    CreditHold.objects.update(state="let_go")
    refused(street, 12_000, key=key, subject=payment.subject)


def test_what_was_taken_cannot_be_taken_again_under_its_key(street):
    placed = street.place(street.jon)
    street.take_on(placed, street.hana)
    payment, jobs = Payment.objects.get(), Principal.job(street.coop.pk)
    _book_capture(payment, by=jobs, at=street.at)
    assert street.stands(street.jon).balance == euro(-12_000), "the same key moves nothing twice"


def test_only_a_refund_that_was_given_takes_a_seller_below(street):
    order = street.done(street.take_on(street.place(street.jon), street.hana))
    payment = Payment.objects.get()
    made = Refund.objects.create(id=ids.new(), payment=payment, key="r", amount_minor=20_000, asked_by="x", asked_at=street.at)
    back = {"who": street.hana, "to": street.jon, "key": f"refund:{made.pk}", "subject": payment.subject}
    refused(street, 20_000, **back)  # Asked for, and not given.
    Refund.objects.filter(pk=made.pk).update(state="done", settled_at=street.at)
    refused(street, 20_001, **back)
    refused(street, 20_000, **back | {"subject": "order:0"})
    refused(street, 20_000, **back | {"key": f"refund:{made.pk}:more"})
    Payment.objects.update(method="card")
    refused(street, 20_000, **back)
    Payment.objects.update(method="credit")
    move(street, 20_000, **back)
    assert street.stands(street.hana).balance == euro(10_800 - 20_000) and order.state == "released"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite judges entry by entry")
def test_two_entries_of_one_statement_are_judged_together(street):
    """Each of them would be within the limit: what no service of ours does, and whoever types SQL can do."""
    line(street.jon)
    move(street, 1)
    columns = "coop_id, posted_at, position, account_id, holder, minor, purpose, rule"
    bulk = f"""
    WITH made AS (
      INSERT INTO ledger_journalentry (id, coop_id, key, intent, digest, narration, subject, posted_by, posted_at)
      SELECT gen_random_uuid(), coop_id, 'bulk' || n, intent, digest, narration, subject, posted_by, posted_at
      FROM ledger_journalentry CROSS JOIN generate_series(1, %s) n WHERE key = 'raw' RETURNING id)
    INSERT INTO ledger_posting (entry_id, {columns})
    SELECT made.id, coop_id, posted_at, position, account_id, holder, minor * %s, purpose, rule
    FROM made CROSS JOIN ledger_posting p WHERE p.entry_id = (SELECT id FROM ledger_journalentry WHERE key = 'raw')"""
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match=BEYOND), transaction.atomic():
            cursor.execute(bulk, [2, LIMIT // 2])
        cursor.execute(bulk, [1, LIMIT // 2])


def test_the_line_says_a_limit_that_the_members_voted(street):
    street.place(street.jon)
    assert not credit.held_as_promised().faults
    CreditLine.objects.update(limit_minor=F("limit_minor") + 1)
    assert "no version of the bylaws says so" in credit.held_as_promised().faults[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_line", [True, False])
def test_many_who_post_at_once_do_not_pass_together(at, day, has_line):
    street = Street(at, day)
    with scope(street.coop.pk):
        if has_line:
            line(street.jon)
        came = at_once(*[lambda n=n: move(street, LIMIT // 2 - 1, key=f"k{n}") for n in range(5)])
        told = [one for one in came if isinstance(one, DatabaseError)]
        assert len(told) == (3 if has_line else 5) and all(BEYOND in str(one) for one in told)
        assert street.stands(street.jon).balance == euro(-(LIMIT // 2 - 1) * 2 if has_line else 0)


@pytest.mark.django_db(transaction=True)
def test_a_promise_and_a_posting_at_once_do_not_pass_together(at, day):
    street = Street(at, day)
    with scope(street.coop.pk):
        holder, by = street.jon.membership.holder, street.by(street.jon)
        street.at = at + timedelta(minutes=1)
        for turn in range(3):
            if not CreditLine.objects.filter(holder=holder).exists():
                line(street.jon)
                line(street.hana)
            subject = f"checkout:{ids.new()}"
            begun = payments.begin(subject=subject, amount=euro(12_000), method="credit", key=f"c{turn}", by=by, at=at)
            own = payments.OwnCredit(holder)
            came = at_once(
                lambda begun=begun, own=own: payments.authorise(payment=begun, instrument=own, by=by, at=at).state,
                lambda turn=turn: move(street, 12_000, key=f"k{turn}"),
            )
            stands = street.stands(street.jon)
            assert stands.balance - stands.held == euro(-12_000), came
            if stands.held:
                payments.void(payment=Payment.objects.get(pk=begun.pk), by=Principal.job(street.coop.pk), at=at)
            else:
                move(street, 12_000, who=street.hana, to=street.jon, key=f"back{turn}")


@pytest.mark.django_db(transaction=True)
def test_two_sellers_given_back_from_both_sides_wait_for_nobody(at, day):
    """Entries over two lines lock them in one order: neither waits for the other."""
    street = Street(at, day)
    with scope(street.coop.pk):
        line(street.jon), line(street.ines)
        jon, ines, hana = (who.membership.holder for who in (street.jon, street.ines, street.hana))

        def both(n):
            first, second = (jon, ines) if n % 2 else (ines, jon)
            legs = [
                Leg("2170", euro(100), holder=first),
                Leg("2170", euro(100), holder=second),
                Leg("2170", euro(-200), holder=hana),
            ]
            return move(street, 1, postings=legs, key=f"k{n}")

        came = at_once(*[lambda n=n: both(n) for n in range(6)])
        assert not [one for one in came if isinstance(one, Exception)], came
        assert books.balance("2170", "EUR", jon) == books.balance("2170", "EUR", ines) == euro(600)
