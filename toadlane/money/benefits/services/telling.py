"""Letters about wallets: to the worker, and to whoever pays."""

from datetime import datetime

from toadlane.money.benefits.models import Contribution, Draw, Plan, Wallet
from toadlane.money.benefits.permissions import RUN
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.people import queries as people


def tell_of_wallet(*, wallet: Wallet, person_id: int, by: Principal, at: datetime) -> None:
    """Tell whoever invited a worker that she said yes, and where to pay."""
    by.must(RUN)
    _write(person_id, "opened", by, at, "benefits:give", wallet.code, worker=wallet.person.name)


def tell_of_miss(*, contribution: Contribution, is_over: bool, by: Principal, at: datetime) -> None:
    """Tell both that a charge did not go through, and what comes next. The payer may pay it at its page, with any card."""
    by.must(RUN)
    payment = payments.of_subject(contribution.subject)
    about = {
        "worker": contribution.wallet.person.name, "amount": contribution.amount, "is_over": is_over,
        "try_at": contribution.try_at, "pay_url": payments.address_of(payment) if payment and not is_over else "",
    }  # fmt: skip
    if contribution.payer_id:
        _write(contribution.payer_id, "missed", by, at, "benefits:plans", **about)
    _write(contribution.wallet.person_id, "missing", by, at, "benefits:mine", **about)


def tell_of_end(*, plan: Plan, by: Principal, at: datetime) -> None:
    """Tell the other side that a plan has ended; the balance stays."""
    by.must(RUN)
    about = {"worker": plan.wallet.person.name, "amount": plan.amount, "rhythm": plan.rhythm}
    if plan.ended_because in ("payer", "gone"):
        _write(plan.wallet.person_id, "ended", by, at, "benefits:mine", **about)
    elif plan.ended_because == "worker":
        _write(plan.payer_id, "ended", by, at, "benefits:plans", **about)
    elif plan.ended_because in ("mandate", "returned"):
        _write(plan.wallet.person_id, "ended", by, at, "benefits:mine", **about)
        _write(plan.payer_id, "ended", by, at, "benefits:plans", because=plan.ended_because, **about)


def tell_of_asking(*, draw: Draw, by: Principal, at: datetime) -> None:
    """Tell a worker what somebody asked for in her name: nothing leaves her wallet behind her back."""
    by.must(RUN)
    about = {"amount": draw.amount, "what": draw.get_what_display(), "way": draw.get_way_display()}
    _write(draw.wallet.person_id, "asked", by, at, "benefits:mine", helper=draw.asked_by.name, **about)


def tell_of_payment(*, draw: Draw, by: Principal, at: datetime) -> None:
    """Tell a worker that two people have paid what she asked for."""
    by.must(RUN)
    about = {"amount": draw.amount, "what": draw.get_what_display(), "way": draw.get_way_display()}
    _write(draw.wallet.person_id, "paid", by, at, "benefits:mine", **about)


def _write(person_id: int, letter: str, by: Principal, at: datetime, page: str, *args: object, **about: object) -> None:
    if (reached := people.reach(person_id, "money")) is None:
        return
    coop = coops.of_scope(current_coop_id())
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    context = {"coop": coop.name, "url": coops.address(coop, page, *args), **about}
    sending.send(to=to, template=f"benefits/{letter}", context=context, language=reached.language, by=by, at=at)
