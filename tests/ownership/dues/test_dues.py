"""Dues are charged once, paid in parts, waived with a reason, and whoever is late is late on one day and not before."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import SIMPLE, propose
from tests.democracy.ballots.conftest import rules as procedures
from tests.money.payments.cards import card, euro
from toadlane.democracy.ballots import services as ballots
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.ownership.dues import queries, services, tasks
from toadlane.ownership.dues.models import Choice, Claim, Remittance
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.members import queries as members
from toadlane.society.members import services as memberships
from toadlane.society.messaging.models import Notice

pytestmark = pytest.mark.django_db
REAL = pytest.mark.django_db(transaction=True)  # Cards and jobs are asked outside of any transaction.


def balances(*codes):
    return tuple(books.balance(code, "EUR").minor for code in codes)


def agree():
    return queries.claims_equal_ledger().faults == []


def owed(who):
    return queries.left_of([who[0].pk]).minor


def again(who):
    who[0].refresh_from_db()
    return who[0]


def test_nobody_owes_anything_where_the_bylaws_ask_nothing(member, job, at):
    member("Dana")
    assert services.charge_due(by=job, at=at) == 0 and not Claim.objects.exists()


def test_everybody_is_charged_once_a_period(dues, member, job, at):
    member("Dana")
    assert services.charge_due(by=job, at=at) == 3, "Bob, Alice and Dana"
    assert services.charge_due(by=job, at=at + timedelta(days=9)) == 0
    assert balances("1230", "4200") == (3000, -3000) and agree()
    claim = queries.claims()[0]
    assert (claim.period, claim.due_on, claim.amount) == ("2027-03", date(2027, 3, 15), euro(1000))
    assert services.charge_due(by=job, at=at + timedelta(days=31)) == 3
    assert balances("1230") == (6000,) and agree()


def test_who_joins_later_is_charged_too_and_who_has_left_is_not(dues, member, job, at):
    dana = member("Dana")
    memberships.give_notice(membership=dana[0], by=dana[1], at=at)
    services.charge_due(by=job, at=at)
    eli = member("Eli", at + timedelta(days=20))
    assert services.charge_due(by=job, at=at + timedelta(days=20)) == 1
    assert queries.claims(membership_ids=[eli[0].pk]).get().due_on == date(2027, 3, 21)
    later = at + timedelta(days=62)
    assert again(dana).leaving_on == date(2027, 3, 31)
    services.charge_due(by=job, at=later)
    assert queries.claims(membership_ids=[dana[0].pk]).count() == 1


def test_no_period_is_charged_that_began_before_the_members_asked_for_dues(set_rules, member, job, at):
    member("Dana")
    set_rules(amount=1000, when=at + timedelta(days=1))
    assert services.charge_due(by=job, at=at + timedelta(days=2)) == 0
    assert services.charge_due(by=job, at=at + timedelta(days=31)) == 3


def test_another_amount_in_the_middle_of_a_period_lets_nobody_off_who_joins_in_it(set_rules, member, job, at):
    set_rules(amount=12_000, period="year")
    assert services.charge_due(by=job, at=at) == 0, "the year had begun"
    set_rules(amount=12_000 + 1200, when=at + timedelta(days=1))
    begins = at.replace(year=2028, month=1)
    assert services.charge_due(by=job, at=begins) == 2
    set_rules(amount=24_000, when=begins + timedelta(days=1))
    eli = member("Eli", at.replace(year=2028, month=7))
    assert services.charge_due(by=job, at=at.replace(year=2028, month=7)) == 1
    assert owed(eli) == 12_000, "six of twelve months, at what is asked now"


def test_where_months_become_years_no_month_is_paid_twice(dues, set_rules, member, job, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    set_rules(period="year", when=at + timedelta(days=2))
    assert services.charge_due(by=job, at=at + timedelta(days=3)) == 0
    services.charge_due(by=job, at=at.replace(year=2028, month=1))
    assert [one.period for one in queries.claims(membership_ids=[dana[0].pk])] == ["2028", "2027-03"]


def test_classes_pay_their_part(dues, set_rules, member, job, at):
    dana = member("Dana")
    set_rules(class_parts={"worker": "1/3"})
    services.charge_due(by=job, at=at)
    assert owed(dana) == 333


def test_members_choose_on_the_scale_and_only_there(dues, set_rules, member, job, board, at):
    dana = member("Dana")
    with pytest.raises(services.NoScale):
        services.choose(membership=dana[0], amount=euro(1000), by=dana[1], at=at)
    set_rules(sliding=True, least=500, most=2500)
    for amount in (499, 2501):
        with pytest.raises(services.OffTheScale):
            services.choose(membership=dana[0], amount=euro(amount), by=dana[1], at=at)
    for amount in (2500, 500):
        services.choose(membership=dana[0], amount=euro(amount), by=dana[1], at=at)
    with pytest.raises(Refused):
        services.choose(membership=dana[0], amount=euro(500), by=board, at=at)
    services.charge_due(by=job, at=at)
    assert owed(dana) == 500, "what was chosen last"
    set_rules(least=800)
    services.charge_due(by=job, at=at + timedelta(days=31))
    assert owed(dana) == 1300, "as far as the scale still has it"


@REAL
def test_a_payment_pays_the_oldest_first_and_ahead(dues, member, job, paid, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    services.charge_due(by=job, at=at + timedelta(days=31))
    paid(dana, at + timedelta(days=32), amount=euro(1500))
    newest, oldest = queries.claims(membership_ids=[dana[0].pk])
    assert (oldest.left.minor, newest.left.minor) == (0, 500) and agree()
    paid(dana, at + timedelta(days=33), key="two", amount=euro(2000))
    assert owed(dana) == 0 and queries.credit_of([dana[0].pk]) == euro(1500)
    assert queries.balance(dana[0].pk) == -1500 == books.balance("1230", "EUR", dana[0].holder).minor
    services.charge_due(by=job, at=at + timedelta(days=62))
    assert owed(dana) == 0 and queries.credit_of([dana[0].pk]) == euro(500) and agree()


@REAL
def test_paying_twice_with_one_intent_is_paying_once(dues, member, job, at):
    dana, by = member("Dana")
    services.charge_due(by=job, at=at)
    about = {"membership": dana, "method": "card", "key": "k", "by": by, "at": at}
    placed = services.pay(**about)
    assert services.pay(**about).remittance.pk == placed.remittance.pk
    payments.authorise(payment=placed.payment, instrument=card(), by=by, at=at)
    with outside():
        run_jobs()
    services.settle(remittance=placed.remittance, by=job, at=at)
    assert owed((dana, by)) == 0 and balances("2100") == (0,) and agree()


def test_only_so_much_can_be_paid_ahead(dues, member, job, at):
    dana, by = member("Dana")
    about = {"membership": dana, "method": "transfer", "by": by, "at": at}
    with pytest.raises(services.NothingToPay):
        services.pay(**about, key="none")
    services.charge_due(by=job, at=at)
    services.pay(**about, key="edge", amount=euro(13_000))
    with pytest.raises(services.TooFarAhead):
        services.pay(**about, key="over", amount=euro(13_001))


@REAL
def test_cash_that_the_treasurer_takes_counts_when_a_second_person_has_seen_it(dues, member, treasurer, board, job, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    placed = services.pay(membership=dana[0], method="cash", key="till", by=treasurer[1], at=at)
    payments.record_receipt(payment=placed.payment, by=treasurer[1], at=at)
    placed.payment.refresh_from_db()
    assert owed(dana) == 1000
    payments.confirm_receipt(payment=placed.payment, by=board, at=at)
    with outside():
        run_jobs()
    assert owed(dana) == 0 and agree()
    with pytest.raises(Refused):
        services.pay(membership=treasurer[0], method="cash", key="x", by=dana[1], at=at)


@REAL
def test_late_begins_the_day_after_the_grace_and_ends_with_the_money(dues, member, job, paid, at):
    dana = member("Dana")
    last = at.replace(day=25, hour=22)  # Due on the 15th, ten days of grace.
    tasks.keep_time(by=job, at=at)
    tasks.keep_time(by=job, at=last)
    assert again(dana).in_arrears_since is None
    tasks.keep_time(by=job, at=last + timedelta(days=1))
    assert again(dana).in_arrears_since == date(2027, 3, 26)
    paid(dana, last + timedelta(days=1))
    with outside():
        run_jobs()
    assert again(dana).in_arrears_since is None


@REAL
def test_a_roll_that_asks_leaves_out_whoever_is_late_and_nobody_else(dues, member, job, paid, worker, inside, at):
    dana, eli = member("Dana"), member("Eli")
    table = {"who": "members", "arrears_block": True}
    procedures(procedures={"tried": SIMPLE | {"roll": table}})
    services.charge_due(by=job, at=at)
    paid(eli, at)
    author = members.register().get(pk=worker.membership_id)
    paid((author, worker), at)

    def roll(when):
        services.note_all_late(by=job, at=when)
        one = propose(author, when, procedure="tried")
        ballot = ballots.open_ballot(proposal=one, by=Principal.job(inside.pk), at=when)
        return set(ballot.entries.values_list("membership_id", flat=True))

    assert {dana[0].pk, eli[0].pk} <= roll(at.replace(day=25)), "the last day of grace"
    late = roll(at.replace(day=26))
    assert dana[0].pk not in late and eli[0].pk in late
    paid(dana, at.replace(day=26))
    assert dana[0].pk in roll(at.replace(day=26)), "what was paid is told before the roll freezes"


def test_whom_the_bylaws_name_waives_with_a_reason_and_an_end(dues, set_rules, member, treasurer, board, job, at):
    dana = member("Dana")
    about = {"membership": dana[0], "until": date(2027, 5, 31), "reason": "Between jobs"}
    with pytest.raises(Refused):
        services.waive(**about, by=dana[1], at=at)
    for wrong, error in (
        ({"reason": " "}, services.ReasonNeeded), ({"until": date(2027, 2, 28)}, services.NotThatLong),
        ({"until": date(2029, 3, 2)}, services.NotThatLong),
    ):  # fmt: skip
        with pytest.raises(error):
            services.waive(**{**about, **wrong}, by=treasurer[1], at=at)
    services.waive(**{**about, "until": date(2029, 3, 1)}, by=treasurer[1], at=at)
    with pytest.raises(Refused):
        services.waive(**{**about, "membership": treasurer[0]}, by=treasurer[1], at=at)
    set_rules(waived_by="board")
    with pytest.raises(Refused):
        services.waive(**about, by=treasurer[1], at=at)
    services.waive(**about, by=board, at=at)


def test_no_dues_are_asked_until_a_waiver_ends(dues, member, treasurer, job, at):
    dana = member("Dana")
    waiver = services.waive(membership=dana[0], until=date(2027, 5, 1), reason="Ill", by=treasurer[1], at=at)
    for month in (3, 4, 5):
        services.charge_due(by=job, at=at.replace(month=month))
    assert owed(dana) == 0, "May begins on the last day of the waiver"
    services.charge_due(by=job, at=at.replace(month=5, day=2))
    assert owed(dana) == 0, "a period is waived as a whole"
    services.charge_due(by=job, at=at.replace(month=6))
    assert queries.claims(membership_ids=[dana[0].pk]).get().period == "2027-06"
    with pytest.raises(services.Over):
        services.end_waiver(waiver=waiver, by=treasurer[1], at=at.replace(month=6))


def test_a_waiver_can_be_ended_before_its_day(dues, member, treasurer, job, at):
    dana = member("Dana")
    waiver = services.waive(membership=dana[0], until=date(2027, 12, 31), reason="Ill", by=treasurer[1], at=at)
    services.end_waiver(waiver=waiver, by=treasurer[1], at=at.replace(day=20))
    services.charge_due(by=job, at=at.replace(month=4))
    assert owed(dana) == 1000
    with pytest.raises(services.Over):
        services.end_waiver(waiver=waiver, by=treasurer[1], at=at.replace(day=21))


@REAL
def test_what_is_open_can_be_waived_and_is_in_the_books(dues, member, treasurer, job, paid, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    paid(dana, at, amount=euro(400))
    services.waive(membership=dana[0], until=date(2027, 3, 31), reason="Ill", what_is_open=True, by=treasurer[1], at=at)
    claim = queries.claims(membership_ids=[dana[0].pk]).get()
    assert (claim.paid.minor, claim.waived.minor, claim.left.minor) == (400, 600, 0)
    assert balances("4290") == (600,) and agree()
    with pytest.raises(services.Over):
        services.waive_claim(claim=claim, reason="again", by=treasurer[1], at=at)


@REAL
def test_whoever_has_not_paid_is_reminded_as_often_as_the_bylaws_say(dues, set_rules, member, job, paid, at):
    set_rules(remind_days=5, reminders=2)
    dana, eli = member("Dana"), member("Eli")
    services.charge_due(by=job, at=at)
    paid(eli, at)
    told = []
    for day in range(1, 31):
        services.remind_due(by=job, at=at.replace(day=day))
        told.append(Notice.objects.filter(announcement__template="dues/reminder", person=dana[0].person).count())
    assert (told[18], told[19], told[23], told[24], told[29]) == (0, 1, 1, 2, 2), "on the 20th and on the 25th"
    assert not Notice.objects.filter(announcement__template="dues/reminder", person=eli[0].person).exists()
    with outside():
        run_jobs()
    assert Letter.objects.filter(template="dues/reminder", address="dana@sparkle.test").count() == 2


def test_shares_that_are_not_paid_in_full_in_time_are_late_too(dues, member, job, at):
    from toadlane.ownership.shares.models import Movement

    dana = member("Dana")
    Movement.objects.create(
        membership=dana[0], share_class="ordinary", kind="subscribed", shares=2, currency="EUR", nominal_minor=5000,
        unpaid_minor=3000, key="k", rule_version=1, on=at.date(), at=at, by="x",
    )  # fmt: skip
    assert queries.late_since(date(2032, 3, 1)) == {}, "five years are not over"
    assert queries.late_since(date(2032, 3, 2)) == {dana[0].pk: date(2032, 3, 2)}


def test_what_was_charged_and_chosen_stays_as_it_was(dues, set_rules, member, job, at):
    dana = member("Dana")
    set_rules(sliding=True, most=2000)
    services.choose(membership=dana[0], amount=euro(1000), by=dana[1], at=at)
    services.charge_due(by=job, at=at)
    Remittance.objects.create(membership=dana[0], currency="EUR", amount_minor=5, key="r", asked_at=at, asked_by="x")
    mine = Claim.objects.filter(membership=dana[0])
    for deed in (
        lambda: mine.update(amount_minor=1), lambda: mine._raw_delete("default"),
        lambda: mine.update(paid_minor=1001), lambda: Choice.objects.update(amount_minor=1),
        lambda: Remittance.objects.update(amount_minor=6), lambda: Remittance.objects.update(used_minor=1),
        lambda: mine.create(
            membership=dana[0], period="2027-03", first_on=at.date(), last_on=at.date(), currency="EUR", amount_minor=1,
            due_on=at.date(), rule_version=1, charged_at=at,
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    mine.update(paid_minor=1000)
    with pytest.raises(DatabaseError), transaction.atomic():
        mine.update(paid_minor=0)
    assert not agree(), "paid, and no payment knows of it"


def test_reasons_go_with_the_account_and_amounts_stay(dues, member, treasurer, job, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    services.waive(membership=dana[0], until=date(2027, 6, 1), reason="Ill", what_is_open=True, by=treasurer[1], at=at)
    took = queries.own_data(person_id=dana[1].person_id)
    assert took["waivers"][0]["reason"] == "Ill" and took["claims"][0]["waived_because"] == "Ill"
    services.forget_reasons(person_id=dana[1].person_id, by=job, at=at)
    assert {one.reason for one in queries.waivers()} == {""} and agree()


def test_the_pages_lead_from_the_desk_to_the_money(dues, sparkle, alice, bob, charlie, job, at, set_rules):
    set_rules(sliding=True, least=500, most=3000)
    services.charge_due(by=job, at=at)
    page, pk = browser(alice), members.of_person(alice.pk).get().pk
    desk = page.get("/c/sparkle/members/desk/").content.decode()
    assert "Your dues" in desk
    assert "€10.00" in page.get("/c/sparkle/dues/").content.decode()
    wrong = page.post(f"/c/sparkle/dues/{pk}/choose/", {"amount": "31"})
    assert wrong.status_code == 422 and 'value="31"' in wrong.content.decode()
    assert page.post(f"/c/sparkle/dues/{pk}/choose/", {"amount": "7,50"}).status_code == 302
    form = page.get(f"/c/sparkle/dues/{pk}/pay/").content.decode()
    key = form.split('name="key" value="')[1].split('"')[0]
    sent = page.post(f"/c/sparkle/dues/{pk}/pay/", {"amount": "10", "method": "transfer", "key": key})
    assert "Now send the money" in page.get(sent.headers["Location"]).content.decode()
    office = browser(bob)
    assert "Alice" in office.get("/c/sparkle/dues/owing/").content.decode()
    bad = office.post(f"/c/sparkle/dues/members/{pk}/", {"until": "2020-01-01", "reason": "Ill"})
    assert bad.status_code == 422 and 'value="2020-01-01"' in bad.content.decode()
    claim = queries.claims(membership_ids=[pk]).get()
    office.post(f"/c/sparkle/dues/claims/{claim.pk}/waive/", {"reason": "Ill"})
    assert queries.left_of([pk]).minor == 0
    own = members.of_person(bob.pk).get().pk
    assert page.get("/c/sparkle/dues/owing/").status_code == 403
    assert page.get(f"/c/sparkle/dues/{own}/pay/").status_code == 404
    for path in ("", "owing/", f"members/{pk}/", f"{pk}/pay/", "paid/1/"):
        assert browser(charlie).get(f"/c/sparkle/dues/{path}").status_code in (403, 404)


def test_what_the_pages_can_do_the_api_can(dues, sparkle, alice, bob, charlie, job, at, set_rules):
    set_rules(sliding=True, least=500, most=3000)
    services.charge_due(by=job, at=at)
    root, me, office = "/api/v1/coops/sparkle/dues", browser(alice), browser(bob)
    pk = members.of_person(alice.pk).get().pk

    def post(client, path, **data):
        key = f"{path} {sorted(data.items())}"[:80]
        return client.post(f"{root}/{path}", data, content_type="application/json", headers={"Idempotency-Key": key})

    assert post(me, "choice", membership=pk, amount_minor=499).status_code == 422
    assert post(me, "choice", membership=pk, amount_minor=700).status_code == 201
    assert me.get(f"{root}/mine").json()[0]["left"]["minor"] == 1000
    sent = post(me, "payments", membership=pk, method="transfer")
    assert sent.status_code == 201 and sent.json()["reference"].startswith("TL-")
    claim = me.get(f"{root}/claims").json()["items"][0]
    assert claim["left"]["minor"] == 1000 and me.get(f"{root}/owing").status_code == 403
    assert [one["name"] for one in office.get(f"{root}/owing").json()["items"]] == ["Bob", "Alice"]
    assert post(me, f"claims/{claim['id']}/waive", reason="Ill").status_code == 403
    assert post(office, f"claims/{claim['id']}/waive", reason="Ill").json()["left"]["minor"] == 0
    made = post(office, "waivers", membership=pk, until="2027-06-30", reason="Ill").json()
    assert me.get(f"{root}/waivers").json()["items"][0]["id"] == made["id"]
    assert post(office, f"waivers/{made['id']}/end").status_code == 200
    for path in ("mine", "claims", "owing", "waivers", f"claims?membership={pk}"):
        assert browser(charlie).get(f"{root}/{path}").status_code == 404
    for path, said in ((f"claims/{claim['id']}/waive", {"reason": "x"}), (f"waivers/{made['id']}/end", {})):
        assert post(browser(charlie), path, **said).status_code == 404
