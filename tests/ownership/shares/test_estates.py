"""When a member has died: two people see it, heirs who are members take the shares over, and the rest goes to the estate."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.conftest import browser
from toadlane.money.bank import queries as bank_queries
from toadlane.money.bank import services as bank
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payouts
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Bequest, Estate
from toadlane.plumbing.access.principals import Refused
from toadlane.society.members.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)
DIED = date(2027, 2, 20)


def agree():
    return [one.faults for one in (queries.register_equals_ledger(), queries.promised_equals_ledger())] == [[], []]


@pytest.fixture
def second(make_officer):
    return make_officer("Gus")


@pytest.fixture
def dana(take, member):
    who = member("Dana")
    take(who, 10)
    return who


@pytest.fixture
def estate(dana, board, second, at):
    said = services.report_death(membership=dana[0], died_on=DIED, by=board, at=at)
    return services.confirm_death(estate=said, by=second, at=at)


def inherit(estate, dana, heir, by, at, shares=4, **more):
    about = {"estate": estate, "source": dana[0], "heir": heir, "share_class": "ordinary", "shares": shares, "proof": "Deed 7"}
    return services.bequeath(**{**about, **more}, by=by, at=at)


def test_one_says_it_another_confirms_it_and_only_then_the_membership_is_over(dana, board, second, job, at):
    said = services.report_death(membership=dana[0], died_on=DIED, by=board, at=at)
    assert services.report_death(membership=dana[0], died_on=DIED, by=second, at=at) == said, "it is said once"
    assert said.until_on == date(2027, 8, 20)
    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_death(estate=said, by=board, at=at)
    assert Membership.objects.get(pk=dana[0].pk).standing == "active"
    done = services.confirm_death(estate=said, by=second, at=at)
    over = Membership.objects.get(pk=dana[0].pk)
    assert (over.standing, over.left_on) == ("former", DIED) and done.is_open
    # Whoever leaves is queued with all they hold; of whoever has died it waits for the heirs.
    assert services.ask_back_all(membership=over, by=job, at=at) == []
    with pytest.raises(services.WrongMoment):
        services.drop_death(estate=done, by=board, at=at)


def test_an_error_is_taken_back_before_it_is_confirmed_and_can_be_said_anew(dana, board, second, at):
    said = services.report_death(membership=dana[0], died_on=DIED, by=board, at=at)
    services.drop_death(estate=said, by=second, at=at)
    with pytest.raises(services.WrongMoment):
        services.confirm_death(estate=said, by=second, at=at)
    assert services.report_death(membership=dana[0], died_on=DIED, by=board, at=at) != said


def test_nobody_dies_tomorrow_and_nobody_says_it_of_themselves_or_without_an_office(dana, board, worker, alice, bob, at):
    today = at.date()
    with pytest.raises(services.WrongDay):
        services.report_death(membership=dana[0], died_on=today + timedelta(days=1), by=board, at=at)
    with pytest.raises(Refused):
        services.report_death(membership=dana[0], died_on=today, by=worker, at=at)
    with pytest.raises(services.OwnCase):
        own = Membership.objects.get(person=bob)
        services.report_death(membership=own, died_on=today, by=board, at=at)
    assert services.report_death(membership=dana[0], died_on=today, by=board, at=at).died_on == today


def test_an_heir_who_is_a_member_takes_shares_over_at_their_price(estate, dana, board, second, member, at):
    eli, _by = member("Eli")
    wanted = inherit(estate, dana, eli, board, at)
    assert queries.holding(eli.pk, "ordinary").shares == 0
    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_bequest(bequest=wanted, by=board, at=at)
    services.confirm_bequest(bequest=wanted, by=second, at=at)
    with pytest.raises(services.WrongMoment):
        services.confirm_bequest(bequest=wanted, by=second, at=at)
    assert (queries.holding(eli.pk, "ordinary").shares, queries.holding(dana[0].pk, "ordinary").shares) == (4, 6)
    assert queries.capital().minor == 25_000 and agree()
    services.confirm_bequest(bequest=inherit(estate, dana, eli, board, at, shares=6), by=second, at=at)
    assert Estate.objects.get().ended_at == at, "nothing is left"


def test_only_members_inherit_in_time_what_is_there_with_a_proof_and_nobody_for_themselves(
    estate, dana, board, second, member, accepted_person, bob, at
):
    eli, _by = member("Eli")
    for wrong, expected in (
        ({"heir": accepted_person}, services.NotTransferable), ({"shares": 11}, services.NotEnoughShares),
        ({"proof": " "}, services.ProofNeeded), ({"heir": Membership.objects.get(person=bob)}, services.OwnCase),
        ({"source": eli}, services.WrongMoment), ({"at": at.replace(month=8, day=21)}, services.WrongMoment),
    ):  # fmt: skip
        with pytest.raises(expected):
            about = {"estate": estate, "source": dana[0], "heir": eli, "share_class": "ordinary", "shares": 4, "proof": "x"}
            services.bequeath(**{**about, "by": board, "at": at, **wrong})
    last = at.replace(month=8, day=20)
    services.confirm_bequest(bequest=inherit(estate, dana, eli, board, last), by=second, at=last)


@pytest.fixture
def accepted_person(member, at):
    """Somebody who is no member any more."""
    membership, _by = member("Zoe")
    Membership.objects.filter(pk=membership.pk).update(standing="former")
    membership.refresh_from_db()
    return membership


def test_what_no_heir_takes_over_in_time_is_repaid_to_the_estate(estate, dana, board, job, set_rules, at):
    set_rules(withdrawal_limit="1", exit_years=5)
    assert services.repay_overdue_estates(by=job, at=at.replace(month=8, day=20)) == 0
    late = at.replace(month=8, day=21)
    assert [services.repay_overdue_estates(by=job, at=late) for _ in range(2)] == [1, 0]
    [one] = services.approve_due(by=board, at=late)
    assert (one.cause, one.shares) == ("died", 10)
    # All at once, whatever leavers wait for; and to the estate, not to an account that is nobody's.
    [payout] = payouts.payouts()
    assert (payout.holder, payout.amount_minor, payout.code) == (estate.holder, 25_000, "2400") and agree()
    assert books.names.holder(estate.holder) == "Estate of Dana"


def test_nothing_is_sent_to_the_account_of_the_dead_whatever_it_is_for(dana, board, second, at):
    bank.give(membership=dana[0], name="Dana", iban="DE89370400440532013000", by=dana[1], at=at)
    assert dana[0].pk in bank_queries.usable({dana[0].pk}, at)
    said = services.report_death(membership=dana[0], died_on=DIED, by=board, at=at)
    assert dana[0].pk in bank_queries.usable({dana[0].pk}, at), "one person says so"
    services.confirm_death(estate=said, by=second, at=at)
    assert bank_queries.usable({dana[0].pk}, at) == {}


def test_however_many_are_paid_at_once_the_dead_among_them_are_known(estate, dana):
    pk = dana[0].pk
    assert queries.of_the_dead(range(300_000)) == [pk] and queries.of_the_dead([pk + 1]) == []


def test_the_board_can_have_it_repaid_at_once_and_open_bequests_fall(estate, dana, board, second, member, at):
    wanted = inherit(estate, dana, member("Eli")[0], board, at)
    assert [one.shares for one in services.repay_estate(estate=estate, by=second, at=at)] == [10]
    assert Bequest.objects.get(pk=wanted.pk).dropped_at == at
    with pytest.raises(services.WrongMoment):
        services.repay_estate(estate=estate, by=second, at=at)


def test_what_was_never_paid_in_passes_with_the_shares_and_is_never_paid_back(take, member, board, second, set_rules, at):
    set_rules(withdrawal_limit="1")
    for name in ("Ida", "Jan"):
        who = member(name)
        take(who, 4, paid_rate="1/4")
        said = services.report_death(membership=who[0], died_on=DIED, by=board, at=at)
        estate = services.confirm_death(estate=said, by=second, at=at)
        if name == "Ida":
            heir = member("Kit")[0]
            with pytest.raises(services.StillUnpaid):
                inherit(estate, who, heir, board, at, shares=3)
            services.confirm_bequest(bequest=inherit(estate, who, heir, board, at), by=second, at=at)
            assert queries.holding(heir.pk, "ordinary").unpaid.minor == 7_500
        else:
            services.repay_estate(estate=estate, by=board, at=at)
            services.approve_due(by=board, at=at)
            assert payouts.payouts().get().amount_minor == 2_500, "of 100.00 a quarter was paid in"
        assert agree()


def test_what_two_people_have_seen_stays(estate, dana, board, second, member, at):
    inherit(estate, dana, member("Eli")[0], board, at)
    for deed in (
        lambda: Estate.objects.update(died_on=DIED - timedelta(days=1)), lambda: Estate.objects.update(confirmed_at=None),
        lambda: Estate.objects.all()._raw_delete("default"), lambda: Bequest.objects.update(shares=9),
        lambda: Bequest.objects.update(confirmed_by=board.person_id, confirmed_at=at),
        lambda: Estate.objects.create(
            person=dana[0].person, died_on=DIED, until_on=DIED, reported_by=1, reported_at=at, confirmed_by=2, confirmed_at=at
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_the_pages_and_the_api_lead_from_the_news_to_the_heir(dana, member, second, board, bob, charlie, at):
    eli, _by = member("Eli")
    page, other = browser(bob), browser(member_of(second))
    base, api = "/c/sparkle/shares/estates/", "/api/v1/coops/sparkle/shares/estates"
    today = timezone.localdate().isoformat()
    wrong = page.post(base, {"number": "9999", "died_on": today})
    assert wrong.status_code == 422 and "no member with this number" in wrong.content.decode()
    sent = page.post(base, {"number": dana[0].number, "died_on": today})
    one = Estate.objects.get()
    assert sent.headers["Location"] == f"{base}{one.pk}/"
    assert "You said so" in page.get(f"{base}{one.pk}/").content.decode()
    assert "Somebody has died" in other.get("/c/sparkle/members/desk/").content.decode()
    assert other.post(f"{api}/{one.pk}/confirm", {}, content_type="application/json").json()["left"][0]["shares"] == 10
    form = {"heir": eli.number, "source": f"{dana[0].pk}:ordinary", "shares": "4", "proof": "Deed 7"}
    assert page.post(f"{base}{one.pk}/", {**form, "shares": "40"}).status_code == 422
    assert page.post(f"{base}{one.pk}/", form).status_code == 302
    wanted = Bequest.objects.get()
    assert "Pass them on" in other.get(f"{base}{one.pk}/").content.decode()
    assert other.post(f"{base}bequests/{wanted.pk}/", {"deed": "confirm"}).status_code == 302
    told = page.get(api).json()["items"][0]
    assert (told["left"][0]["shares"], told["bequests"][0]["heir"]) == (6, eli.pk)
    made = page.post(
        f"{api}/{one.pk}/bequests", {"source": dana[0].pk, "heir": eli.pk, "share_class": "ordinary", "shares": 1, "proof": "x"},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201
    assert page.post(f"{api}/bequests/{made.json()['id']}/drop", {}, content_type="application/json").status_code == 204
    assert page.post(f"{base}{one.pk}/decide/", {"deed": "repay"}).status_code == 302
    assert "waiting for its turn" in page.get(f"{base}{one.pk}/").content.decode()
    for path in (base, f"{base}{one.pk}/", api):
        assert browser(charlie).get(path).status_code in (403, 404)


def member_of(by):
    from toadlane.society.people.models import Person

    return Person.objects.get(pk=by.person_id)
