"""A job's way from the offer to the last tick, and who may do what on it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.members import services as membership
from toadlane.society.members.models import Membership, Organisation, Worker
from toadlane.society.people.models import Person
from toadlane.trade.work import policies, queries, services
from toadlane.trade.work.models import Job, Offer

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
START = NOW + timedelta(days=3)


@pytest.fixture
def job(inside) -> Principal:
    return Principal.job(inside.pk, "board")


def member_coop(name: str, job: Principal, at: datetime) -> Membership:
    return membership.admit(organisation=Organisation.objects.create(name=name), member_class="co_op", by=job, at=at)


@pytest.fixture
def clean_slate(job, at) -> Membership:
    return member_coop("Clean Slate", job, at)


@pytest.fixture
def new_broom(job, at) -> Membership:
    return member_coop("New Broom", job, at)


@pytest.fixture
def dana(clean_slate, job, at) -> Principal:
    """She speaks for Clean Slate."""
    dana = Person.objects.create(email="dana@slate.test", name="Dana")
    membership.name_delegate(membership=clean_slate, person=dana, by=job, at=at)
    return members.principal(person_id=dana.pk, channel=Channel.WEB)


@pytest.fixture
def ana(clean_slate, job, at) -> Worker:
    person = Person.objects.create(email="ana@slate.test", name="Ana")
    return membership.add_worker(membership=clean_slate, name="Ana", person=person, by=job, at=at)


def open_job(job: Principal, subject: str = "order:1") -> Job:
    return services.open_job(
        subject=subject, title="Top to Bottom, two bedrooms", starts=START, ends=START + timedelta(hours=4), bylaws_version=1,
        tasks=[("Kitchen", "Hob and tiles"), ("Kitchen", "Sink"), ("Bath", "Grout")], area="Ardmullen", by=job, at=NOW,
    )  # fmt: skip


def candidates(*those: Membership) -> list[policies.Candidate]:
    return [policies.Candidate(membership_id=one.pk, name=one.name) for one in those]


def offered(job: Principal, *those: Membership, subject: str = "order:1", at: datetime = NOW) -> Offer:
    offer = services.offer_next(job=open_job(job, subject), candidates=candidates(*those), by=job, at=at)
    assert offer
    return offer


def test_the_whole_way(clean_slate, dana, ana, job):
    offer = offered(job, clean_slate)
    assert offer.reason and next(w.title for w in queries.waiting(dana, NOW)).startswith("A job is offered to Clean Slate")
    taken = services.accept(offer=offer, by=dana, at=NOW)
    services.assign(job=taken, worker=ana, by=dana, at=NOW)
    as_ana = members.principal(person_id=ana.person_id, channel=Channel.WEB)
    found = queries.job(taken.pk)
    services.start(job=found, by=as_ana, at=START)
    services.tick(task=queries.task(found, 0), done=True, note="A cup broke", by=as_ana, at=START)
    done = services.finish(job=found, by=as_ana, at=START + timedelta(hours=4))
    ticks = queries.tasks(done)
    assert done.state == "finished" and queries.progress(ticks) == queries.Progress(1, 3) and ticks[0].note == "A cup broke"


def test_the_next_is_asked_after_a_pass_and_each_only_once(clean_slate, new_broom, dana, job):
    offer = offered(job, clean_slate, new_broom)
    assert offer.membership_id == clean_slate.pk
    services.pass_(offer=offer, by=dana, at=NOW)
    second = offered(job, clean_slate, new_broom)
    assert second.membership_id == new_broom.pk
    with pytest.raises(services.OfferClosed):
        services.accept(offer=offer, by=dana, at=NOW)
    services.expire_offers(by=job, at=second.expires_at)
    assert services.offer_next(job=second.job, candidates=candidates(clean_slate, new_broom), by=job, at=NOW) is None
    assert Job.objects.get().state == "untaken"


def test_an_offer_ends_on_the_minute(clean_slate, dana, job):
    offer = offered(job, clean_slate)
    assert services.expire_offers(by=job, at=offer.expires_at - timedelta(seconds=1)) == 0
    with pytest.raises(services.OfferClosed):
        services.accept(offer=offer, by=dana, at=offer.expires_at)
    assert services.accept(offer=offer, by=dana, at=offer.expires_at - timedelta(seconds=1)).state == "accepted"
    assert services.expire_offers(by=job, at=offer.expires_at) == 0


def test_passing_never_ranks_down(clean_slate, new_broom, dana, job):
    for number in range(3):
        services.pass_(offer=offered(job, clean_slate, subject=f"order:{number}"), by=dana, at=NOW)
    for name in ("rotation", "nearest", "fewest_jobs"):
        with_history = queries.with_history(candidates(clean_slate, new_broom), open_job(job, "order:9"))
        assert policies.ALLOCATION[name](policies.Need(), with_history).candidate.membership_id == clean_slate.pk


def test_only_who_was_asked_answers_and_only_their_people_go(
    *, clean_slate, new_broom, dana, ana, worker, board, wheels, job, at
):
    offer = offered(job, clean_slate)
    for other in (worker, board):
        with pytest.raises(Refused):
            services.accept(offer=offer, by=other, at=NOW)
    with pytest.raises(Refused), scope(wheels.pk):
        services.accept(offer=offer, by=dana, at=NOW)
    taken = services.accept(offer=offer, by=dana, at=NOW)
    stranger = membership.add_worker(membership=new_broom, name="Zoe", by=job, at=at)
    with pytest.raises(services.NotTheirWorker):
        services.assign(job=taken, worker=stranger, by=dana, at=NOW)
    with pytest.raises(services.NotTheirWorker):
        services.assign(job=taken, worker=None, by=dana, at=NOW)
    with pytest.raises(Refused):
        services.assign(job=taken, worker=ana, by=worker, at=NOW)
    with pytest.raises(services.WrongMoment):
        services.start(job=queries.job(taken.pk), by=dana, at=START)


def test_a_job_called_off_is_offered_to_nobody(clean_slate, dana, job):
    offer = offered(job, clean_slate)
    services.withdraw(job=offer.job, by=job, at=NOW)
    with pytest.raises(services.OfferClosed):
        services.accept(offer=offer, by=dana, at=NOW)
    with pytest.raises(services.WrongMoment):
        offered(job, clean_slate)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_takes_the_job(clean_slate, dana, job, inside):
    offer, outcome, faults, barrier = offered(job, clean_slate), Counter(), [], Barrier(4)

    def press(deed) -> None:
        try:
            with scope(inside.pk):
                barrier.wait()
                deed(offer=Offer.objects.get(pk=offer.pk), by=dana, at=NOW)
                outcome[deed.__name__] += 1
        except services.OfferClosed:
            outcome["closed"] += 1
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=(deed,)) for deed in (services.accept, services.accept, services.pass_, services.pass_)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert not faults and outcome in ({"accept": 2, "closed": 2}, {"pass_": 2, "closed": 2})
    assert Offer.objects.exclude(state="offered").count() == 1


def near(pk: int, **more) -> policies.Candidate:
    return policies.Candidate(membership_id=pk, name=str(pk), **more)


def test_policies_choose_and_say_why():
    need = policies.Need(latitude=53.0, longitude=-8.0)
    far, close = near(1, latitude=54.0, longitude=-8.0), near(2, latitude=53.01, longitude=-8.0)
    assert policies.nearest(need, [far, close]).candidate == close and "1.1 km" in policies.nearest(need, [far, close]).reason
    early, late = near(3, last_accepted_at=NOW), near(4, last_accepted_at=NOW + timedelta(days=1))
    assert policies.rotation(need, [late, early]).candidate == early
    assert policies.rotation(need, [late, early, near(9)]).candidate.membership_id == 9
    busy, idle = near(5, jobs_this_month=4), near(6, jobs_this_month=1)
    assert policies.fewest_jobs(need, [busy, idle]).candidate == idle
    assert policies.choose(policies.Need(chosen=6), [busy, idle]).candidate == idle
    assert policies.choose(policies.Need(chosen=7), [busy, idle]) is None
    assert policies.rotation(policies.Need(skills=frozenset({"oven"})), [busy, idle]) is None


def test_the_pages_and_the_api_from_offer_to_finish(*, clean_slate, dana, ana, job, charlie, monkeypatch):
    # A job of nobody's order: no room above answers for it.
    monkeypatch.setattr(queries, "_accept", None)
    offer = offered(job, clean_slate)
    boss, hand, stranger = browser(Person.objects.get(name="Dana")), browser(Person.objects.get(name="Ana")), browser(charlie)
    # The pages live in today's time, so the offer is made long-lived.
    Offer.objects.update(expires_at=datetime.now(UTC) + timedelta(hours=1))
    root, api = "/c/sparkle/work/", "/api/v1/coops/sparkle/work"
    assert "Take the job on" in boss.get(f"{root}offers/{offer.pk}/").content.decode()
    assert boss.get(f"{api}/offers").json()["items"][0]["reason"] == offer.reason
    for who, path in ((hand, f"offers/{offer.pk}/"), (stranger, f"offers/{offer.pk}/"), (stranger, f"{offer.job_id}/")):
        assert who.get(root + path).status_code == 404
        assert who.post(f"{root}offers/{offer.pk}/accept/").status_code == 404
    assert stranger.get(f"{api}/jobs/{offer.job_id}").status_code == 404
    boss.post(f"{root}offers/{offer.pk}/accept/")
    assert boss.post(f"{root}{offer.job_id}/", {}).status_code == 422
    boss.post(f"{root}{offer.job_id}/", {"worker": ana.pk})
    assert "Start the work" in hand.get(f"{root}{offer.job_id}/").content.decode()
    hand.post(f"{root}{offer.job_id}/start/")
    hand.post(f"{root}{offer.job_id}/tick/1/", {"done": "1", "note": "Shiny"})
    told = hand.put(f"{api}/jobs/{offer.job_id}/tasks/2", {"done": True}, content_type="application/json")
    assert told.json()["ticked_at"]
    assert hand.post(f"{api}/jobs/{offer.job_id}/finish").json()["state"] == "finished"
    assert "Shiny" in boss.get(f"{root}{offer.job_id}/").content.decode()
    for path in ("", "all/"):
        assert hand.get(root + path).status_code == boss.get(root + path).status_code == 200


def test_an_offer_is_accepted_together_with_what_hangs_on_it(clean_slate, dana, job, monkeypatch):
    offer, seen = offered(job, clean_slate), []
    Offer.objects.update(expires_at=datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr(queries, "_accept", lambda **said: seen.append(said["offer"].pk))
    browser(Person.objects.get(name="Dana")).post(f"/c/sparkle/work/offers/{offer.pk}/accept/")
    assert seen == [offer.pk]
