"""Reading statements: what fits by reference and amount is booked, what is doubtful waits for a person."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.money.bank import queries
from toadlane.money.bank.models import Line, Statement
from toadlane.money.bank.permissions import KEEP
from toadlane.money.bank.policies import statements
from toadlane.money.bank.services.bounced import Bounced
from toadlane.money.bank.services.debits import Debits
from toadlane.money.bank.services.overlaps import Known
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Errand, Method, Payment, Payout, Provider
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant

OPEN = queries.OPEN


class Doubtful(Expected):
    words = lazy("This does not fit: it is of another amount, or was paid already.")
    status = 422
    field = "subject"


class NotOurs(Expected):
    words = lazy("This statement is of another account than the co-op's.")
    status = 422
    field = "file"


@dataclass(frozen=True)
class Imported:
    """:param known: lines that another statement brought before, and that changed nothing"""

    read: int
    known: int
    matched: int
    doubtful: int


@transaction.atomic
def import_statement(*, data: bytes, by: Principal, at: datetime) -> Imported:
    """Read a file of the bank. Read twice, or overlapping with another, each line counts once.

    :raises NotAStatement, DoesNotAddUp: nothing of the file is taken then
    :raises NotOurs: when the co-op has said which account is its own, and this is another
    """
    by.must(KEEP)
    Tenant.lock_current()
    found, digest = statements.read(data), hashlib.sha256(data).hexdigest()
    own = queries.details_of(None)
    if own and any(one.iban != own.iban for one in found):
        raise NotOurs
    known, fresh, pending = Known(found), list[Line](), list[Line]()
    lines, bank = [line for one in found for line in one.lines], Principal.job(by.coop_id, "bank")
    debits, bounced = Debits(lines, bank), Bounced(lines, bank)
    for one in found:
        kept = _keep(one, digest, by, at)
        for line in one.lines:
            if (new := known.take(one, line)) is not None:
                key, is_doubtful = new
                kept_line = _line(kept, line, key, _why(line, is_doubtful=is_doubtful))
                if is_doubtful or not (debits.match(kept_line, line, at) or bounced.match(kept_line, line, at)):
                    pending.append(kept_line)
                fresh.append(kept_line)
    debits.finish(at)
    total = sum(len(one.lines) for one in found)
    _match([line for line in pending if not line.why], by, at)
    Line.objects.bulk_create(fresh, batch_size=500)
    matched = sum(line.state == Line.State.MATCHED for line in fresh)
    return Imported(total, total - len(fresh), matched, sum(line.state == Line.State.DOUBTFUL for line in fresh))


def _keep(one: statements.Statement, digest: str, by: Principal, at: datetime) -> Statement:
    about = {
        "iban": one.iban[:34], "currency": one.currency, "opening_minor": one.opening_minor, "closing_minor": one.closing_minor,
        "last_on": one.last_on, "read_at": at, "read_by": str(by),
    }  # fmt: skip
    return Statement.objects.get_or_create(digest=digest, number=one.id[:60], defaults=about)[0]


def _why(line: statements.Line, *, is_doubtful: bool) -> str:
    """Say why a person has to look, whatever a line names; nothing where it speaks for itself."""
    if is_doubtful:
        return _("Another statement of that day has a line that says the same: is it the same money?")
    if line.is_reversal:
        return _("It undoes what was booked before: money that came back, or that the bank takes back.")
    return _("It stands for several payments at once, and the bank does not say how much is for which.") if line.is_bundle else ""


def _line(kept: Statement, line: statements.Line, key: str, why: str) -> Line:
    return Line(
        statement=kept, key=key, why=why, amount_minor=line.amount_minor, currency=line.currency, booked_on=line.booked_on,
        name=line.name, iban=line.iban, end_to_end=line.end_to_end, text=line.text, state=Line.State.DOUBTFUL,
    )  # fmt: skip


def _match(fresh: list[Line], by: Principal, at: datetime) -> None:
    """Find what each line paid, in three statements for all of them."""
    bank = Principal.job(by.coop_id, "bank")
    waiting = Payment.objects.filter(method=Method.TRANSFER, provider=Provider.MANUAL, state__in=OPEN).exclude(reference="")
    by_reference: dict[str, list[Payment]] = {}
    for payment in waiting.order_by("begun_at", "pk"):
        by_reference.setdefault(statements.normal(payment.reference), []).append(payment)
    paid = paying.of_references({code for line in fresh if line.amount_minor > 0 for code in statements.references(_said(line))})
    sent = Payout.objects.filter(provider=Provider.MANUAL).in_bulk(
        [line.end_to_end for line in fresh if statements.key_of(line.end_to_end)]
    )
    by_key = {pk.hex: payout for pk, payout in sent.items()}
    seen: set[UUID] = set()
    for line in fresh:
        if line.amount_minor > 0:
            _match_incoming(line, by_reference, paid, bank, at)
        elif payout := by_key.get(statements.key_of(line.end_to_end)):
            _match_outgoing(line, payout, seen, bank, at)
        else:
            line.why = _("No payout of ours has this reference.")


def _said(line: Line) -> str:
    """Return all that a line says, with a gap: what one field lacks of a reference is not in the next."""
    return " ".join(map(statements.normal, (line.text, line.end_to_end)))


def _match_incoming(
    line: Line, by_reference: dict[str, list[Payment]], paid: dict[str, Payment], bank: Principal, at: datetime
) -> None:
    # What each says is looked up, not what each waits for: ten thousand may wait, and ten thousand lines come.
    named = [code for code in dict.fromkeys(map(statements.normal, statements.references(_said(line)))) if by_reference.get(code)]
    if len(named) > 1:
        line.why = _("It names several payments of ours.")
        return
    if not named:
        _match_once_more(line, paid, bank, at)
        return
    open_ones = by_reference[named[0]]
    exact = [one for one in open_ones if (one.amount_minor, one.currency) == (line.amount_minor, line.currency)]
    payment = (exact or open_ones)[0]
    if not exact:
        if payment.currency != line.currency or len(open_ones) > 1 or not paying.takes_parts(payment.subject):
            line.why = _("It names a payment of another amount.")
            return
        made = payments.as_it_came(payment=payment, amount=line.amount, by=bank, at=at)
        by_reference[named[0]] = list(
            Payment.objects.filter(subject=payment.subject, reference=payment.reference, state__in=OPEN).exclude(pk=made.pk)
        )
        payment = made
    else:
        open_ones.remove(payment)  # One line pays it; a second of the same is doubtful.
    _book(line, payment, bank, at)


def _match_once_more(line: Line, paid: dict[str, Payment], bank: Principal, at: datetime) -> None:
    """Take what came under the reference of something that is paid already, where its room knows what to do with it."""
    known = [paid[code] for code in statements.references(_said(line)) if code in paid]
    if len(known) != 1 or known[0].currency != line.currency or not paying.takes_parts(known[0].subject):
        line.why = _("It names no payment of ours.")
        return
    key = hashlib.sha256(line.key.encode()).hexdigest()
    _book(line, payments.once_more(payment=known[0], amount=line.amount, line=key, by=bank, at=at), bank, at)


def _book(line: Line, payment: Payment, bank: Principal, at: datetime) -> None:
    payments.receive_by_bank(payment=payment, reference=line.key[-80:], by=bank, at=at)
    line.state, line.subject = Line.State.MATCHED, f"payment:{payment.pk}"


def _match_outgoing(line: Line, payout: Payout, seen: set[UUID], bank: Principal, at: datetime) -> None:
    """
    :param seen: payouts that other lines of the same file are for already
    """
    if (payout.amount_minor, payout.currency) != (-line.amount_minor, line.currency):
        line.why = _("It names a payout of another amount.")
        return
    before = paying.times_back(payout)
    subject = f"payout:{payout.pk}:{before + 1}" if before else f"payout:{payout.pk}"
    if payout.pk in seen or Line.objects.filter(subject=subject).exists():
        line.why = _("This payout was sent before.")
        return
    if payments.sent_by_bank(payout=payout, reference=line.key[-80:], by=bank, at=at).state != Errand.DONE:
        line.why = _("This payout was called off.")
        return
    seen.add(payout.pk)
    line.state, line.subject = Line.State.MATCHED, subject


@transaction.atomic
def settle(*, line: Line, payment: Payment, by: Principal, at: datetime) -> Line:
    """Say, as a person, which payment a doubtful line was for. The amounts have to be the same, or it is paid in parts.

    :raises Doubtful: when it does not fit, or was settled before
    """
    by.must(KEEP, line)
    Tenant.lock_current()
    line, payment = Line.objects.select_for_update().get(pk=line.pk), Payment.objects.get(pk=payment.pk)
    fits = payment.amount_minor == line.amount_minor or paying.takes_parts(payment.subject)
    if line.state != Line.State.DOUBTFUL or not fits or payment.currency != line.currency or payment.state not in OPEN:
        raise Doubtful
    bank = Principal.job(by.coop_id, "bank")
    if payment.amount_minor != line.amount_minor:
        payment = payments.as_it_came(payment=payment, amount=line.amount, by=bank, at=at)
    payments.receive_by_bank(payment=payment, reference=line.key[-80:], by=bank, at=at)
    line.state, line.subject, line.decided_by = Line.State.SETTLED, f"payment:{payment.pk}", by.person_id
    line.save(update_fields=["state", "subject", "decided_by"])
    return line


@transaction.atomic
def ignore(*, line: Line, why: str, by: Principal, at: datetime) -> Line:
    """Say that a line is nothing of ours to book here, and why."""
    by.must(KEEP, line)
    if not why.strip():
        raise Doubtful(_("Say why."), field="why")
    waiting = Line.objects.filter(pk=line.pk, state=Line.State.DOUBTFUL)
    if not waiting.update(state=Line.State.IGNORED, why=why.strip()[:200], decided_by=by.person_id):
        raise Doubtful
    line.refresh_from_db()
    return line
