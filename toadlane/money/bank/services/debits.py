"""Lines of a statement that direct debits of ours brought, or that came back: found by what we called them in the file."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.bank import queries
from toadlane.money.bank.models import Collection, Debit, Line
from toadlane.money.bank.policies import debits as policies
from toadlane.money.bank.policies.statements import Line as Read
from toadlane.money.bank.policies.statements import key_of
from toadlane.money.bank.services.collecting import book
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, State
from toadlane.plumbing.access.principals import Principal


class Debits:
    """The debits that some lines name."""

    def __init__(self, lines: Sequence[Read], bank: Principal) -> None:
        self._bank, self._seen = bank, set[str]()
        self._touched: dict[int, Collection] = {}
        self._debits = queries.debits_of({line.end_to_end for line in lines})
        names = {line.block.rpartition("-")[0] for line in lines if line.block}
        self._files = {one.message: one for one in queries.collections().filter(message__in=names, approved_at__isnull=False)}

    def match(self, line: Line, said: Read, at: datetime) -> bool:
        """Book what a line says of our debits, or say why a person has to look; False where it is of none of them."""
        debit = self._debits.get(key_of(said.end_to_end))
        if debit is not None and not said.is_bundle and not (said.is_reversal and line.amount_minor > 0):
            self._touched[debit.collection_id] = debit.collection
            line.why = self._came(line, debit, at) if line.amount_minor > 0 else self._went_back(line, debit, at)
            return True
        message, _dash, sequence = said.block.rpartition("-")
        file = self._files.get(message)
        if file and line.amount_minor > 0 and not said.is_reversal and not key_of(said.end_to_end):
            self._touched[file.pk] = file
            line.why = self._came_whole(line, file, sequence, at)
            return True
        return False

    def finish(self, at: datetime) -> None:
        """Close the files of which all has come."""
        for file in self._touched.values():
            if file.booked_at is None and queries.is_settled(file):
                Collection.objects.filter(pk=file.pk, booked_at=None).update(booked_at=at)

    def _came(self, line: Line, debit: Debit, at: datetime) -> str:
        payment = Payment.objects.get(pk=debit.payment_id)
        if (payment.amount_minor, payment.currency) != (line.amount_minor, line.currency):
            return _("It names a debit of another amount.")
        if payment.state in queries.OPEN:
            payments.receive_by_bank(payment=payment, reference=line.key[-80:], by=self._bank, at=at)
        elif debit.collection.booked_at is None or self._is_known(f"payment:{payment.pk}"):
            return _("This debit was paid before: is it the same money?")
        self._matched(line, f"payment:{payment.pk}")
        return ""

    def _came_whole(self, line: Line, file: Collection, sequence: str, at: datetime) -> str:
        rows = Debit.objects.filter(collection=file, sequence=sequence)
        subject = f"block:{policies.block_of(file.message, sequence)}"
        if (rows.aggregate(sum=Sum("amount_minor"))["sum"], file.currency) != (line.amount_minor, line.currency):
            return _("It names a file of debits of another amount.")
        if self._is_known(subject):
            return _("This file of debits came before.")
        book(rows, line.key[-80:], coop_id=self._bank.coop_id, at=at)
        self._matched(line, subject)
        return ""

    def _went_back(self, line: Line, debit: Debit, at: datetime) -> str:
        """Undo a debit that the payer's bank has taken back: it is owed again."""
        payment = Payment.objects.get(pk=debit.payment_id)
        subject = f"returned:{payment.pk}"
        if not payments.can_be_taken_back(payment.subject):
            return _("This debit came back. What it paid is not undone by itself: a person has to see to it.")
        if (payment.amount_minor, payment.currency) != (-line.amount_minor, line.currency):
            return _("A debit came back with another amount than was collected.")
        if payment.state in queries.OPEN:
            # It came and went: of a file that the bank books as one line nobody may have said yet that it came.
            payment = payments.receive_by_bank(payment=payment, reference=line.key[-80:], by=self._bank, at=at)
        if payment.state != State.CAPTURED or self._is_known(subject):
            return _("This debit came back before.")
        ref = f"debit:{payment.pk.hex}"
        amount = Money(payment.captured_minor, payment.currency)
        none = Money(0, payment.currency)
        payments.open_dispute(payment=payment, provider_ref=ref, amount=amount, fee=none, by=self._bank, at=at)
        payments.close_dispute(payment=payment, provider_ref=ref, won=False, by=self._bank, at=at)
        self._matched(line, subject)
        return ""

    def _is_known(self, subject: str) -> bool:
        return subject in self._seen or Line.objects.filter(subject=subject).exists()

    def _matched(self, line: Line, subject: str) -> None:
        # Lines are kept once all of a statement are read.
        self._seen.add(subject)
        line.state, line.subject = Line.State.MATCHED, subject
