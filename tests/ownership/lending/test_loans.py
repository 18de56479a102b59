"""A member lends: offered within the bylaws, agreed to by another, interest to the cent, and back when there is money for it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.conftest import browser, run_jobs
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.services import bouncing
from toadlane.ownership.lending import queries, services
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.ownership.lending.policies import terms as policy
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import outside

pytestmark = pytest.mark.django_db


def owed():
    return tuple(-books.balance(code, "EUR").minor for code in (queries.PRINCIPAL, queries.INTEREST))


def holds():
    checks = (queries.register_equals_ledger, books.checks()["ledger.zero_sums"])
    return [fault for check in checks for fault in check().faults]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"minor": 0}, policy.NothingLent), ({"minor": 100_001}, policy.BeyondTheCeiling), ({"minor": 100_000}, None),
        ({"interest": "0.05000001"}, policy.InterestTooHigh), ({"interest": "0.05"}, None), ({"interest": "0"}, None),
        ({"interest": "-0.01"}, policy.InterestTooHigh), ({"interest": "NaN"}, policy.InterestTooHigh),
        ({"months": 0}, policy.TermTooLong), ({"months": 61}, policy.TermTooLong), ({"months": 60}, None),
    ],
)  # fmt: skip
def test_it_is_offered_within_the_bylaws(offer, member, said, error):
    dana = member("Dana")
    if error is None:
        assert offer(dana, **said).state == "offered"
    else:
        with pytest.raises(error):
            offer(dana, **said)


def test_where_the_bylaws_do_not_say_how_much_nobody_lends(inside, member, at):
    membership, by = member("Dana")
    with pytest.raises(policy.NoLoans):
        services.offer(membership=membership, minor=1, interest=Decimal(0), months=1, key="x", by=by, at=at)
    page = browser(membership.person).get("/c/sparkle/loans/").content.decode()
    assert "no member may lend" in page and "Offer a loan" not in page


def test_all_that_one_member_has_lent_and_offered_counts_and_what_is_over_does_not(offer, member, board, at):
    dana, eli = member("Dana"), member("Eli")
    first = offer(dana, minor=60_000)
    assert offer(dana, minor=60_000).pk == first.pk, "asked again with the same key it is the same offer"
    with pytest.raises(policy.BeyondTheCeiling):
        offer(dana, minor=40_001, key="two")
    offer(dana, minor=40_000, key="two")
    offer(eli, minor=100_000)
    services.decline(loan=first, reason="Not now", by=board, at=at)
    assert offer(dana, minor=60_000, key="three").state == "offered"


def test_what_the_bylaws_no_longer_allow_is_not_agreed_to(offer, member, board, set_rules, at):
    made = offer(member("Dana"))
    set_rules(most_interest="0.03")
    with pytest.raises(policy.InterestTooHigh):
        services.agree(loan=made, by=board, at=at)


def test_nobody_agrees_to_their_own_loan_and_a_member_to_none(offer, member, board, second, worker, at):
    mine = next(one for one in board.memberships)
    own = offer((queries.members.register().get(pk=mine), board))
    for who in (board, worker):
        for deed in (services.agree, services.decline):
            with pytest.raises(Refused):
                deed(loan=own, by=who, at=at, **({"reason": "x"} if deed is services.decline else {}))
    with pytest.raises(services.ReasonNeeded):
        services.decline(loan=own, reason=" ", by=second, at=at)
    assert services.agree(loan=own, by=second, at=at).answered_by == second.person_id
    for deed in (services.agree, services.decline):
        with pytest.raises(services.WrongMoment):
            deed(loan=own, by=second, at=at, **({"reason": "x"} if deed is services.decline else {}))
    with pytest.raises(Refused):
        services.bring(loan=own, method="transfer", by=worker, at=at)


def test_only_a_transfer_or_cash_for_what_was_agreed_and_no_taking_back_once_it_is_on_its_way(offer, member, board, at):
    dana = member("Dana")
    made = offer(dana)
    with pytest.raises(services.WrongMoment):
        services.bring(loan=made, method="transfer", by=dana[1], at=at)
    services.agree(loan=made, by=board, at=at)
    with pytest.raises(services.WrongMoment):
        services.bring(loan=made, method="card", by=dana[1], at=at)
    once = services.bring(loan=made, method="transfer", by=dana[1], at=at)
    assert services.bring(loan=made, method="transfer", by=dana[1], at=at).pk == once.pk
    with pytest.raises(services.WrongMoment):
        services.withdraw(loan=made, by=dana[1], at=at)
    other = offer(dana, key="two")
    assert services.withdraw(loan=other, by=dana[1], at=at).state == "withdrawn" and owed() == (0, 0)


def test_it_runs_from_the_day_the_money_came_and_earns_to_the_cent_month_by_month(lend, member, job, at):
    """500.00 at 4 % from 1 March 2027: 30 days of March, then month by month, and never a cent of drift."""
    made = lend(member("Dana"))
    assert (made.state, made.received_on, made.ends_on) == ("running", date(2027, 3, 1), date(2028, 3, 1))
    assert owed() == (50_000, 0) and books.balance("2100", "EUR").minor == 0
    services.earn_due(by=job, at=at.replace(day=30))
    assert owed() == (50_000, 0), "the month is not over"
    for _ in range(2):
        services.earn_due(by=job, at=at.replace(day=31))
    assert owed() == (50_000, round(Fraction(50_000 * 4 * 30, 36_500)))
    for month, day in ((4, 30), (6, 30), (7, 30), (12, 31)):
        services.earn_due(by=job, at=at.replace(month=month, day=day))
    days = (date(2027, 12, 31) - date(2027, 3, 1)).days
    assert owed() == (50_000, round(Fraction(50_000 * 4 * days, 36_500)))
    lines = list(Movement.objects.filter(kind="earned").values_list("on", flat=True))
    assert lines == [date(2027, 3, 31), date(2027, 4, 30), date(2027, 6, 30), date(2027, 12, 31)]
    assert holds() == []


def test_what_the_co_op_cannot_do_without_waits_and_earns_and_the_oldest_goes_first(lend, member, job, at, send, spend):
    old, late = lend(member("Dana"), months=12), lend(member("Eli"), months=13)
    end = at.replace(year=2028)
    interest = round(Fraction(50_000 * 4 * 366, 36_500))
    spend(50_001 - interest, at)
    assert services.give_back_due(by=job, at=end) == 0, "a cent is missing"
    spend(-1, at)
    assert services.give_back_due(by=job, at=end) == 1
    assert [one.pk for one in queries.loans().filter(handed_over_at__isnull=False)] == [old.pk]
    # What is handed over is not there a second time.
    spend(-100_000, end)
    both = at.replace(year=2028, month=4)
    spend(50_000, both)
    assert services.give_back_due(by=job, at=both) == 0
    send(old, both, most=1)
    assert holds() == [], "the bank has sent a part, and the register hears of it later"
    services.note_sent(by=job, at=both)
    assert Loan.objects.get(pk=old.pk).state == "running"
    send(old, both)
    assert holds() == []
    with outside():
        run_jobs()
    old.refresh_from_db()
    assert (old.state, old.repaid_at) == ("repaid", both) and holds() == []
    spend(-50_000, both)
    assert services.give_back_due(by=job, at=both) == 1
    late.refresh_from_db()
    send(late, both)
    services.note_sent(by=job, at=both)
    assert owed() == (0, 0) and holds() == []
    whole = round(Fraction(50_000 * 4 * (date(2028, 4, 1) - date(2027, 3, 1)).days, 36_500))
    assert -Movement.objects.get(loan=late, kind="repaid").interest_minor == whole


def test_a_loan_without_interest_goes_back_as_it_came(lend, member, job, at, send, spend):
    made = lend(member("Dana"), interest="0", months=1)
    end = at.replace(month=4)
    assert services.give_back_due(by=job, at=end) == 1
    assert [one.code for one in payments.payouts().filter(subject=made.subject)] == ["2500"]
    send(made, end)
    services.note_sent(by=job, at=end)
    assert [one.kind for one in made.movements.all()] == ["lent", "repaid"] and owed() == (0, 0) and holds() == []


def test_the_database_keeps_the_register(lend, member, at):
    made = lend(member("Dana"))
    line, loan = Movement.objects.filter(loan=made), Loan.objects.filter(pk=made.pk)
    about = {"loan": made, "on": at.date(), "at": at, "by": "x"}
    for deed in (
        lambda: line.update(principal_minor=1), line.delete, loan.delete, lambda: loan.update(principal_minor=1),
        lambda: loan.update(state="agreed"), lambda: loan.update(ends_on=date(2030, 1, 1)), lambda: loan.update(answered_by=0),
        lambda: loan.update(state="repaid"),
        lambda: Movement.objects.create(**about, key="a", kind="repaid", principal_minor=-50_001),
        lambda: Movement.objects.create(**about, key="b", kind="repaid", principal_minor=-1, interest_minor=-1),
        lambda: Movement.objects.create(**about, key="c", kind="lent", principal_minor=1),
        lambda: Movement.objects.create(**about, key="d", kind="earned", interest_minor=0),
    ):  # fmt: skip
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            deed()
    Movement.objects.create(**about, key="e", kind="repaid", principal_minor=-50_000)
    assert queries.register_equals_ledger().faults == [f"2500 of {made.membership.holder}: the register says 0, the books 50000"]


def test_pages_and_the_api_from_offer_to_statement(lends, member, bob, alice, charlie, at):
    dana, _by = member("Dana")
    me, office = browser(dana.person), browser(bob)
    assert me.post("/c/sparkle/loans/", {"amount": "2000", "interest": "4", "months": "12", "key": "k"}).status_code == 422
    assert me.post("/c/sparkle/loans/", {"amount": "500,00", "interest": "4,25", "months": "12", "key": "k"}).status_code == 302
    pk = Loan.objects.get().pk
    page, api = f"/c/sparkle/loans/{pk}/", f"/api/v1/coops/sparkle/loans/{pk}"
    for who in (alice, charlie):
        assert browser(who).get(page).status_code == 404
        assert browser(who).get(api).status_code in (403, 404)
        assert browser(who).post(f"{page}answer/", {"deed": "agree"}).status_code == 404
    assert pk not in [one["id"] for one in browser(alice).get("/api/v1/coops/sparkle/loans").json()["items"]]
    assert me.post(f"{page}answer/", {"deed": "agree"}).status_code in (302, 403) and Loan.objects.get().state == "offered"
    assert "A member offers a loan" in office.get("/c/sparkle/members/desk/").content.decode()
    assert office.post(f"{page}answer/", {"deed": "decline", "reason": ""}).status_code == 422
    assert office.post(f"{page}answer/", {"deed": "agree"}).status_code == 302
    assert "Bring the money" in me.get(page).content.decode()
    brought = me.post(f"{api}/bring", {"method": "transfer"}, "application/json")
    assert brought.status_code == 201 and brought.json()["amount_minor"] == 50_000
    assert brought.json()["reference"] in me.get(page).content.decode()
    told = office.get(api).json()
    assert (told["state"], told["interest"], told["owed_minor"], told["movements"]) == ("agreed", "0.0425", 0, [])
    assert me.get(f"/c/sparkle/loans/{pk}.pdf").content.startswith(b"%PDF")
    assert me.get(f"{api}/pdf").content == me.get(f"/c/sparkle/loans/{pk}.pdf").content
    assert office.get("/c/sparkle/loans/").status_code == 200
    said = {"membership": dana.pk, "amount_minor": 1, "interest": "0", "months": 1}
    made = me.post("/api/v1/coops/sparkle/loans", said, "application/json")
    other = f"/api/v1/coops/sparkle/loans/{made.json()['id']}"
    assert office.post(f"{other}/decline", {"reason": "Too small"}, "application/json").json()["reason"] == "Too small"
    assert me.post(f"{other}/withdraw", content_type="application/json").status_code == 409


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_loan_that_the_lenders_bank_sends_back_is_owed_again_and_goes_out_again(
    lend, member, job, at, send, spend, board, which
):
    """Of principal and interest the one, the other or both come back, and later once more."""
    loan = lend(member("Dana"))
    spend(-100_000, at)
    over = at + timedelta(days=370)
    services.give_back_due(by=job, at=over)
    send(loan, over)
    services.note_sent(by=job, at=over)
    assert queries.register_equals_ledger().faults == [] and queries.loan(loan.pk).state == "repaid"
    whole = {one.code: one.amount_minor for one in payments.payouts().filter(subject=loan.subject)}
    bank = Principal.job(job.coop_id, "bank")
    for turn in (1, 2):
        gone = list(payments.payouts().filter(subject=loan.subject).order_by("code"))
        came = gone if which == 2 else gone[which : which + 1]
        when = over + timedelta(days=turn)
        for one in came:
            assert bouncing.payout_came_back(payout=one, by=bank, at=when)
        for _ in range(2):
            services.note_came_back(subject=loan.subject, by=job, at=when)
        stood = queries.standings([queries.loan(loan.pk)])[loan.pk]
        back = {one.code: whole[one.code] for one in came}
        assert (stood.principal.minor, stood.interest.minor) == (back.get("2500", 0), back.get("2510", 0))
        assert queries.loan(loan.pk).state == "running" and queries.register_equals_ledger().faults == []
        # It earns nothing meanwhile, is not handed over a second time, and is not given back twice.
        services.earn_due(by=job, at=when + timedelta(days=90))
        assert services.give_back_due(by=job, at=when + timedelta(days=90)) == 0
        assert payments.payouts().filter(subject=loan.subject).count() == 2
        send(loan, when)
        for _ in range(2):
            services.note_sent(by=job, at=when)
        assert queries.loan(loan.pk).state == "repaid" and queries.register_equals_ledger().faults == []
        assert owed() == (0, 0)
    kinds = [one.kind for one in loan.movements.all()]
    assert kinds[-4:] == ["bounced", "repaid"] * 2
    services.note_came_back(subject="order:1", by=job, at=over)
    services.note_came_back(subject=loan.subject, by=job, at=over)
    assert loan.movements.count() == len(kinds)


def test_the_database_lets_no_repaid_loan_be_handed_over_anew(lend, member, job, at, send, spend):
    loan = lend(member("Dana"))
    spend(-100_000, at)
    over = at + timedelta(days=370)
    services.give_back_due(by=job, at=over)
    send(loan, over)
    services.note_sent(by=job, at=over)
    for change in ({"state": "agreed", "repaid_at": None}, {"state": "running", "repaid_at": None, "handed_over_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Loan.objects.filter(pk=loan.pk).update(**change)
