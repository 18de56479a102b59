"""Stripe Connect: cards on Stripe's own page, separate charges and transfers, an account for everybody who is paid.

What is charged is the platform's until a transfer gives a payee their part; a refund comes out of the platform's balance, and
what was transferred already is taken back by a reversal. Payees say to Stripe itself who they are and where their bank is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments import queries
from toadlane.money.payments.models import CHARGED_BACK
from toadlane.money.payments.services.errors import NotOnOffer
from toadlane.money.payments.services.providers.port import (
    RELEASED,
    RETURNED,
    Answer,
    Hosted,
    Instrument,
    KeptCard,
    NoAnswer,
    Notice,
    Payee,
    PaymentProvider,
    Standing,
)
from toadlane.money.payments.services.providers.stripe import _reading
from toadlane.money.payments.services.providers.stripe._calls import NAME, No, asking, by_key, client, ours, step, theirs
from toadlane.plumbing.clock import queries as clock

# How long Stripe's page stays open: as short as Stripe allows, since what is ordered is kept for minutes.
PAGE_OPEN = timedelta(minutes=35)
# A call whose answer was lost is looked for among those of the last hours, whose list is never behind; older ones by search.
LIST_WITHIN, PAGES = timedelta(hours=3), 10
# What a charge has to say to us.
CHARGE = "latest_charge.balance_transaction"
# What Stripe refuses a refund for that may be otherwise tomorrow.
REFUSED_FOR_NOW = {"balance_insufficient": "balance_insufficient", "charge_disputed": CHARGED_BACK}
LANGUAGES = {"en", "es", "fr"}


class Stripe(PaymentProvider):
    is_hosted = needs_payees = takes_back = sends_home = True
    signature_header = "Stripe-Signature"

    def origins(self) -> list[str]:
        api = urlsplit(queries.setting_of(NAME, "STRIPE_API"))
        return [
            "https://checkout.stripe.com",
            "https://connect.stripe.com",
            *([f"{api.scheme}://{api.netloc}"] if api.netloc else []),
        ]

    def step(self, currency: str) -> int:
        return step(currency)

    def check(self, instrument: Instrument) -> None:
        if not isinstance(instrument, Hosted | KeptCard):
            raise NotOnOffer(hint=_("Cards are typed at the card company: the page of the payment leads there."))

    # ------------------------------------------------------------------------------------------------------- paying
    def authorise(
        self, *, key: str, amount: Money, instrument: Instrument, capture: bool, at: datetime, subject: str = "",
        payment: str = "",
    ) -> Answer:  # fmt: skip
        said = {"call_key": key, "payment": payment, "subject": subject}
        if isinstance(instrument, KeptCard):
            return self._charge_kept(key, amount, instrument, capture, said)
        assert isinstance(instrument, Hosted)
        if instrument.ref.startswith("cs_"):
            try:
                known = self._at_page(instrument.ref)
            except NoAnswer:
                # The payer may have paid: nothing else is begun before that is known.
                return Answer("requires_action", ref=instrument.ref)
            if known.reason != "expired" or not instrument.opens:
                return known
        if not instrument.opens:
            return Answer("declined", reason="expired")
        try:
            return self._open_page(key, amount, instrument, capture, said)
        except NoAnswer:
            # Whose address nobody got, nobody pays at.
            return Answer("declined", reason="not_reached")

    def _open_page(self, key: str, amount: Money, page: Hosted, capture: bool, said: dict[str, str]) -> Answer:
        intent: dict[str, Any] = {"capture_method": "automatic" if capture else "manual", "metadata": said,
                                  "transfer_group": said["subject"]}  # fmt: skip
        if page.keeps_card:
            intent["setup_future_usage"] = "off_session"
        params: dict[str, Any] = {
            "mode": "payment", "payment_method_types": ["card"], "client_reference_id": said["payment"], "metadata": said,
            "line_items": [{"quantity": 1, "price_data": {
                "currency": amount.currency.lower(), "unit_amount": theirs(amount),
                "product_data": {"name": (page.title or said["subject"])[:250]},
            }}],
            "payment_intent_data": intent, "success_url": page.back, "cancel_url": page.back,
            "expires_at": int((clock.machine_time() + PAGE_OPEN).timestamp()),
            **({"customer_creation": "always"} if page.keeps_card else {}),
            **({"customer_email": page.email} if page.email else {}),
            **({"locale": page.language} if page.language in LANGUAGES else {}),
        }  # fmt: skip
        try:
            with asking():
                session = client().v1.checkout.sessions.create(cast(Any, params), by_key(key))
        except No as no:
            return Answer("declined", reason=no.code)
        return Answer("requires_action", ref=session.id, url=session.url or "")

    def _at_page(self, ref: str) -> Answer:
        """Return what has happened at a page we sent somebody to."""
        try:
            with asking():
                session = client().v1.checkout.sessions.retrieve(ref, {"expand": [f"payment_intent.{CHARGE}"]})
        except No as no:
            return Answer("declined", reason=no.code)
        if session.status == "open":
            return Answer("requires_action", ref=ref, url=session.url or "")
        if session.status == "expired" or session.payment_intent is None:
            return Answer("declined", reason="expired")
        return _paid(cast(Any, session.payment_intent))

    def _charge_kept(self, key: str, amount: Money, kept: KeptCard, capture: bool, said: dict[str, str]) -> Answer:
        """Charge the card of an earlier payment, with nobody there to be asked."""
        try:
            with asking():
                before = client().v1.payment_intents.retrieve(kept.ref)
                if not (before.customer and before.payment_method):
                    return Answer("declined", reason="card_not_kept")
                intent = client().v1.payment_intents.create(
                    {
                        "amount": theirs(amount), "currency": amount.currency.lower(), "customer": str(before.customer),
                        "payment_method": str(before.payment_method), "off_session": True, "confirm": True,
                        "capture_method": "automatic" if capture else "manual", "metadata": said,
                        "transfer_group": said["subject"], "expand": [CHARGE],
                    }, by_key(key),
                )  # fmt: skip
        except No as no:
            return Answer("declined", reason=no.decline or no.code)
        return _paid(intent)

    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        try:
            with asking():
                intent = client().v1.payment_intents.capture(
                    charge, {"amount_to_capture": theirs(amount), "expand": [CHARGE]}, by_key(f"{key}{_hour(at)}")
                )  # fmt: skip
            return _paid(intent)
        except No:
            # Refused because it has been done, or because the card holds it no longer: how it stands says which.
            return self.look_up(key=key, charge=charge, at=at) or Answer("declined", reason="refused")

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        try:
            if charge.startswith("cs_"):
                return self._close_page(key, charge)
            with asking():
                client().v1.payment_intents.cancel(charge, {}, by_key(f"{key}{_hour(at)}"))
            return Answer("succeeded", ref=charge)
        except No:
            return self.look_up(key=key, charge=charge, at=at) or Answer("declined", reason="refused")

    def _close_page(self, key: str, ref: str) -> Answer:
        """Close a page before anybody pays there. Who was quicker has paid: then that is let go."""
        try:
            with asking():
                client().v1.checkout.sessions.expire(ref, {}, by_key(key))
            return Answer("succeeded")
        except No:
            stands = self._at_page(ref)
            if stands.result == "declined":
                return Answer("succeeded")
            if not stands.ref.startswith("pi_"):
                return Answer("unknown", reason="page_open")
            with asking():
                client().v1.payment_intents.cancel(stands.ref, {}, by_key(f"{key}:charge"))
            return Answer("succeeded")

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        params: Any = {"payment_intent": charge, "amount": theirs(amount), "metadata": {"call_key": key}}
        # The second key is for what was refused for now: it goes as soon as there is enough, or a chargeback was won.
        why = ""
        for once in (key, f"{key}{_hour(at)}"):
            try:
                with asking():
                    return _of_refund(client().v1.refunds.create(params, by_key(once)))
            except No as no:
                if no.code not in REFUSED_FOR_NOW:
                    return Answer("declined", reason=no.code)
                why = REFUSED_FOR_NOW[no.code]
        return Answer("unknown", reason=why)

    # ------------------------------------------------------------------------------------------------------- payees
    def pay_out(self, *, key: str, payee: Payee, amount: Money, at: datetime) -> Answer:
        if not payee.account:
            return Answer("declined", reason="no_account")
        params: Any = {
            "amount": theirs(amount), "currency": amount.currency.lower(), "destination": payee.account, "transfer_group": key,
            "metadata": {"call_key": key, "holder": payee.holder},
        }  # fmt: skip
        try:
            with asking():
                made = client().v1.transfers.create(params, by_key(key))
        except No as no:
            return Answer("declined", reason=no.code)
        return Answer("succeeded", ref=made.id, minor=ours(made.amount, made.currency))

    def take_back(self, *, key: str, sent: str, amount: Money, at: datetime) -> Answer:
        params: Any = {"amount": theirs(amount), "metadata": {"call_key": key}}
        try:
            with asking():
                made = client().v1.transfers.reversals.create(sent, params, by_key(key))
        except No as no:
            return Answer("declined", reason=no.code)
        return Answer("succeeded", ref=made.id, minor=ours(made.amount, made.currency))

    def send_home(self, *, key: str, amount: Money, at: datetime) -> Answer:
        params: Any = {"amount": theirs(amount), "currency": amount.currency.lower(), "metadata": {"call_key": key}}
        try:
            with asking():
                made = client().v1.payouts.create(params, by_key(key))
        except No as no:
            return Answer("declined", reason=no.code)
        return Answer("succeeded", ref=made.id)

    def holds(self) -> Mapping[str, int]:
        try:
            with asking():
                found: Any = client().v1.balance.retrieve()
        except No as no:
            raise NoAnswer from no
        held: Counter[str] = Counter()
        for row in (*found.available, *found.pending):
            held[row.currency.upper()] += ours(row.amount, row.currency)
        return held

    def open_account(self, *, key: str, holder: str, name: str, email: str, country: str) -> str:
        params: Any = {
            "type": "express", "capabilities": {"transfers": {"requested": True}}, "metadata": {"holder": holder},
            "business_profile": {"product_description": name[:200]},
            **({"email": email} if email else {}), **({"country": country.upper()} if country else {}),
        }  # fmt: skip
        try:
            with asking():
                return str(client().v1.accounts.create(params, by_key(key)).id)
        except No as no:
            raise NoAnswer from no

    def onboarding(self, *, account: str, back: str) -> str:
        params: Any = {"account": account, "refresh_url": back, "return_url": back, "type": "account_onboarding"}
        try:
            with asking():
                return str(client().v1.account_links.create(params).url)
        except No as no:
            raise NoAnswer from no

    def standing(self, *, account: str) -> Standing:
        try:
            with asking():
                found = client().v1.accounts.retrieve(account)
        except No as no:
            return Standing(False, no.code)
        transfers = str(getattr(found.capabilities, "transfers", "")) if found.capabilities else ""
        due = list(found.requirements.currently_due or []) if found.requirements else []
        return Standing(transfers == "active", ", ".join(due))

    # ------------------------------------------------------------------------------------------- what became of it
    def look_up(self, *, key: str, charge: str, at: datetime) -> Answer | None:
        doing = key.split(":")[1]
        try:
            with asking():
                return _LOOKS[doing](self, key, charge)
        except No:
            return None

    def _look_for_payment(self, key: str, charge: str) -> Answer | None:
        if charge.startswith("cs_"):
            return self._at_page(charge)
        payments = client().v1.payment_intents
        since = int((clock.machine_time() - LIST_WITHIN).timestamp())
        recent = payments.list({"created": {"gte": since}, "limit": 100, "expand": [f"data.{CHARGE}"]})
        found = _with_key(recent, key)
        if found is None:
            older = payments.search({"query": f"metadata['call_key']:'{key}'", "expand": [f"data.{CHARGE}"]})
            found = next(iter(older.data), None)
        return _paid(found) if found is not None else None

    def _look_at_charge(self, key: str, charge: str) -> Answer | None:
        """Return how a charge stands, as the answer to a call to take it or to let it go; None while it is held."""
        wants_nothing = key.split(":")[1] == "void"
        if charge.startswith("cs_"):
            stands = self._at_page(charge)
            return Answer("succeeded") if wants_nothing and stands.result == "declined" else None
        stands = _paid(client().v1.payment_intents.retrieve(charge, {"expand": [CHARGE]}))
        if stands.result == "declined":
            return Answer("succeeded", ref=charge) if wants_nothing else stands
        if stands.minor:
            return Answer("declined", reason="taken") if wants_nothing else stands
        return None

    def _look_for_refund(self, key: str, charge: str) -> Answer | None:
        found = _with_key(client().v1.refunds.list({"payment_intent": charge, "limit": 100}), key)
        return _of_refund(found) if found is not None else None

    def _look_for_transfer(self, key: str, charge: str) -> Answer | None:
        found = next(iter(client().v1.transfers.list({"transfer_group": key, "limit": 1}).data), None)
        return Answer("succeeded", ref=found.id, minor=ours(found.amount, found.currency)) if found is not None else None

    def _look_for_reversal(self, key: str, charge: str) -> Answer | None:
        found = _with_key(client().v1.transfers.reversals.list(charge, {"limit": 100}), key)
        return Answer("succeeded", ref=found.id) if found is not None else None

    def _look_for_payout(self, key: str, charge: str) -> Answer | None:
        found = _with_key(client().v1.payouts.list({"limit": 100}), key)
        if found is None:
            return None
        over = found.status in ("failed", "canceled")
        return Answer("declined", reason=found.failure_code or found.status) if over else Answer("succeeded", ref=found.id)

    # -------------------------------------------------------------------------------------------------------- notices
    def read(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        return _reading.signed(body, signature)

    def read_up(self, notice: Notice) -> list[Notice]:
        try:
            with asking():
                return _reading.as_it_stands(notice)
        except No:
            return []

    def news(self, *, charges: Iterable[str], since: datetime, at: datetime) -> list[Notice]:
        # A sandbox may be ahead of Stripe, whose time is the machine's.
        back = clock.machine_time() - (at - since)
        with asking():
            return _reading.told_since(back, PAGES)


def _paid(intent: Any) -> Answer:
    """Return how an intent to pay stands, as an answer."""
    charge = intent.latest_charge if intent.latest_charge is not None and not isinstance(intent.latest_charge, str) else None
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    hint = str(getattr(card, "last4", "") or "")
    if intent.status == "requires_capture":
        return Answer("succeeded", ref=intent.id, hint=hint)
    if intent.status == "succeeded":
        moved: Any = charge.balance_transaction if charge is not None else None
        # Where it is settled in another currency, the fee is too: that is for a person to book.
        known = moved is not None and not isinstance(moved, str) and moved.currency == intent.currency
        fee = ours(moved.fee, moved.currency) if known else None
        return Answer("succeeded", ref=intent.id, minor=ours(intent.amount_received, intent.currency), fee_minor=fee, hint=hint)
    if intent.status == "processing":
        return Answer("unknown", ref=intent.id, reason="processing")
    if intent.status == "canceled":
        return Answer("declined", ref=intent.id, reason=RELEASED)
    return Answer("declined", ref=intent.id, reason="card_declined")


def _of_refund(made: Any) -> Answer:
    result = {"succeeded": "succeeded", "failed": "declined", "canceled": "declined"}.get(made.status, "unknown")
    reason = {"succeeded": "", "declined": RETURNED}.get(result, made.status)
    return Answer(cast(Any, result), ref=made.id, reason=reason, minor=ours(made.amount, made.currency))


def _with_key(rows: Any, key: str) -> Any:
    """Return the object of a list that was made by a call of ours, looking through some pages of it."""
    for number, row in enumerate(rows.auto_paging_iter()):
        if row.metadata is not None and getattr(row.metadata, "call_key", None) == key:
            return row
        if number >= PAGES * 100:
            break
    return None


def _hour(at: datetime) -> str:
    """Stripe answers a key for a day as it did the first time, were it with an error. What it does once in any case, and what it
    refused for want of money, is asked anew each hour."""
    return f":{at:%Y%m%d%H}"


_LOOKS: dict[str, Any] = {
    "authorise": Stripe._look_for_payment, "capture": Stripe._look_at_charge, "void": Stripe._look_at_charge,
    "look": Stripe._look_at_charge, "refund": Stripe._look_for_refund, "payout": Stripe._look_for_transfer,
    "take_back": Stripe._look_for_reversal, "carry": Stripe._look_for_payout,
}  # fmt: skip
PROVIDER = Stripe()
