"""What clients promise a wallet is collected by direct debit: the same mandates and files as for dues, and no card."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser, run_jobs
from tests.money.bank.debiting import CREDITOR, DANA, GUS, OWN, day
from tests.money.benefits.conftest import credits, of
from tests.money.payments.cards import euro
from toadlane.money.bank import queries as bank
from toadlane.money.bank import services as files
from toadlane.money.bank.models import Debit, Mandate
from toadlane.money.bank.services.details import NameNeeded
from toadlane.money.benefits import queries, services, tasks
from toadlane.money.benefits.models import Contribution, Plan
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.members import queries as members

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(inside, emil, at):
    """The co-op is known to banks by its identifier and its account."""
    files.give(membership=None, name="Sparkle", iban=OWN, by=emil, at=at)
    files.identify(identifier=CREDITOR, by=emil, at=at)


@pytest.fixture
def ann(clients):
    """A client, and no member."""
    return clients[0]


def promise(who, wallet, at, *, minor=1_500, rhythm="month", iban=DANA, name="Ann"):
    return services.promise_by_debit(
        wallet=wallet, rhythm=rhythm, amount=euro(minor), name=name, iban=iban, at=at,
        by=who if isinstance(who, Principal) else of(who),
    )  # fmt: skip


def collect(dora, emil, at, days=15):
    file = files.collect(collects_on=day(at, days), by=dora, at=at)
    return files.approve_collection(collection=file, by=emil, at=at)


def bring(file, dora, emil, at):
    """Two people say that the bank has carried it out, and what follows of it is done."""
    for by in (dora, emil):
        files.collected(collection=file, by=by, at=at + timedelta(days=15))
    done()


def done():
    with outside():
        run_jobs()


def test_a_monthly_promise_is_in_the_wallet_once_the_bank_has_brought_it(known, rose, ann, dora, emil, timer, at):
    plan = promise(ann, rose, at)
    assert (plan.state, plan.method, plan.next_on.month) == ("running", "debit", (at + timedelta(days=31)).month)
    one = Contribution.objects.get()
    assert (one.state, one.try_at) == ("asked", None) and not Payment.objects.exists(), "nothing is charged"
    tasks.charge(by=timer, at=at + timedelta(hours=1))
    assert Contribution.objects.get().tried == 0
    file = collect(dora, emil, at)
    debit = Debit.objects.select_related("mandate").get()
    assert (file.total_minor, debit.mandate.person, debit.sequence) == (1_500, ann, "FRST") and credits(rose) == 0
    bring(file, dora, emil, at + timedelta(days=15))
    one.refresh_from_db()
    assert one.state == "paid" and credits(rose) == 15 and not queries.wallets_hold().faults
    assert Plan.objects.get().kept_card == ""
    with pytest.raises(files.NothingToCollect):
        files.collect(collects_on=day(at, 42), by=dora, at=at + timedelta(days=16))


def test_each_month_is_in_one_file_and_once(known, rose, ann, dora, emil, timer, at):
    promise(ann, rose, at)
    collect(dora, emil, at, 42)
    later = at + timedelta(days=32)
    for _time in range(3):
        tasks.charge(by=timer, at=later)
    second = files.collect(collects_on=day(later), by=dora, at=later)
    assert (second.count, second.total_minor) == (1, 1_500) and Contribution.objects.count() == 2
    with pytest.raises(files.NothingToCollect):
        files.collect(collects_on=day(later), by=dora, at=later)
    files.drop_collection(collection=second, by=dora, at=later)
    assert files.collect(collects_on=day(later), by=dora, at=later).count == 1
    assert Payment.objects.count() == 2, "what was in a dropped file is begun once"


def test_after_each_visit_it_is_in_the_next_file(known, rose, ann, dora, timer, at):
    plan = promise(ann, rose, at, rhythm="visit", minor=700)
    assert plan.next_on is None and not Contribution.objects.exists(), "there is no first payment to keep a card by"
    for _time in range(2):
        services.visit_done(payer_id=ann.pk, worker_id=rose.person_id, visit="order:9", by=timer, at=at)
    assert files.collect(collects_on=day(at), by=dora, at=at).total_minor == 700


def test_a_member_has_one_mandate_for_all_they_owe(known, rose, dora, at):
    own = members.register().get(pk=dora.membership_id)
    mandate = files.sign(payer=own, name="Dora", iban=GUS, by=dora, at=at)
    promise(dora, rose, at, iban="")
    assert bank.mandate_for(dora.person_id, at) == mandate and Mandate.objects.count() == 1
    file = files.collect(collects_on=day(at), by=dora, at=at)
    assert (file.count, Debit.objects.get().mandate) == (1, mandate)


def test_an_account_that_is_given_with_the_promise_is_a_mandate(known, rose, ann, dora, at):
    with pytest.raises(services.MandateNeeded):
        promise(ann, rose, at, iban="")
    for wrong, raised in (("DE00", files.NotAnIban), ("US64SVBKUS6S3300958879", files.NotAnIban)):
        with pytest.raises(raised):
            promise(ann, rose, at, iban=wrong)
    with pytest.raises(NameNeeded):
        promise(ann, rose, at, name="")
    assert not Plan.objects.exists() and not Mandate.objects.exists(), "what is refused is not half done"
    first = promise(ann, rose, at)
    assert promise(ann, rose, at, iban="").pk == first.pk and Contribution.objects.count() == 1
    with pytest.raises(services.PlanThere):
        promise(ann, rose, at, minor=1_600)
    promise(dora, rose, at, name="Dora")
    assert Mandate.objects.get(membership=dora.membership_id).person_id is None


def test_without_an_identifier_nothing_is_collected(rose, ann, at):
    assert not queries.takes_debits(rose)
    with pytest.raises(files.NoDebits):
        promise(ann, rose, at)


@pytest.mark.parametrize("minor", [499, 500])
def test_the_least_of_the_bylaws_is_for_debits_too(known, rose, ann, at, minor):
    if minor == 500:
        assert promise(ann, rose, at, minor=minor).amount_minor == 500
        return
    with pytest.raises(services.TooLittle):
        promise(ann, rose, at, minor=minor)


def test_who_ends_the_plan_is_not_debited_unless_it_is_at_the_bank(known, rose, ann, clients, dora, emil, at):
    plan, other = promise(ann, rose, at), promise(clients[1], rose, at, iban=GUS)
    file = files.collect(collects_on=day(at, 15), by=dora, at=at)
    services.end_plan(plan=plan, by=of(ann), at=at)
    assert Contribution.objects.get(plan=plan).state == "dropped"
    with pytest.raises(files.DebitChanged):
        files.approve_collection(collection=file, by=emil, at=at)
    files.drop_collection(collection=file, by=dora, at=at)
    file = collect(dora, emil, at)
    assert file.count == 1
    services.end_plan(plan=other, by=of(clients[1]), at=at)
    assert Contribution.objects.get(plan=other).state == "asked", "it is on its way, as they were told"
    bring(file, dora, emil, at + timedelta(days=15))
    assert Contribution.objects.get(plan=other).state == "paid" and credits(rose) == 15


def test_another_amount_keeps_the_mandate(known, rose, ann, at):
    plan = promise(ann, rose, at)
    changed = services.change_plan(plan=plan, amount=euro(2_000), by=of(ann), at=at)
    assert (changed.method, changed.next_on, changed.amount_minor) == ("debit", plan.next_on, 2_000)


def test_a_mandate_that_ends_ends_the_plan_and_another_one_does_not(known, rose, ann, dora, at, settings):
    settings.TOADLANE_SANDBOX = True
    promise(ann, rose, at)
    first = Mandate.objects.get()
    second = files.sign(payer=ann, name="Ann", iban=GUS, by=of(ann), at=at)
    done()
    assert Plan.objects.get().state == "running" and Mandate.objects.get(pk=first.pk).ended_at
    files.end(mandate=second, by=of(ann), at=at)
    done()
    plan = Plan.objects.get()
    assert (plan.state, plan.ended_because) == ("ended", "mandate") and Contribution.objects.get().state == "dropped"
    told = Letter.objects.filter(template="benefits/ended").order_by("pk")
    assert [one.address for one in told] == ["+353861234567", ann.email] and "mandate has ended" in told[1].text
    with pytest.raises(files.NothingToCollect):
        files.collect(collects_on=day(at), by=dora, at=at)


def test_a_mandate_that_lapsed_ends_the_plan_when_it_is_asked_next(known, rose, ann, dora, timer, at):
    plan = promise(ann, rose, at)
    files.identify(identifier="NL79ZZZ999999990000", by=dora, at=at)
    tasks.charge(by=timer, at=at + timedelta(days=32))
    plan.refresh_from_db()
    assert (plan.state, plan.ended_because) == ("ended", "mandate") and Contribution.objects.count() == 1
    visit = promise(ann, rose, at, rhythm="visit")
    files.identify(identifier=CREDITOR, by=dora, at=at + timedelta(days=33))
    about = {"payer_id": ann.pk, "worker_id": rose.person_id, "visit": "order:1", "by": timer}
    assert services.visit_done(**about, at=at + timedelta(days=34)) is None
    visit.refresh_from_db()
    assert visit.state == "ended"


def test_a_debit_that_comes_back_leaves_the_wallet_and_ends_the_plan(known, rose, ann, dora, emil, timer, at):
    promise(ann, rose, at)
    after = at + timedelta(days=15)
    bring(collect(dora, emil, at), dora, emil, after)
    assert credits(rose) == 15
    payment, by = Payment.objects.get(), Principal.job(timer.coop_id, "bank")
    about = {"payment": payment, "provider_ref": "debit:1", "by": by, "at": after}
    payments.open_dispute(**about, amount=euro(1_500), fee=euro(0))
    payments.close_dispute(**about, won=False)
    done()
    plan = Plan.objects.get()
    assert (plan.state, plan.ended_because) == ("ended", "returned") and credits(rose) == 0
    tasks.charge(by=timer, at=after + timedelta(days=60))
    assert Contribution.objects.count() == 1 and not queries.wallets_hold().faults


def test_only_whose_mandate_it_is_and_only_an_office(known, rose, ann, clients, wheels, dora, at):
    promise(ann, rose, at)
    mandate = Mandate.objects.get()
    for by in (of(clients[1]), dora, Principal(coop_id=wheels.pk, channel=Channel.WEB, person_id=ann.pk)):
        with pytest.raises(Refused):
            files.end(mandate=mandate, by=by, at=at)
    with pytest.raises(Refused):
        files.sign(payer=ann, name="Ann", iban=GUS, by=of(clients[1]), at=at)
    with pytest.raises(Refused):
        list(services.to_collect(membership_ids=[], person_ids=[ann.pk], on_its_way=(), by=of(ann), at=at))
    with scope(wheels.pk):
        assert bank.mandate_for(ann.pk, at) is None


def test_the_database_keeps_whose_mandate_it_is(known, rose, ann, clients, dora, at):
    promise(ann, rose, at)
    own = members.register().get(pk=dora.membership_id)
    for change in ({"person": clients[1]}, {"person": None}, {"membership": own}, {"person": None, "membership": own}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Mandate.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Mandate.objects.create(person=ann, name="A", iban=GUS, reference="X", creditor="X", text="", language="en", signed_at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.update(kept_card="card")


def test_many_are_collected_in_as_many_statements_as_few(
    known, rose, clients, dora, at, django_assert_max_num_queries
):  # fmt: skip
    promise(clients[0], rose, at)
    with django_assert_max_num_queries(20) as few:
        list(services.to_collect(membership_ids=[], person_ids=[clients[0].pk], on_its_way=(), by=dora, at=at))
    for who in clients[1:]:
        promise(who, rose, at, iban=GUS)
    with django_assert_max_num_queries(len(few.captured_queries)):
        found = list(
            services.to_collect(membership_ids=[], person_ids=[one.pk for one in clients], on_its_way=(), by=dora, at=at)
        )  # fmt: skip
    assert len(found) == 5


def test_by_its_page(known, rose, ann, at):
    page, url = browser(ann), f"/c/sparkle/benefits/give/{rose.code}/"
    shown = page.get(url).content.decode()
    assert "By direct debit" in shown and "eight weeks" in shown
    given = {"key": "1", "amount": "15", "rhythm": "month", "method": "debit"}
    wrong = page.post(url, given)
    assert wrong.status_code == 422 and "from which account" in wrong.content.decode()
    once = page.post(url, given | {"rhythm": "once", "name": "Ann", "iban": DANA})
    assert once.status_code == 422
    done_ = page.post(url, given | {"name": "Ann", "iban": DANA}, follow=True)
    assert "by direct debit from" in done_.content.decode() and "3000" in done_.content.decode()
    again = page.get(url).content.decode()
    assert "You give Rosa €15.00 every month already" in again.replace(rose.person.name, "Rosa")
    assert "by your mandate" in again and 'name="iban"' not in again
    mine = page.get("/c/sparkle/bank/mine/").content.decode()
    assert "End this mandate" in mine and "Pay me there" not in mine and "I give this mandate" not in mine
    assert page.post("/c/sparkle/bank/mine/mandate/", {"name": "x"}).status_code == 404
    page.post("/c/sparkle/bank/mine/mandate/", {"deed": "end", "mandate": Mandate.objects.get().reference})
    assert Mandate.objects.get().ended_at


def test_over_rest(known, rose, ann, charlie, at):
    page, api = browser(ann), "/api/v1/coops/sparkle"
    url = f"{api}/benefits/give/{rose.code}/debit"
    given = {"minor": 1_500, "rhythm": "month", "name": "Ann", "iban": DANA}
    made = page.post(url, given, content_type="application/json")
    assert made.status_code == 201 and (made.json()["method"], made.json()["state"]) == ("debit", "running")
    own = page.get(f"{api}/bank/mandates").json()
    assert [one["membership"] for one in own["items"]] == [None]
    reference = own["items"][0]["reference"]
    stranger = browser(charlie)
    assert stranger.post(f"{api}/bank/mandates/{reference}/end", content_type="application/json").status_code == 404
    assert page.post(f"{api}/bank/mandates/{reference}/end", content_type="application/json").status_code == 200
    by_hand = page.post(f"{api}/bank/mandates", {"name": "Ann", "iban": GUS}, content_type="application/json")
    assert by_hand.status_code == 201 and by_hand.json()["membership"] is None
