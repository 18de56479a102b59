"""From the first question to the last day: joining, being refused, belonging, leaving."""

from datetime import date, timedelta

import pytest

from tests.conftest import browser, run_jobs
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries, services
from toadlane.society.members.models import Organisation, Standing
from toadlane.society.people.models import Person

ANSWERS = {"with": "Tidewater", "why": "I want a say."}


@pytest.fixture
def dana(db):
    return Person.objects.create(email="dana@example.test", name="Dana")


def asker(person):
    return queries.principal(person_id=person.pk, channel=Channel.WEB)


def desk_of(person):
    return browser(person).get("/c/sparkle/members/desk/").content.decode()


@pytest.fixture
def application(inside, dana, at):
    return services.apply(person=dana, member_class="worker", answers=ANSWERS, by=asker(dana), at=at)


def test_an_applicant_is_answered_in_time_and_agrees_to_the_bylaws(application, dana, board, at):
    assert application.decide_by == date(2027, 3, 31)
    membership = services.accept(application=application, by=board, at=at)
    assert not asker(dana).roles, "accepted is not a member yet"
    services.agree_to_bylaws(membership=membership, version=1, by=asker(dana), at=at)
    assert membership.standing == Standing.PROBATION and membership.probation_until == date(2027, 5, 30)
    assert membership.accepted_version == 1 and membership.number == 3
    assert asker(dana).roles == {"member", "class:worker"}


def test_agreeing_to_another_version_is_refused(application, dana, board, at):
    membership = services.accept(application=application, by=board, at=at)
    with pytest.raises(services.OtherVersion):
        services.agree_to_bylaws(membership=membership, version=2, by=asker(dana), at=at)


def test_nobody_agrees_for_somebody_else(application, worker, board, at):
    membership = services.accept(application=application, by=board, at=at)
    with pytest.raises(Refused):
        services.agree_to_bylaws(membership=membership, version=1, by=worker, at=at)


def test_a_refusal_needs_a_reason_and_can_be_appealed_against(application, dana, board, at):
    with pytest.raises(services.ReasonNeeded):
        services.decline(application=application, reason=" ", by=board, at=at)
    services.decline(application=application, reason="We are full this year.", by=board, at=at)
    last = at + timedelta(days=bylaws.book().value("members.appeal_days"))
    with pytest.raises(services.WrongMoment):
        services.appeal(application=application, text="Please.", by=asker(dana), at=last + timedelta(days=1))
    services.appeal(application=application, text="Please.", by=asker(dana), at=last)
    assert application.appeal == "Please."


def test_a_worker_does_not_decide_who_is_let_in(application, worker, at):
    with pytest.raises(Refused):
        services.accept(application=application, by=worker, at=at)


def test_nobody_applies_twice(application, dana, at):
    with pytest.raises(services.AlreadyHere):
        services.apply(person=dana, member_class="worker", answers=ANSWERS, by=asker(dana), at=at)


def test_every_question_wants_an_answer(inside, dana, at):
    with pytest.raises(services.AnswerNeeded):
        services.apply(person=dana, member_class="worker", answers={"with": "Tidewater"}, by=asker(dana), at=at)


def test_silence_admits_only_where_the_law_says_so(application, at):
    clock = Principal.job(application.coop_id, "system")
    late = at + timedelta(days=40)
    assert services.admit_by_silence(application=application, by=clock, at=late) is None
    application.silence_admits = True
    application.save()
    on_the_day = at + timedelta(days=30)
    assert services.admit_by_silence(application=application, by=clock, at=on_the_day) is None
    membership = services.admit_by_silence(application=application, by=clock, at=late)
    assert membership and membership.standing == Standing.ACCEPTED


def test_a_member_leaves_after_notice_and_offices_end(inside, bob, board, at):
    mine = queries.of_person(bob.pk).get()
    services.give_notice(membership=mine, by=board, at=at)
    assert mine.leaving_on == date(2027, 3, 31)
    clock = Principal.job(inside.pk, "system")
    assert services.complete_exit(membership=mine, by=clock, at=at + timedelta(days=30)) is None
    assert services.complete_exit(membership=mine, by=clock, at=at + timedelta(days=31))
    assert not asker(bob).roles and not queries.officers().exists()


def test_a_notice_is_taken_back_until_its_last_day_is_over(inside, bob, alice, board, worker, at):
    mine = queries.of_person(bob.pk).get()
    with pytest.raises(services.WrongMoment):
        services.take_back_notice(membership=mine, by=board, at=at)
    services.give_notice(membership=mine, by=board, at=at)
    with pytest.raises(Refused):
        services.take_back_notice(membership=mine, by=worker, at=at)
    services.take_back_notice(membership=mine, by=board, at=at + timedelta(days=30))
    assert mine.standing == Standing.ACTIVE and mine.leaving_on is None and "board" in asker(bob).roles
    services.give_notice(membership=mine, by=board, at=at)
    with pytest.raises(services.WrongMoment):
        services.take_back_notice(membership=mine, by=board, at=at + timedelta(days=31))


def test_staying_lifts_no_suspension(inside, alice, board, worker, at):
    mine = queries.of_person(alice.pk).get()
    services.suspend(membership=mine, reason="Keys were not returned.", by=board, at=at)
    services.give_notice(membership=mine, by=worker, at=at)
    services.take_back_notice(membership=mine, by=worker, at=at)
    assert mine.standing == Standing.SUSPENDED


def test_a_notice_is_taken_back_on_a_page(inside, alice, worker, at):
    mine = queries.of_person(alice.pk).get()
    services.give_notice(membership=mine, by=worker, at=at)
    assert "Take my notice back" in browser(alice).get("/c/sparkle/members/mine/").text
    assert browser(alice).post(f"/c/sparkle/members/{mine.pk}/stay/").status_code == 302
    mine.refresh_from_db()
    assert mine.standing == Standing.ACTIVE


def test_suspension_takes_the_roles_and_lifting_gives_them_back(inside, alice, board, at):
    mine = queries.of_person(alice.pk).get()
    services.suspend(membership=mine, reason="Keys were not returned.", by=board, at=at)
    assert not asker(alice).roles
    services.lift_suspension(membership=mine, by=board, at=at)
    assert "member" in asker(alice).roles


@pytest.fixture
def tidewater(inside, board, alice, at):
    org = Organisation.objects.create(name="Tidewater")
    membership = services.admit(organisation=org, member_class="co_op", by=board, at=at)
    services.name_delegate(membership=membership, person=alice, by=board, at=at)
    return membership


def test_an_organisation_keeps_its_own_list_of_workers(tidewater, alice, charlie, at):
    services.add_worker(membership=tidewater, name="Rosa", by=asker(alice), at=at)
    with pytest.raises(services.AlreadyHere):
        services.add_worker(membership=tidewater, name="Rosa", by=asker(alice), at=at)
    with pytest.raises(Refused):
        services.add_worker(membership=tidewater, name="Mallory", by=asker(charlie), at=at)
    assert [one.name for one in queries.workers_of(tidewater)] == ["Rosa"]


def test_over_the_api_a_worker_is_given_the_desk_of_their_account(tidewater, alice, dana, bob, charlie):
    at = f"/api/v1/coops/sparkle/members/{tidewater.pk}/"
    delegate, sent = browser(alice), {"name": "Dana", "contact": "dana@example.test"}
    assert delegate.post(f"{at}workers", sent, content_type="application/json").json()["has_account"]
    assert queries.workers_of(tidewater).get(name="Dana").person == dana
    assert not delegate.post(f"{at}workers", {"name": "Rosa"}, content_type="application/json").json()["has_account"]
    for deed, named in (("workers", {"name": "X"}), ("delegates", {})):
        answer = delegate.post(at + deed, named | {"contact": "no@example.test"}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "nobody_signed_up", "contact")
        # Who has an account here is told to nobody else, whether it is so or not.
        for other, status in ((dana, 404), (charlie, 404)):
            for contact in ("no@example.test", "dana@example.test"):
                asked = named | {"contact": contact}
                assert browser(other).post(at + deed, asked, content_type="application/json").status_code == status


def test_somebody_always_speaks_for_an_organisation(tidewater, alice, at):
    with pytest.raises(services.WrongMoment):
        services.end_delegation(delegate=queries.delegates_of(tidewater).get(), by=asker(alice), at=at)


PAGES = ["/", "/?class=worker", "/join/", "/mine/", "/desk/", "/applications/", "/join/worker/"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_for_the_board(sparkle, bob, page):
    assert browser(bob).get(f"/c/sparkle/members{page}").status_code == 200


@pytest.mark.parametrize("page", ["/", "/applications/"])
def test_a_stranger_does_not_read_the_register(sparkle, wheels, charlie, page):
    assert browser(charlie).get(f"/c/sparkle/members{page}").status_code == 404


def test_joining_by_the_pages(sparkle, bob, dana):
    mine, theirs = browser(dana), browser(bob)
    refused = mine.post("/c/sparkle/members/join/worker/", {"answer_with": "Tidewater", "answer_why": ""})
    assert refused.status_code == 422 and b"Tidewater" in refused.content, "what was typed stays"
    assert mine.post("/c/sparkle/members/join/worker/", {f"answer_{k}": v for k, v in ANSWERS.items()}).status_code == 302
    pk = _application_id(sparkle)
    assert b"Dana" in theirs.get("/c/sparkle/members/desk/").content
    assert theirs.post(f"/c/sparkle/members/applications/{pk}/", {"deed": "decline", "reason": ""}).status_code == 422
    assert theirs.post(f"/c/sparkle/members/applications/{pk}/", {"deed": "accept"}).status_code == 302
    assert b"I agree to version 1" in mine.get("/c/sparkle/members/mine/").content


def _application_id(coop):
    from toadlane.plumbing.tenancy.scope import scope

    with scope(coop.pk):
        return queries.applications().first().pk


def test_the_api_tells_the_classes_to_anyone_and_the_register_to_members(sparkle, wheels, client, charlie, alice):
    assert [one["id"] for one in client.get("/api/v1/coops/sparkle/members/classes").json()] == ["co_op", "worker"]
    assert browser(charlie).get("/api/v1/coops/sparkle/members").status_code == 404
    assert len(browser(alice).get("/api/v1/coops/sparkle/members").json()["items"]) == 2


def test_the_page_to_join_gives_the_board_its_address_and_tells_a_member_that_they_are_one(sparkle, alice, bob, dana):
    theirs = browser(bob).get("/c/sparkle/members/join/").content.decode().replace("<wbr>", "")
    assert "/c/sparkle/members/join/</code>" in theirs
    own = browser(alice).get("/c/sparkle/members/join/").content.decode()
    assert "You are here already, as Alice" in own and "For those you want with you" not in own
    assert "You are here already" not in browser(dana).get("/c/sparkle/members/join/").content.decode()


def test_an_application_that_was_answered_is_due_no_longer(application, board, bob, at):
    page = f"/c/sparkle/members/applications/{application.pk}/"
    assert "An answer is due by" in browser(bob).get(page).content.decode()
    services.decline(application=application, reason="We are full this year.", by=board, at=at)
    answered = browser(bob).get(page).content.decode()
    assert "Asked on" in answered and "An answer is due by" not in answered


def test_an_appeal_reaches_the_board_which_puts_it_to_the_members(application, board, bob, alice, dana, at):
    services.decline(application=application, reason="We are full this year.", by=board, at=at)
    assert "appeals against" not in desk_of(bob)
    services.appeal(application=application, text="Please look again.", by=asker(dana), at=at)
    run_jobs()
    letter = Letter.objects.get(template="members/appealed")
    assert (letter.subject, letter.address) == ("Dana appeals against your answer", bob.email)
    page = browser(bob).get(f"/c/sparkle/members/applications/{application.pk}/").content.decode()
    assert "Please look again." in page and "/c/sparkle/proposals/new/?kind=admit" in page
    assert list(queries.open_appeals(application.appeal_until + queries.APPEAL_WAITS)) == [application]
    assert not queries.open_appeals(application.appeal_until + queries.APPEAL_WAITS + timedelta(days=1))
    assert "Dana appeals against a refusal" in desk_of(bob) and "appeals against" not in desk_of(alice)


def test_whoever_is_suspended_is_told_and_finds_the_reason(sparkle, inside, alice, board, at):
    mine = queries.of_person(alice.pk).get()
    services.suspend(membership=mine, reason="Keys were not returned.", by=board, at=at)
    run_jobs()
    letter = Letter.objects.get(template="members/suspended")
    assert (letter.subject, letter.address) == ("Sparkle has suspended a membership", alice.email)
    assert "The membership of Alice is suspended" in desk_of(alice)
    assert "Keys were not returned." in browser(alice).get("/c/sparkle/members/mine/").content.decode()
    services.lift_suspension(membership=mine, by=board, at=at)
    assert "is suspended" not in desk_of(alice)
