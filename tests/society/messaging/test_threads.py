"""Conversations: only those who take part; one letter until it is read; contacts open when all share them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members.queries import principal
from toadlane.society.messaging import permissions, queries, services
from toadlane.society.messaging.models import Thread
from toadlane.society.messaging.services import Side


@pytest.fixture(autouse=True)
def sandbox(settings):
    settings.TOADLANE_SANDBOX = True


@pytest.fixture
def thread(inside, alice, bob, board, at):
    sides = [
        Side(side="customer", name="Alice", person_id=alice.pk),
        Side(side="provider", name="Bob", person_id=bob.pk),
        Side(side="guest", name="Gil", order_id=77, email="gil@example.org", language="fr"),
    ]
    return services.open_thread(subject="order:12", title="Visit on Tuesday", sides=sides, by=board, at=at)


@pytest.fixture
def guest(inside):
    return Principal(coop_id=inside.pk, channel=Channel.WEB, order_id=77)


def test_what_one_says_the_others_read(thread, worker, board, guest, at):
    services.say(thread=thread, text=" The key is at the porter. ", by=worker, at=at)
    for by in (board, guest):
        (said,) = queries.messages(thread, by=by)
        assert (said.author, said.text, said.mine, said.at) == ("Alice", "The key is at the porter.", False, at)
    assert queries.messages(thread, by=worker)[0].mine


def test_opening_it_again_is_the_same_thread(thread, inside, board, at, alice):
    side = Side(side="customer", name="Alice", person_id=alice.pk)
    again = services.open_thread(subject="order:12", title="other", sides=[side], by=board, at=at)
    assert again == thread and len(queries.sides(thread)) == 3


def test_others_are_told_once_until_they_read(thread, worker, board, at, bob):
    for text in ("One.", "Two.", "Three."):
        services.say(thread=thread, text=text, by=worker, at=at)
    assert Letter.objects.filter(address=bob.email).count() == 1
    letter = Letter.objects.get(address="gil@example.org")
    assert letter.language == "fr" and "One." not in letter.text
    services.read(thread=thread, by=board, at=at + timedelta(minutes=1))
    services.say(thread=thread, text="Four.", by=worker, at=at + timedelta(minutes=2))
    assert Letter.objects.filter(address=bob.email).count() == 2


def test_a_person_who_wants_no_letters_gets_none(thread, worker, at, bob):
    bob.notices = {"messages": "none"}
    bob.save()
    services.say(thread=thread, text="Hello", by=worker, at=at)
    assert not Letter.objects.filter(address=bob.email).exists()


def test_contacts_open_when_every_side_shares_them(thread, worker, board, guest, at):
    services.say(thread=thread, text="Ring me: 086 123 4567", by=worker, at=at)
    assert queries.messages(thread, by=board)[0].text == "Ring me: [contact hidden]"
    assert queries.messages(thread, by=worker)[0].text == "Ring me: 086 123 4567"
    for by in (worker, board):
        services.share_contact(thread=thread, by=by, at=at)
    assert queries.messages(thread, by=board)[0].hidden
    services.share_contact(thread=thread, by=guest, at=at)
    assert queries.messages(thread, by=board)[0].text == "Ring me: 086 123 4567"


def test_another_guest_and_a_stranger_find_nothing(thread, inside, charlie):
    for by in (
        Principal(coop_id=inside.pk, channel=Channel.WEB, order_id=78),
        Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=charlie.pk),
        Principal(coop_id=inside.pk, channel=Channel.WEB),
    ):
        with pytest.raises(Thread.DoesNotExist):
            queries.thread(thread.pk, by=by)
        assert not queries.threads_of(by).exists()


def test_a_stranger_cannot_speak(thread, inside, charlie, at):
    with pytest.raises(Refused):
        services.say(
            thread=thread, text="Hello", by=Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=charlie.pk), at=at
        )


def test_from_another_coop_there_is_no_such_thread(thread, wheels, charlie):
    with scope(wheels.pk), pytest.raises(Thread.DoesNotExist):
        queries.thread(thread.pk, by=principal(person_id=charlie.pk, channel=Channel.WEB))


def test_a_mediator_looks_on_while_a_complaint_is_open(thread, inside, charlie):
    by = Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=charlie.pk, roles=frozenset({"mediator"}))
    permissions.let_in("test", lambda by, subject: "mediator" in by.roles and subject == "order:12")
    try:
        assert queries.thread(thread.pk, by=by) == thread
        assert queries.voice_of(by, thread) is None
    finally:
        permissions._onlookers.pop("test")


@pytest.mark.parametrize(("text", "error"), [("  ", services.NothingSaid), ("x" * 5001, services.SaidTooMuch)])
def test_too_little_and_too_much(thread, worker, at, text, error):
    with pytest.raises(error):
        services.say(thread=thread, text=text, by=worker, at=at)
    services.say(thread=thread, text="x" * 5000, by=worker, at=at)


def test_nothing_is_added_to_a_closed_conversation(thread, worker, at):
    services.close(thread=thread, by=worker, at=at)
    with pytest.raises(services.ThreadClosed):
        services.say(thread=thread, text="Hello", by=worker, at=at)


def test_who_has_left_reads_no_more(thread, inside, board, worker, at):
    services.leave(thread=thread, side=next(side for side in queries.sides(thread) if side.name == "Alice"), by=board, at=at)
    with pytest.raises(Thread.DoesNotExist):
        queries.thread(thread.pk, by=worker)


def test_the_list_says_what_is_new_and_its_cost_does_not_grow(
    thread, inside, worker, board, at, alice, django_assert_num_queries
):
    for number in range(8):
        side = Side(side="customer", name="Alice", person_id=alice.pk)
        services.open_thread(subject=f"order:{number}", title="x", sides=[side], by=board, at=at)
    services.say(thread=thread, text="Hello", by=board, at=at)
    with django_assert_num_queries(2):
        rows = list(queries.threads_of(worker))
        assert [row.title for row in rows if row.unread] == ["Visit on Tuesday"]
        assert [side.name for row in rows for side in row.participants.all()]
    assert queries.unread_count(worker) == 1 and queries.unread_count(board) == 0
    services.read(thread=thread, by=worker, at=at)
    assert queries.unread_count(worker) == 0
    assert len(queries.waiting(worker, at)) == 0


def test_the_pages(thread, alice, charlie, worker, board, at):
    services.say(thread=thread, text="Write to bob@sparkle.test <b>now</b>", by=board, at=at)
    page = browser(alice).get(f"/c/sparkle/messages/{thread.pk}/").content.decode()
    assert "[contact hidden]" in page and "&lt;b&gt;" in page and "Share mine" in page
    answer = browser(alice).post(f"/c/sparkle/messages/{thread.pk}/", {"text": "I will."})
    assert answer.status_code == 302
    assert "Write something first." in browser(alice).post(f"/c/sparkle/messages/{thread.pk}/", {"text": ""}).content.decode()
    assert "Visit on Tuesday" in browser(alice).get("/c/sparkle/messages/").content.decode()
    for path in (f"/c/sparkle/messages/{thread.pk}/", f"/c/wheels/messages/{thread.pk}/"):
        assert browser(charlie).get(path).status_code == 404
    assert browser(charlie).post(f"/c/sparkle/messages/{thread.pk}/share/").status_code == 404


def test_a_file_comes_with_a_message(thread, alice, board, charlie, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("plan.txt", b"first the kitchen")
    assert browser(alice).post(f"/c/sparkle/messages/{thread.pk}/", {"text": "", "file": file}).status_code == 302
    (said,) = queries.messages(thread, by=board)
    assert [one.name for one in said.files] == ["plan.txt"]
    assert queries.may_open(board, str(thread.pk))
    stranger = Principal(coop_id=board.coop_id, channel=Channel.WEB, person_id=charlie.pk)
    assert not queries.may_open(stranger, str(thread.pk)) and not queries.may_open(board, "0")


def test_the_api_does_the_same(thread, alice, charlie):
    ours = browser(alice)
    base = "/api/v1/coops/sparkle/messages"
    said = ours.post(f"{base}/{thread.pk}", {"text": "Hello"}, content_type="application/json")
    assert said.status_code == 201 and said.json()["mine"]
    assert ours.get(base).json()["items"][0]["title"] == "Visit on Tuesday"
    assert ours.post(f"{base}/{thread.pk}", {"text": " "}, content_type="application/json").status_code == 422
    assert ours.post(f"{base}/{thread.pk}/share").status_code == 204
    assert browser(charlie).get(f"{base}/{thread.pk}").status_code == 404
