"""A year's surplus, as members decide on it; and when payouts were sent."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments.events import PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import queries, services
from toadlane.ownership.surplus.models import Year
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.ui import formats


def payout_came_back(event: PayoutCameBack, *, by: Principal, at: datetime) -> None:
    services.note_came_back(subject=event.subject, by=by, at=at)


def payouts_went(event: PayoutPaid | PayoutsPaid, *, by: Principal, at: datetime) -> None:
    services.note_paid(by=by, at=at)


def _of(payload: Payload) -> Year | None:
    return queries.year(str(payload.get("year", "")))


def check(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    year = _of(payload)
    if year is None:
        return [Fault("not_found", _("No such year was worked out."), "year")]
    if year.hash != payload.get("hash") or queries.digest(year) != year.hash:
        return [Fault("changed", _("The year is no longer what was proposed. Work it out and propose it again."), "hash")]
    if year.state == Year.State.BOOKED:
        return [Fault("booked", _("This year is booked already."), "year")]
    may = book.maybe("surplus.distribution") and book.maybe("surplus.patronage") is not False
    if not may and any(year.result["members"].values()):
        return [Fault("forbidden", _("The bylaws do not let a surplus go back to the members."), "year")]
    try:
        services.capping.must_be_allowed(year)
    except Expected as wrong:
        return [Fault(wrong.code, str(wrong), "year")]
    return []


def describe(payload: Payload, language: str) -> list[str]:
    year = _of(payload)
    if year is None:
        return []
    unit, result = year.currency, year.result

    def money(minor: int) -> str:
        return formats.money(Money(minor, unit))

    about = {
        "year": formats.apart(year.name), "result": money(result["result"]), "education": money(result["education"]),
        "tax": money(result["tax"]), "mutual": money(result.get("mutual", 0)),
        "reserve": money(result["reserve"] + result["nonpatronage"] + result["unearned"]),
        "interest": money(sum(result["interest"].values())), "members": money(sum(result["members"].values())),
        "count": sum(minor > 0 for minor in result["members"].values()), "cash": money(sum(result["cash"].values())),
    }  # fmt: skip
    lines = (
        _("The result of %(year)s is %(result)s."),
        _("To the reserve: %(reserve)s. To the community and education fund: %(education)s. Tax: %(tax)s."),
        _("Interest on shares: %(interest)s."),
        _("Back to %(count)s members: %(members)s, of which %(cash)s in money."),
    )
    said = [line % about for line in lines]
    if result.get("mutual"):
        said.insert(2, _("To the fund for other co-ops: %(mutual)s.") % about)
    return said


def enact(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.book(name=str(payload["year"]), digest=str(payload["hash"]), decision=decision, by=by, at=at)


SURPLUS = Kind(
    name="surplus", label=gettext_lazy("Close a year"),
    about=gettext_lazy("What becomes of the year’s surplus: reserve, fund, interest, and what goes back to the members."),
    fields=(
        Field(name="year", label=gettext_lazy("Which year")), Field(name="hash", label=gettext_lazy("As it was worked out")),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check, describe=describe, enact=enact,
)  # fmt: skip


def check_repayment(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    minor = payload.get("amount_minor")
    wrong = services.repaying.fault(str(payload.get("year", "")), minor if isinstance(minor, int) else 0)
    return [Fault(type(wrong).__name__, str(wrong), "amount_minor")] if wrong else []


def describe_repayment(payload: Payload, language: str) -> list[str]:
    about = {
        "year": formats.apart(payload["year"]),
        "amount": formats.money(Money(int(payload["amount_minor"]), shares.currency())),
    }
    return [_("%(amount)s of what was left in capital accounts for %(year)s go back to the members.") % about]


def enact_repayment(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.repay(name=str(payload["year"]), amount_minor=int(payload["amount_minor"]), decision=decision, by=by, at=at)


REPAYMENT = Kind(
    name="repayment", label=gettext_lazy("Give back from capital accounts"),
    about=gettext_lazy("Part of an earlier surplus that stayed in the members’ capital accounts goes back, the oldest first."),
    fields=(
        Field(name="year", label=gettext_lazy("Which year")),
        Field(name="amount_minor", label=gettext_lazy("How much, in the smallest unit")),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check_repayment, describe=describe_repayment, enact=enact_repayment,
)  # fmt: skip


def check_loss(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    minor = payload.get("amount_minor")
    wrong = services.covering.fault(minor if isinstance(minor, int) else 0)
    return [Fault(type(wrong).__name__, str(wrong), "amount_minor")] if wrong else []


def describe_loss(payload: Payload, language: str) -> list[str]:
    amount = formats.money(Money(int(payload["amount_minor"]), shares.currency()))
    return [_("%(amount)s of the losses of closed years are covered out of the reserve.") % {"amount": amount}]


def enact_loss(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.cover(amount_minor=int(payload["amount_minor"]), decision=decision, by=by, at=at)


LOSS = Kind(
    name="loss", label=gettext_lazy("Cover a loss"),
    about=gettext_lazy("The reserve carries the co-op through a bad year: it covers a loss, or part of it."),
    fields=(Field(name="amount_minor", label=gettext_lazy("How much, in the smallest unit")),),
    procedure=lambda payload, book: weakest(book, 2), check=check_loss, describe=describe_loss, enact=enact_loss,
)  # fmt: skip


def check_loss_shares(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    pk = payload.get("loss")
    made = queries.imputation(pk) if isinstance(pk, int) and not isinstance(pk, bool) else None
    wrong = services.imputing.fault(made, str(payload.get("hash", "")))
    return [Fault(wrong.code, str(wrong), "loss")] if wrong else []


def describe_loss_shares(payload: Payload, language: str) -> list[str]:
    made = queries.imputation(int(payload["loss"]))
    if made is None:
        return []
    about = {
        "year": formats.apart(made.year.name), "loss": formats.money(made.amount), "reserve": formats.money(made.of_reserve),
        "members": formats.money(made.of_members), "count": len(made.parts), "carried": formats.money(made.carried),
        "law": formats.apart(made.terms["law"]),
    }  # fmt: skip
    lines = [
        _("%(loss)s of the loss of %(year)s are shared out."), _("The reserve bears %(reserve)s."),
        _("%(members)s come off the capital accounts of %(count)s members, by what each did in that year."),
        _("%(carried)s are carried forward: later surpluses cover them first."),
    ]  # fmt: skip
    if made.capital:
        about |= {"shares": formats.money(made.of_shares), "holders": len(made.capital)}
        lines.insert(3, _("%(shares)s come off the shares of %(holders)s members, whose accounts do not bear their part."))
    if made.terms["law"]:
        lines.insert(2, _("The law limits what the reserve may bear: %(law)s."))
    return [line % about for line in lines]


def enact_loss_shares(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.impute(pk=int(payload["loss"]), digest=str(payload["hash"]), decision=decision, by=by, at=at)


LOSS_SHARES = Kind(
    name="loss_shares", label=gettext_lazy("Share a loss out"),
    about=gettext_lazy(
        "The loss of a year is borne by the reserve and by the members’ capital accounts and shares, as the bylaws say."
    ),
    fields=(
        Field(name="loss", label=gettext_lazy("Which loss, as it was worked out")),
        Field(name="hash", label=gettext_lazy("As it was worked out")),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check_loss_shares, describe=describe_loss_shares,
    enact=enact_loss_shares,
)  # fmt: skip
