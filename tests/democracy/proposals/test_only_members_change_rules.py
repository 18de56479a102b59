"""The board tries to change a rule through the API, the admin page and the shell: refused each time, with the door shown."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.conftest import browser
from toadlane.config.api import api
from toadlane.plumbing.access.principals import Channel, Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members

TO_SIX = Patch(1, (Op("fees.commission", "0.05", "0.06"),))


@pytest.fixture(autouse=True)
def nothing_moved(inside):
    yield
    assert bylaws.book().number == 1 and bylaws.first_broken_link() is None


@pytest.mark.parametrize("method", ["put", "post", "patch", "delete"])
@pytest.mark.parametrize("path", ["/rules", "/rules/fees.commission"])
def test_the_api_reads_rules_and_writes_none(inside, bob, method, path):
    answer = getattr(browser(bob), method)(
        f"/api/v1/coops/sparkle{path}", json.dumps({"value": "0.06"}), content_type="application/json"
    )
    assert answer.status_code == 405
    page = browser(bob).get("/c/sparkle/rules/fees.commission/").content.decode()
    assert '/c/sparkle/proposals/change/fees.commission/"' in page, "the door is beside the rule"


def test_no_operation_of_the_api_writes_a_rule(inside):
    paths = {path: set(view) for path, view in api.get_openapi_schema()["paths"].items() if "/rules" in path}
    assert paths and all(methods == {"get"} for methods in paths.values())


def test_there_is_no_admin_page(inside, bob):
    assert browser(bob).get("/admin/").status_code == 404 and browser(bob).get("/c/sparkle/admin/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert "admin" not in set(get_resolver().app_dict)


@pytest.mark.parametrize("page", ["/rules/", "/rules/fees.commission/", "/rules/versions/"])
def test_the_pages_of_the_rules_take_nothing(inside, bob, page):
    answer = browser(bob).post(f"/c/sparkle{page}", {"value": "0.06", "fees.commission": "0.06"})
    assert answer.status_code in (200, 405)


@pytest.mark.parametrize("channel", list(Channel))
def test_the_service_refuses_the_board_by_every_way_and_names_the_door(inside, bob, channel, at):
    by = members.principal(person_id=bob.pk, channel=channel)
    for deed in (
        lambda: rules.enact(patch=TO_SIX, decision="2027-1", passed_by="simple", by=by, at=at),
        lambda: rules.announce(patch=TO_SIX, decision="2027-1", due_at=at, by=by, at=at),
        lambda: rules.found(document=dict(bylaws.book().document), by=by, at=at),
    ):
        with pytest.raises(Refused, match="Propose the change beside the rule"):
            deed()


def test_the_operator_of_the_server_is_no_member(inside, at):
    from tests.conftest import OPERATOR

    with pytest.raises(Refused):
        rules.enact(patch=TO_SIX, decision="2027-1", passed_by="simple", by=OPERATOR, at=at)


def test_at_the_shell_the_database_itself_refuses(inside, at):
    first = BylawsVersion.objects.get()
    document = json.loads(json.dumps(first.document))
    document["rules"]["fees.commission"]["value"] = "0.06"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BylawsVersion.objects.filter(pk=first.pk).update(document=document)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        first._meta.model.objects.filter(pk=first.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="chain"), transaction.atomic():
        BylawsVersion.objects.create(number=2, document=document, changed=["fees.commission"], decision="x", enacted_at=at,
                                     previous_hash="0" * 64, hash="0" * 64)  # fmt: skip


def test_a_version_that_continues_the_chain_and_rests_on_no_decision_is_found_out(inside, at):
    """Who holds the database can add a row; `toadlane verify` tells it from a decision."""
    with transaction.atomic():
        first = BylawsVersion.objects.get()
        document = json.loads(json.dumps(first.document))
        document["rules"]["fees.commission"]["value"] = "0.06"
        rules._append(document=document, changed=[], decision="2027-1", at=at, previous=first)
        assert bylaws_faults(), "a rule moved that its version does not name"
        transaction.set_rollback(True)
    bylaws.forget_in_force()


def bylaws_faults():
    from toadlane.plumbing.tenancy import invariants

    return [fault for name, found in invariants.verify_coop().items() if name.startswith("bylaws") for fault in found.faults]
