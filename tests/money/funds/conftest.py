"""Sparkle with two officers, Alice who buys things, and decisions that passed."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from tests.democracy.proposals.conftest import decided, idea, job, voting  # noqa: F401
from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.money import Money
from toadlane.money.funds import queries, services
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import services as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.members import queries as members
from toadlane.society.members import services as joining
from toadlane.society.people.models import Person


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def officer(coop, name, at, office="treasurer"):
    """Let somebody in and name them to an office."""
    person = Person.objects.create(email=f"{name}@sparkle.test", name=name.title())
    act = Principal.job(coop.pk, "founder", "board")
    joining.admit(person=person, member_class="worker", by=act, at=at)
    joining.appoint(person=person, office=office, decision="founding", by=act, at=at)
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def dora(inside, at):
    return officer(inside, "dora", at)


@pytest.fixture
def emil(inside, at):
    return officer(inside, "emil", at, office="board")


@pytest.fixture
def money(inside, at):
    """The co-op has 5,000.00 of its own in the bank."""
    ledger.post(
        key="start", narration="A gift", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("1000", euro(500_000)), ledger.credit("4000", euro(500_000))],
    )  # fmt: skip


def rule(**values):
    """Write other values into the bylaws, as an enacted decision would."""
    last = BylawsVersion.objects.order_by("-number")[0]
    document = {**last.document, "rules": {**last.document["rules"]}}
    for name, value in values.items():
        entry = document["rules"][name.replace("__", ".")]
        document["rules"][name.replace("__", ".")] = {**entry, "value": value}
    return bylaws._append(
        document=document, changed=[name.replace("__", ".") for name in values], decision=f"rules-{last.number}",
        at=last.enacted_at, previous=last,
    )  # fmt: skip


def spend(amount=40_000, **more):
    return {"kind": "spend", "payload": {"amount": amount, "purpose": "A phone line", "source": "6600", **more}}


@pytest.fixture
def approved(inside, idea, decided, job):  # noqa: F811
    """Have members decide to spend; return the approval and the instant at which it stands."""

    def go(state="passed", **more):
        decision = decided(idea(spend(**more), title="A phone line"), state=state)
        if state == "passed":
            proposals.enact_due(by=job, at=decision.enactment.due_at + timedelta(seconds=1))
        return queries.approvals().filter(decision=decision).first()

    return go


@pytest.fixture
def bought(inside, worker, at):
    """Alice bought something; with a receipt unless told otherwise."""

    def go(minor=12_000, *, receipt=True, when=at, by=worker, **more):
        given = {"purpose": "A phone", "payee": "Alice", "payee_account": "IE29 AIBK 9311 5212 3456 78"} | more
        made = services.claim(amount=euro(minor), by=by, at=when, **given)
        if receipt:
            services.add_receipt(expense=made, file=ContentFile(b"%PDF-1.4 receipt"), name="receipt.pdf", by=by, at=when)
        return made

    return go


@pytest.fixture
def paid(dora, emil, at):
    """Have Dora prepare and Emil pay."""

    def go(expense, when=at, key="k", **more):
        prepared = services.prepare(expense=expense, key=f"{expense.pk}:{key}", by=dora, at=when, **more)
        return services.pay(disbursement=prepared, by=emil, at=when)

    return go
