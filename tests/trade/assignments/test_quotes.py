"""A quote that changes before it is confirmed, is asked about, declined with a reason, or taken back."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.trade.assignments.conftest import CLIENT, confirmed, engaged, fresh, quoted
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending.models import Letter
from toadlane.trade.assignments import queries, services
from toadlane.trade.assignments.models import Remark, Revision

pytestmark = pytest.mark.django_db


def sent(house, activity, at, **more):
    return services.send(assignment=quoted(house, activity, at, **more), by=house.by(house.alice), at=at)


def revised(house, order, at, *, net=80_000, client=CLIENT, by=None):
    day = queries.today(at)
    return services.revise(
        assignment=order, title="Fewer posters", trade="any", first_day=day, last_day=day, client=client,
        lines=[services.Line("Eight posters", net)], by=by or house.by(house.alice), at=at,
    )  # fmt: skip


def test_a_changed_quote_is_another_version_and_the_old_address_says_so(house, activity, at):
    order, guest = sent(house, activity, at), Client()
    old, digest = queries.token(order), queries.digest(order)
    with pytest.raises(Refused):
        revised(house, order, at, by=house.by(house.vera))
    now = revised(house, order, at)
    assert (now.state, now.version, now.net_minor, now.vat_minor, now.fee_minor) == ("draft", 2, 80_000, 16_800, 5_200)
    assert Revision.objects.get().text["title"] == "Spring posters" and queries.digest(now) != digest
    new, here = queries.token(now), "/c/quill/activities/q"
    assert queries.at_token(old) is None and queries.at_token(new) is None, "the new one is not out yet"
    page = guest.get(f"{here}/{old}/")
    assert page.status_code == 410 and "There is a newer quote" in page.content.decode() and new not in page.content.decode()
    with clock.telling(at):
        assert guest.get(f"/api/v1/coops/quill/activities/quotes/{old}").status_code == 410
        assert guest.post(f"{here}/{old}/confirm/", {"name": "Gabriel", "digest": digest}).status_code == 404
    services.send(assignment=now, by=house.by(house.alice), at=at)
    assert new in guest.get(f"{here}/{old}/").content.decode() and "Eight posters" in guest.get(f"{here}/{new}/").content.decode()
    with pytest.raises(services.TextChanged):
        services.confirm(assignment=now, name="Gabriel", digest=digest, by=house.guest, at=at)
    services.confirm(assignment=now, name="Gabriel", digest=queries.digest(now), by=house.guest, at=at)
    with pytest.raises(services.WrongMoment):
        revised(house, fresh(order), at)


def test_whoever_got_an_old_quote_by_mistake_is_not_led_to_the_new_one(house, activity, at):
    order = sent(house, activity, at)
    old = queries.token(order)
    other = services.Client(**{**CLIENT.__dict__, "email": "right@gate.test"})
    now = services.send(assignment=revised(house, order, at, client=other), by=house.by(house.alice), at=at)
    assert queries.newer(old).token == "" and queries.newer(queries.token(now)) is None
    assert queries.newer("1.7~x") is None


def test_a_draft_changes_without_another_version_and_never_below_its_contracts(house, activity, at):
    order = quoted(house, activity, at)
    engaged(house, activity, at, order=order, amount=70_000)
    with pytest.raises(services.OverBudget):
        revised(house, order, at, net=74_000)
    assert revised(house, order, at, net=75_000).version == 1 and not Revision.objects.exists()


def test_a_client_asks_is_answered_and_declines_with_a_reason(house, activity, at):
    order, guest, alice = sent(house, activity, at), Client(), Client()
    alice.force_login(house.alice)
    here, inside = f"/c/quill/activities/q/{queries.token(order)}", f"/c/quill/activities/orders/{order.pk}"
    with clock.telling(at):
        assert guest.post(f"{here}/ask/", {"text": ""}).status_code == 422
        assert guest.post(f"{here}/ask/", {"text": "Is paper included?"}).status_code == 302
        assert "Is paper included?" in Letter.objects.get(template="assignments/asked").text
        assert "Is paper included?" in alice.get(f"{inside}/").content.decode()
        assert alice.post(f"{inside}/answer/", {"text": "It is."}).status_code == 302
        assert "It is." in Letter.objects.get(template="assignments/answered").text
        assert "It is." in guest.get(f"{here}/").content.decode()
        assert guest.post(f"{here}/decline/", {"reason": "Too dear"}).status_code == 302
    assert "Too dear" in Letter.objects.get(template="assignments/declined").text and fresh(order).state == "declined"
    with pytest.raises(services.WrongMoment):
        services.ask_about(assignment=order, text="And now?", by=house.guest, at=at)
    with pytest.raises(Refused):
        services.answer(assignment=order, text="No", by=house.by(house.bob), at=at)
    assert [one.is_clients for one in Remark.objects.order_by("pk")] == [True, False, True]
    for deed in (lambda: Remark.objects.update(text="x"), lambda: Remark.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_nobody_is_drowned_in_questions(house, activity, at):
    order = sent(house, activity, at)
    for number in range(20):
        services.ask_about(assignment=order, text=f"{number}?", by=house.guest, at=at)
    with pytest.raises(services.TooManyRemarks):
        services.ask_about(assignment=order, text="21?", by=house.guest, at=at)
    assert services.answer(assignment=order, text="So.", by=house.by(house.alice), at=at)


def test_a_client_is_told_when_a_quote_is_taken_back_and_nobody_when_it_was_never_sent(house, activity, at):
    services.drop(assignment=quoted(house, activity, at), by=house.by(house.alice), at=at)
    assert not Letter.objects.filter(template="assignments/withdrawn").exists()
    services.drop(assignment=confirmed(house, activity, at), by=house.by(house.alice), at=at)
    assert Letter.objects.get(template="assignments/withdrawn")


def test_the_form_to_change_a_quote_keeps_what_it_says(house, activity, at):
    order, alice, tom = sent(house, activity, at), Client(), Client()
    alice.force_login(house.alice)
    tom.force_login(house.tom)
    here = f"/c/quill/activities/orders/{order.pk}/edit/"
    with clock.telling(at):
        page = alice.get(here).content.decode()
        assert 'value="1000.00"' in page and "Ten posters" in page and "newer one" in page
        assert tom.get(here).status_code == 403
        form = {
            "title": "Fewer", "trade": "any", "first_day": "2027-03-01", "last_day": "2027-03-01", "text_1": "Eight",
            "amount_1": "800", "client_name": "Gate", "client_email": "office@gate.test", "country": "IE", "language": "en",
        }  # fmt: skip
        assert alice.post(here, form).status_code == 302
    assert (fresh(order).version, fresh(order).title) == (2, "Fewer")
