"""Money leaves on a passed decision, by two people, and never more than was decided; or below a limit, and in sight."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import browser
from tests.money.funds.conftest import euro, rule, spend
from toadlane.democracy.proposals.services import CannotBeDecided
from toadlane.money.funds import queries, services
from toadlane.money.funds.models import Approval, Disbursement, Expense
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry, Posting
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import services as bylaws
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money")]
LIMITS = {"officers__spending_limit": 10_000, "officers__spending_month": 15_000}


def test_an_account_that_is_none_is_refused_where_it_is_typed(bought):
    for said in ("my usual one", "IE29 AIBK 9311 5212 3456 79", "=1+1", "4242 4242 4242 4242"):
        with pytest.raises(services.NotAnAccount) as refused:
            bought(payee_account=said)
        assert refused.value.field == "payee_account"
    assert bought(payee_account=" ie29aibk93115212345678 ").payee_account == "IE29AIBK93115212345678"
    assert bought(payee_account=" ").payee_account == "", "whoever is known to the officers may leave it out"


def test_an_expense_without_its_passed_proposal_is_not_paid(bought, dora):
    expense = bought()
    with pytest.raises(services.NotDecided):
        services.prepare(expense=expense, key="k", by=dora, at=expense.claimed_at)
    assert not Disbursement.objects.exists() and books.balance("1000", "EUR").minor == 500_000


@pytest.mark.parametrize("state", ["rejected", "void", "expired"])
def test_a_proposal_that_did_not_pass_lets_nothing_be_spent(approved, state):
    assert approved(state=state) is None and not Approval.objects.exists()


def test_a_decided_expense_is_paid_by_two_and_the_books_name_the_decision(approved, bought, paid, at):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, approval=approval)
    made = paid(expense, when)
    expense.refresh_from_db()
    assert (expense.state, made.amount_minor) == ("paid", 12_000) and made.paid_by_id != made.prepared_by_id
    entry = JournalEntry.objects.get(subject=expense.subject)
    assert entry.narration == f"Decision {approval.decision.name}: A phone"
    assert books.balance("6600", "EUR").minor == 12_000 and books.balance("1000", "EUR").minor == 488_000
    named = queries.named([str(expense.pk)], None)[str(expense.pk)]
    assert approval.decision.name in named.label
    assert queries.paid_by_decision().looked_at == 1 and not queries.paid_by_decision().faults


def test_one_person_alone_pays_nothing_and_nobody_pays_themselves(approved, bought, dora, emil, worker):
    approval = approved()
    when = approval.approved_at
    prepared = services.prepare(expense=bought(when=when, approval=approval), key="k", by=dora, at=when)
    with pytest.raises(services.SecondPersonNeeded):
        services.pay(disbursement=prepared, by=dora, at=when)
    with pytest.raises(Refused):
        services.pay(disbursement=prepared, by=worker, at=when)
    own = bought(2_000, by=emil, when=when, approval=approval, payee="Emil")
    for_emil = services.prepare(expense=own, key="k2", by=dora, at=when)
    with pytest.raises(services.OwnExpense):
        services.pay(disbursement=for_emil, by=emil, at=when)
    assert not JournalEntry.objects.filter(subject=own.subject).exists()


@pytest.mark.parametrize(("second", "fits"), [(28_000, True), (28_001, False)])
def test_no_more_is_paid_than_was_decided_all_together(approved, bought, paid, dora, second, fits):
    """400.00 were decided, 120.00 are paid: 280.00 are left, to the cent."""
    approval = approved()
    when = approval.approved_at
    paid(bought(when=when, approval=approval), when)
    if fits:
        paid(bought(second, when=when, approval=approval), when)
        assert queries.remaining(approval) == 0
    else:
        with pytest.raises(services.OverDecided):
            bought(second, when=when, approval=approval)


def test_two_expenses_at_once_share_what_was_decided(approved, bought, dora):
    """Each alone would fit. What is prepared counts as paid."""
    approval = approved()
    when = approval.approved_at
    one, two = bought(30_000, when=when, approval=approval), bought(30_000, when=when, approval=approval)
    services.prepare(expense=one, key="1", by=dora, at=when)
    with pytest.raises(services.OverDecided):
        services.prepare(expense=two, key="2", by=dora, at=when)


def test_pressed_twice_it_is_paid_once(approved, bought, dora, emil):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, approval=approval)
    first = services.prepare(expense=expense, key="k", by=dora, at=when)
    assert services.prepare(expense=expense, key="k", by=dora, at=when).pk == first.pk
    with pytest.raises(services.OneByOne):
        services.prepare(expense=expense, key="other", by=dora, at=when)
    for _ in range(2):
        assert services.pay(disbursement=first, by=emil, at=when).paid_at == when
    assert JournalEntry.objects.filter(subject=expense.subject).count() == 1
    with pytest.raises(services.NotOpen):
        services.prepare(expense=expense, key="later", by=dora, at=when)


def test_what_was_dropped_is_not_paid_and_can_be_prepared_again(approved, bought, dora, emil):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, approval=approval)
    first = services.prepare(expense=expense, key="1", by=dora, at=when)
    services.drop(disbursement=first, by=emil, at=when)
    with pytest.raises(services.NotOpen):
        services.pay(disbursement=first, by=emil, at=when)
    assert services.prepare(expense=expense, key="2", by=dora, at=when).pk != first.pk


# --- in advance


@pytest.mark.parametrize(("minor", "fits"), [(6_000, True), (6_001, False)])
def test_at_most_half_is_paid_before_there_is_a_receipt(approved, bought, dora, minor, fits):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, receipt=False, approval=approval)
    if fits:
        assert services.prepare(expense=expense, advance=euro(minor), key="k", by=dora, at=when).is_advance
    else:
        with pytest.raises(services.TooMuchInAdvance):
            services.prepare(expense=expense, advance=euro(minor), key="k", by=dora, at=when)


def test_the_rest_waits_for_the_receipt_and_the_advance_comes_off(approved, bought, paid, dora, worker):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, receipt=False, approval=approval)
    paid(expense, when, key="a", advance=euro(5_000))
    assert books.balance("1220", "EUR", holder=expense.subject).minor == 5_000 and books.balance("6600", "EUR").minor == 0
    with pytest.raises(services.NoReceipt):
        services.prepare(expense=expense, key="b", by=dora, at=when)
    services.add_receipt(expense=Expense.objects.get(), file=ContentFile(b"%PDF-1.4"), name="r.pdf", by=worker, at=when)
    assert paid(expense, when, key="b").amount_minor == 7_000
    assert books.balance("1220", "EUR").minor == 0 and books.balance("6600", "EUR").minor == 12_000
    assert books.balance("1000", "EUR").minor == 488_000


def test_what_was_advanced_and_not_needed_comes_back(approved, bought, paid, dora, worker):
    approval = approved()
    when = approval.approved_at
    expense = bought(when=when, approval=approval)
    paid(expense, when, advance=euro(5_000))
    expense.refresh_from_db()
    services.correct(expense=expense, amount=euro(4_000), by=worker, at=when)
    expense.refresh_from_db()
    assert services.settle(expense=expense, by=dora, at=when).state == "paid"
    assert services.settle(expense=expense, by=dora, at=when).state == "paid"
    assert (books.balance("6600", "EUR").minor, books.balance("1220", "EUR").minor) == (4_000, 1_000)
    for _ in range(2):
        services.take_back(expense=expense, amount=euro(1_000), key="back", by=dora, at=when)
    assert books.balance("1220", "EUR").minor == 0 and books.balance("1000", "EUR").minor == 496_000
    with pytest.raises(services.NothingAdvanced):
        services.take_back(expense=expense, amount=euro(1), key="more", by=dora, at=when)


def test_nothing_is_advanced_without_a_decision(inside, bought, dora, at):
    rule(**LIMITS)
    with pytest.raises(services.NotDecided):
        services.prepare(expense=bought(8_000, receipt=False), advance=euro(100), key="k", by=dora, at=at)


# --- below the officers' limit


@pytest.mark.parametrize(("minor", "fits"), [(10_000, True), (10_001, False)])
def test_below_their_limit_officers_pay_without_a_vote_and_everybody_sees_it(bought, paid, dora, at, minor, fits):
    rule(**LIMITS)
    expense = bought(minor)
    if not fits:
        with pytest.raises(services.NotDecided):
            services.prepare(expense=expense, key="k", by=dora, at=at)
        return
    made = paid(expense)
    assert (made.limit_minor, made.rule_version, made.approval_id) == (10_000, 2, None)
    posting = Posting.objects.get(entry__subject=expense.subject, account__code="6600")
    assert (posting.rule, posting.rule_version) == ("officers.spending_limit", 2)
    told = Client().get("/api/v1/coops/sparkle/spending/without-a-vote").json()["items"]
    assert [(one["amount"]["minor"], one["prepared_by"], one["paid_by"]) for one in told] == [(10_000, "Dora", "Emil")]
    page = Client().get("/c/sparkle/spending/").content.decode()
    assert "A phone" in page and "Dora and Emil" in page and "IE29" not in page
    assert not queries.paid_by_decision().faults


@pytest.mark.parametrize(("second", "fits"), [(5_000, True), (5_001, False)])
def test_many_small_things_do_not_make_a_large_one(bought, paid, dora, at, second, fits):
    rule(**LIMITS)
    paid(bought(10_000))
    if fits:
        paid(bought(second))
    else:
        with pytest.raises(services.OverMonth):
            services.prepare(expense=bought(second), key="k", by=dora, at=at)
    # A new month is a new month; the last hour of the old one is not.
    late = at.replace(day=31, hour=23, minute=59)
    with pytest.raises(services.OverMonth):
        services.prepare(expense=bought(5_001, when=late), key="late", by=dora, at=late)
    services.prepare(expense=bought(10_000, when=late), key="new", by=dora, at=late + timedelta(hours=1))


def test_a_fund_is_spent_by_decision_only_and_on_its_purpose(inside, approved, bought, paid, at):
    with pytest.raises(CannotBeDecided) as refused:
        approved(source="2150")
    assert refused.value.code_of_fault == "fund_too_small"
    ledger.post(
        key="fund", narration="Paid in", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("6400", euro(40_000)), ledger.credit("2150", euro(40_000))],
    )  # fmt: skip
    approval = approved(source="2150")
    paid(bought(when=approval.approved_at, approval=approval), approval.approved_at)
    assert books.balance("2150", "EUR").minor == -28_000 and books.balance("6600", "EUR").minor == 0
    assert queries.fund_left("2150", "EUR").minor == 0, "the rest of what was decided is spoken for"
    when, moment = approval.approved_at, timedelta(microseconds=1)
    assert [one.amount_minor for one in queries.paid_from_funds(when, when + moment, "EUR")] == [12_000]
    assert not queries.paid_from_funds(when - moment, when, "EUR") and not queries.paid_from_funds(when, when + moment, "USD")


def test_money_that_belongs_to_others_is_not_spent(inside, approved, bought, dora, emil, at):
    approval = approved()
    when = approval.approved_at
    prepared = services.prepare(expense=bought(when=when, approval=approval), key="k", by=dora, at=when)
    held = 500_000 - 12_000 + 1
    ledger.post(
        key="taken", narration="Held", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("4000", euro(held)), ledger.credit("2100", euro(held))],
    )  # fmt: skip
    with pytest.raises(services.BelongsToOthers):
        services.pay(disbursement=prepared, by=emil, at=when)
    ledger.post(
        key="one cent", narration="Done", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("2100", euro(1)), ledger.credit("4000", euro(1))],
    )  # fmt: skip
    assert services.pay(disbursement=prepared, by=emil, at=when).paid_at


def test_guardians_can_hold_a_payment_back(inside, approved, bought, dora, emil):
    approval = approved()
    when = approval.approved_at
    prepared = services.prepare(expense=bought(when=when, approval=approval), key="k", by=dora, at=when)
    guardian = Principal.job(inside.pk, "guardians")
    bylaws.halt(action="payouts.batch", cause="x", reasons="The account is not hers.", signed_by=[1], by=guardian, at=when)
    with pytest.raises(bylaws.Halted):
        services.pay(disbursement=prepared, by=emil, at=when)
    assert services.pay(disbursement=prepared, by=emil, at=when + timedelta(hours=73)).paid_at


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_what_may_be_spent_until_a_day_may_be_on_that_day(approved, bought, dora, at, days, allowed):
    until = (at + timedelta(days=90)).date()
    approval = approved(until=until.isoformat())
    when = (at + timedelta(days=90 + days)).replace(hour=12)
    expense = bought(when=approval.approved_at, approval=approval)
    if allowed:
        assert services.prepare(expense=expense, key="k", by=dora, at=when)
    else:
        with pytest.raises(services.NotDecided):
            services.prepare(expense=expense, key="k", by=dora, at=when)


def test_whom_the_members_decided_to_pay_is_paid_and_nobody_else(approved, bought):
    approval = approved(payee="Acme Ltd")
    when = approval.approved_at
    with pytest.raises(services.PayeeDiffers):
        bought(when=when, approval=approval)
    assert bought(when=when, approval=approval, payee="ACME LTD ").approval_id == approval.pk


def test_an_expense_is_put_to_the_vote_and_rests_on_the_decision_when_it_passes(bought, worker, decided, job, at):
    from toadlane.democracy.proposals import services as proposals

    expense = bought()
    draft = services.ask_members(expense=expense, by=worker, at=at)
    decision = decided(proposals.bring_draft(draft=draft, by=worker, at=at))
    proposals.enact_due(by=job, at=decision.enactment.due_at + timedelta(seconds=1))
    expense.refresh_from_db()
    assert expense.approval.decision_id == decision.pk and expense.approval.amount_minor == 12_000
    assert services.approve(terms=decision.contents[0]["payload"], decision=decision.name,
                            by=Principal.job(expense.coop_id, "enactment"), at=at).pk == expense.approval_id  # fmt: skip
    with pytest.raises(services.Decided):
        services.ask_members(expense=expense, by=worker, at=at)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"amount": 0}, "not_an_amount"), ({"amount": "12"}, "unreadable"), ({"amount": True}, "unreadable"),
     ({"source": "3100"}, "no_such_source"), ({"purpose": " "}, "no_purpose"), ({"currency": "USD"}, "other_currency"),
     ({"until": "2026-01-01"}, "over"), ({"until": "soon"}, "unreadable"), ({"expense": 99}, "no_such_expense")],
)  # fmt: skip
def test_what_cannot_be_spent_cannot_be_proposed(idea, more, code):
    with pytest.raises(CannotBeDecided) as refused:
        idea(spend(**more), title="x")
    assert refused.value.code_of_fault == code


# --- who sees and does what


def test_who_reads_what(approved, bought, paid, worker, alice, charlie, dora, at):
    approval = approved()
    expense = bought(when=approval.approved_at, approval=approval)
    treasurer = Person.objects.get(pk=dora.person_id)
    carla = officer_less(worker.coop_id, at)
    api = f"/api/v1/coops/sparkle/spending/expenses/{expense.number}"
    for person, closely in ((alice, True), (treasurer, True), (carla, False)):
        told = browser(person).get(api).json()
        assert bool(told["payee_account"]) == bool(told["receipts"]) == closely
    pk = queries.receipts(expense)[0].pk
    assert [browser(one).get(f"/c/sparkle/media/documents/{pk}/").status_code for one in (alice, treasurer, carla)] == [
        200,
        200,
        404,
    ]
    for other in (Client(), browser(charlie)):
        assert other.get(api).status_code in (401, 404)
        assert other.get(f"/c/sparkle/spending/expenses/{expense.number}/").status_code in (302, 404)
    assert browser(charlie).get(f"/api/v1/coops/wheels/spending/expenses/{expense.number}").status_code == 404


def officer_less(coop_id, at):
    from toadlane.society.members import services as joining

    person = Person.objects.create(email="carla@sparkle.test", name="Carla")
    joining.admit(person=person, member_class="worker", by=Principal.job(coop_id, "founder", "board"), at=at)
    return person


def test_charlie_next_door_sees_and_pays_nothing(inside, wheels, approved, bought, dora, charlie, at):
    approval = approved()
    when = approval.approved_at
    prepared = services.prepare(expense=bought(when=when, approval=approval), key="k", by=dora, at=when)
    with scope(wheels.pk):
        stranger = members.principal(person_id=charlie.pk, channel=Channel.WEB)
        assert queries.expense(1) is None and queries.disbursement(prepared.pk) is None
        with pytest.raises(Refused):
            services.pay(disbursement=prepared, by=stranger, at=when)
    assert queries.paid_by_decision().looked_at == 0


def test_a_list_costs_the_same_however_long_it_is(bought, dora):
    client = browser(Person.objects.get(pk=dora.person_id))

    def asked(path):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    for path in ("/c/sparkle/spending/expenses/", "/api/v1/coops/sparkle/spending/expenses"):
        bought(receipt=False)
        asked(path)
        few = asked(path)
        for _ in range(5):
            bought(receipt=False)
        assert asked(path) == few
