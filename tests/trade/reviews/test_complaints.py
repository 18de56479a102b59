"""Complaints: told, answered, decided by whom the bylaws name, and looked at again by somebody else."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import fresh
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.members import services as joining
from toadlane.society.people.models import Person
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Refund
from toadlane.trade.reviews import queries, services
from toadlane.trade.reviews.models import Complaint
from toadlane.trade.reviews.queries import standing_in

pytestmark = pytest.mark.django_db


def officer(inside, at, name: str, office: str) -> Principal:
    act = Principal.job(inside.pk, "founder", "board")
    person = Person.objects.create(email=f"{name}@sparkle.test", name=name.title())
    joining.admit(person=person, member_class="worker", by=act, at=at)
    joining.appoint(person=person, office=office, decision="founding", by=act, at=at)
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def mira(inside, at) -> Principal:
    return officer(inside, at, "mira", "mediator")


@pytest.fixture
def complaint(done, customer, day) -> Complaint:
    return services.complain(order=done, text="The oven was left as it was.", by=customer, at=day + timedelta(hours=6))


def answered(complaint, slate) -> Complaint:
    return services.answer_complaint(complaint=complaint, text="We ran out of time.", by=slate.by, at=complaint.opened_at)


def test_money_waits_and_a_part_goes_back_share_by_share(complaint, slate, mira, done):
    assert fresh(done).state == "disputed"
    services.decide(complaint=answered(complaint, slate), outcome="part", refund_minor=1600, reasons="The oven was booked.",
                    by=mira, at=complaint.opened_at)  # fmt: skip
    order = fresh(done)
    assert (order.state, order.refunded_minor) == ("settled", 1600)
    assert Refund.objects.get().amount_minor == 1600
    run_jobs()
    orders.do_chores(order_ids=[done.pk], by=mira, at=complaint.opened_at)
    assert books.balance("2100", "EUR").minor == 0, "nothing stays held"


@pytest.mark.parametrize(("outcome", "back"), [("whole", 12900), ("none", 0)])
def test_the_whole_or_nothing(complaint, slate, mira, done, outcome, back):
    services.decide(complaint=answered(complaint, slate), outcome=outcome, reasons="So.", by=mira, at=complaint.opened_at)
    assert fresh(done).refunded_minor == back and fresh(done).state == "settled"


def test_nobody_is_judged_unheard_and_nobody_stops_it_by_silence(complaint, mira, slate):
    early = complaint.answer_by - timedelta(seconds=1)
    with pytest.raises(services.NotNow):
        services.decide(complaint=complaint, outcome="none", reasons="So.", by=mira, at=early)
    with pytest.raises(services.NotNow):
        services.answer_complaint(complaint=complaint, text="Late", by=slate.by, at=complaint.answer_by)
    assert services.decide(complaint=complaint, outcome="none", reasons="So.", by=mira, at=complaint.answer_by).state == "decided"
    with pytest.raises(services.NotNow):
        services.decide(complaint=complaint, outcome="whole", reasons="Again.", by=mira, at=complaint.answer_by)


def test_only_the_office_that_the_bylaws_name_decides_and_never_in_its_own_case(
    *, complaint, slate, customer, worker, board, mira, inside, wheels, at
):
    for other in (worker, board, customer, slate.by):
        with pytest.raises(Refused):
            services.decide(complaint=complaint, outcome="none", reasons="So.", by=other, at=complaint.answer_by)
    act = Principal.job(inside.pk, "founder", "board")
    joining.appoint(person=slate.delegate, office="mediator", decision="founding", by=act, at=at)
    with pytest.raises(Refused):
        services.decide(complaint=complaint, outcome="none", reasons="So.", by=slate.by, at=complaint.answer_by)
    with pytest.raises(Refused), scope(wheels.pk):
        services.decide(complaint=complaint, outcome="none", reasons="So.", by=mira, at=complaint.answer_by)
    with pytest.raises(services.SayWhy):
        services.decide(complaint=complaint, outcome="none", reasons=" ", by=mira, at=complaint.answer_by)


@pytest.mark.parametrize("minor", [0, 12901])
def test_a_part_is_more_than_nothing_and_at_most_what_is_left(complaint, mira, minor):
    with pytest.raises(services.NotAmount, match=r"Between nothing and €129\.00 can go back"):
        services.decide(complaint=complaint, outcome="part", refund_minor=minor, reasons="So.", by=mira, at=complaint.answer_by)


def test_an_appeal_goes_to_somebody_else_and_more_may_go_back(complaint, slate, customer, mira, board, done, system):
    decided = services.decide(complaint=answered(complaint, slate), outcome="part", refund_minor=600, reasons="A bit.",
                              by=mira, at=complaint.opened_at)  # fmt: skip
    with pytest.raises(services.NotNow):
        services.appeal(complaint=decided, text="Late", by=customer, at=decided.appeal_until)
    services.appeal(complaint=decided, text="Not enough", by=customer, at=decided.appeal_until - timedelta(seconds=1))
    again = queries.complaint(complaint.pk)
    with pytest.raises(Refused):
        services.decide_again(complaint=again, reasons="I was right.", by=mira, at=decided.appeal_until)
    with pytest.raises(services.NotAmount):
        services.decide_again(complaint=again, reasons="More", refund_minor=12301, by=board, at=decided.appeal_until)
    services.decide_again(complaint=again, reasons="The oven is €16.", refund_minor=1000, by=board, at=decided.appeal_until)
    assert fresh(done).refunded_minor == 1600
    assert services.close_settled(by=system, at=decided.appeal_until) == 0


def test_what_nobody_appeals_is_closed_when_the_time_is_over(complaint, mira, system):
    decided = services.decide(complaint=complaint, outcome="none", reasons="So.", by=mira, at=complaint.answer_by)
    assert services.close_settled(by=system, at=decided.appeal_until - timedelta(seconds=1)) == 0
    assert services.close_settled(by=system, at=decided.appeal_until) == 1


def test_a_complaint_is_taken_back_by_who_made_it_and_made_once_at_a_time(complaint, customer, slate, done):
    with pytest.raises(services.NotNow):
        services.complain(order=fresh(done), text="Again", by=customer, at=complaint.opened_at)
    with pytest.raises(services.NotNow):
        services.drop(complaint=complaint, by=slate.by, at=complaint.opened_at)
    services.drop(complaint=complaint, by=customer, at=complaint.opened_at)
    assert fresh(done).state == "released"


def test_the_pages_and_the_api(*, done, nuala, slate, mira, charlie, client, inside):
    now = clock.now(inside.tenant)
    hers, theirs, stranger = browser(nuala), browser(slate.delegate), browser(charlie)
    judge = browser(Person.objects.get(pk=mira.person_id))
    root, api = "/c/sparkle/reviews/", "/api/v1/coops/sparkle/reviews"
    assert hers.get(f"{root}orders/{done.pk}/complain/").status_code == 200
    assert hers.post(f"{root}orders/{done.pk}/complain/", {"text": ""}).status_code == 422
    hers.post(f"{root}orders/{done.pk}/complain/", {"text": "The oven"})
    one = Complaint.objects.get()
    assert one.opened_at >= now
    page = f"{root}complaints/{one.pk}/"
    for who in (stranger, client):
        assert who.get(page).status_code == 404 and who.post(page, {"text": "x"}).status_code == 404
    assert stranger.get(f"{api}/complaints/{one.pk}").status_code == 404
    assert judge.get(f"{api}/complaints/waiting").json() == []
    assert "waiting for your answer" in theirs.get(page).text and "waiting for the other side" in hers.get(page).text
    theirs.post(page, {"text": "No time"})
    assert '<div class="affix"><span>€</span>' in judge.get(page).text, "the box says of what"
    assert judge.get(f"{api}/complaints/waiting").json()[0]["answer"] == "No time"
    assert judge.post(page, {"outcome": "part", "refund": "", "reasons": "So"}).status_code == 422
    judge.post(page, {"outcome": "part", "refund": "16.00", "reasons": "The oven was booked"})
    assert hers.get(f"{api}/complaints/{one.pk}").json()["refund"]["minor"] == 1600
    assert "The oven was booked" in hers.get(page).content.decode()
    hers.post(page, {"text": "More"})
    told = judge.post(f"{api}/complaints/{one.pk}/decide-again", {"reasons": "No"}, content_type="application/json")
    assert told.status_code == 403
    assert hers.get(f"{api}/complaints").json()["items"][0]["state"] == "appealed"
    for who in (hers, theirs, judge):
        assert who.get(root).status_code == 200


@pytest.fixture
def partial(inside, slate, at) -> Principal:
    """The only mediator speaks for the member who is complained about."""
    act = Principal.job(inside.pk, "founder", "board")
    joining.appoint(person=slate.delegate, office="mediator", decision="founding", by=act, at=at)
    return slate.by


def test_where_every_mediator_is_a_party_the_board_names_another(
    *, complaint, slate, partial, board, bob, alice, worker, customer
):
    answered(complaint, slate)
    desk = [one.title for one in standing_in.waiting(board, complaint.opened_at)]
    assert desk == ["Name somebody to decide a complaint"]
    people = standing_in.candidates(queries.complaint(complaint.pk))
    assert alice in people and slate.delegate not in people and slate.worker.person not in people
    for other in (worker, customer, partial):
        with pytest.raises(Refused):
            services.name_stand_in(complaint=complaint, person=alice, by=other, at=complaint.opened_at)
    with pytest.raises(services.NotNeutral):
        services.name_stand_in(complaint=complaint, person=slate.delegate, by=board, at=complaint.opened_at)
    page = f"/c/sparkle/reviews/complaints/{complaint.pk}/"
    assert "Every mediator is a party" in browser(bob).get(page).content.decode()
    assert browser(alice).get(page).status_code == 404
    assert browser(bob).post(page, {"person": alice.pk}).status_code == 302
    found = queries.complaint(complaint.pk)
    assert found.stand_in == alice and standing_in.waiting(board, complaint.opened_at) == []
    assert [one.pk for one in queries.to_decide(worker, at=complaint.opened_at)] == [complaint.pk]
    assert "The board named Alice" in browser(alice).get(page).content.decode()
    at = complaint.opened_at
    decided = services.decide(complaint=found, outcome="part", refund_minor=1600, reasons="So.", by=worker, at=at)
    assert decided.decided_by == str(worker) and fresh(complaint.order).refunded_minor == 1600


def test_while_a_mediator_is_no_party_the_board_names_nobody(*, complaint, slate, partial, mira, board, alice):
    assert standing_in.waiting(board, complaint.opened_at) == []
    with pytest.raises(Refused):
        services.name_stand_in(complaint=complaint, person=alice, by=board, at=complaint.opened_at)
    services.decide(complaint=answered(complaint, slate), outcome="none", reasons="So.", by=mira, at=complaint.opened_at)


def test_a_board_member_in_their_own_case_names_nobody_and_neither_does_another_co_op(
    *, complaint, slate, partial, inside, wheels, board, alice, at
):
    act = Principal.job(inside.pk, "founder", "board")
    joining.appoint(person=slate.delegate, office="board", decision="founding", by=act, at=at)
    own = members.principal(person_id=slate.delegate.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.name_stand_in(complaint=complaint, person=alice, by=own, at=complaint.opened_at)
    with pytest.raises(Refused), scope(wheels.pk):
        services.name_stand_in(complaint=complaint, person=alice, by=board, at=complaint.opened_at)


def test_over_the_api_a_stand_in_is_named_by_id(*, complaint, partial, bob, alice, charlie):
    address = f"/api/v1/coops/sparkle/reviews/complaints/{complaint.pk}/stand-in"
    wrong = browser(bob).post(address, {"person_id": charlie.pk}, content_type="application/json")
    assert wrong.status_code == 422 and wrong.json()["code"] == "not_neutral"
    assert browser(bob).post(address, {"person_id": alice.pk}, content_type="application/json").status_code == 200
    assert browser(charlie).post(address, {"person_id": alice.pk}, content_type="application/json").status_code == 404
