"""Whoever writes past the database's refusals into what may be spent is named by `toadlane verify`."""

from datetime import date

import pytest
from django.db.models import F

from toadlane.money.funds import queries
from toadlane.money.funds.models import Approval
from toadlane.plumbing.triggers import refusals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("money")]


CHANGES = {
    "amount": {"amount_minor": F("amount_minor") + 1}, "purpose": {"purpose": "Something else"}, "source": {"source": "2150"},
    "until": {"until": date(2099, 1, 1)}, "payee": {"payee": "Somebody else"}, "not what was decided": {"digest": "0" * 64},
}  # fmt: skip


def test_what_may_be_spent_is_what_was_decided(approved):
    rests = approved()
    assert (queries.approved_as_decided().looked_at, queries.approved_as_decided().faults) == (1, [])
    refusals.remove()
    try:
        for named, change in CHANGES.items():
            Approval.objects.filter(pk=rests.pk).update(**change)
            [fault] = queries.approved_as_decided().faults
            assert rests.decision.name in fault and named in fault
            rests.save()
            assert not queries.approved_as_decided().faults
    finally:
        refusals.install()
