"""What Stripe knows: accounts, pages, intents, charges, refunds, transfers, payouts, disputes, and what each did to a balance."""

import time
from collections import defaultdict
from typing import Any

Object = dict[str, Any]
FEE_RATE_PERMILLE, FEE_FIXED, DISPUTE_FEE = 15, 25, 2000


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        kind = "card_error" if status == 402 else "invalid_request_error"
        self.error = {"type": kind, "code": code, "message": message, **more}


class Books:
    """:param balances: what each account has, by account and currency; the platform's is `""`"""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Object]] = defaultdict(dict)
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self.events: list[Object] = []
        self._number = 0
        # How a new refund stands: some banks take days to take it.
        self.refunds = "succeeded"

    # ---------------------------------------------------------------------------------------------------- the plumbing
    def new(self, kind: str, prefix: str, **said: Any) -> Object:
        self._number += 1
        made = {"id": f"{prefix}_{self._number:08d}standin", "object": kind, "created": int(time.time()), "livemode": False,
                "metadata": {}, **said}  # fmt: skip
        self.kept[kind][made["id"]] = made
        return made

    def get(self, kind: str, pk: str) -> Object:
        if pk not in self.kept[kind]:
            raise Refusal(404, "resource_missing", f"No such {kind}: '{pk}'", param="id")
        return self.kept[kind][pk]

    def tell(self, kind: str, about: Object, account: str = "") -> None:
        more = {"account": account} if account else {}
        event = self.new("event", "evt", type=kind, data={"object": dict(about)}, api_version="2026-10-28.endive",
                         request=None, pending_webhooks=1, **more)  # fmt: skip
        self.events.append(event)

    def move(self, account: str, amount: int, currency: str, kind: str, source: str, fee: int = 0) -> Object:
        self.balances[account, currency] += amount - fee
        return self.new("balance_transaction", "txn", amount=amount, currency=currency, fee=fee, net=amount - fee, type=kind,
                        source=source, status="available", account=account)  # fmt: skip

    # -------------------------------------------------------------------------------------------------------- payees
    def open_account(self, said: Object) -> Object:
        return self.new("account", "acct", type=said["type"], country=said.get("country", "IE"), email=said.get("email"),
                        metadata=said.get("metadata", {}), capabilities={"transfers": "inactive"}, charges_enabled=False,
                        payouts_enabled=False, details_submitted=False,
                        requirements={"currently_due": ["external_account", "individual.verification.document"]})  # fmt: skip

    def finish_onboarding(self, account: str) -> Object:
        one = self.get("account", account)
        one |= {"capabilities": {"transfers": "active"}, "payouts_enabled": True, "details_submitted": True,
                "requirements": {"currently_due": []}}  # fmt: skip
        self.tell("account.updated", one, account)
        return one

    # -------------------------------------------------------------------------------------------------------- paying
    def open_page(self, said: Object) -> Object:
        total = sum(int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in said["line_items"])
        if int(said["expires_at"]) < time.time() + 30 * 60:
            raise Refusal(400, "parameter_invalid", "expires_at must be at least 30 minutes from now", param="expires_at")
        page = self.new("checkout.session", "cs_test", status="open", payment_status="unpaid", payment_intent=None, customer=None,
                        amount_total=total, currency=said["line_items"][0]["price_data"]["currency"],
                        client_reference_id=said.get("client_reference_id"), metadata=said.get("metadata", {}),
                        success_url=said["success_url"], cancel_url=said.get("cancel_url"), expires_at=int(said["expires_at"]),
                        mode=said["mode"], customer_creation=said.get("customer_creation", "if_required"))  # fmt: skip
        page["intent"] = said.get("payment_intent_data", {})
        return page

    def close_page(self, pk: str) -> Object:
        page = self.get("checkout.session", pk)
        if page["status"] != "open":
            raise Refusal(400, "resource_missing", f"This session is {page['status']} and cannot be expired.")
        page |= {"status": "expired", "url": None}
        self.tell("checkout.session.expired", page)
        return page

    def pay_at(self, pk: str, card: str = "4242") -> Object:
        """The payer types a card that is good."""
        page = self.get("checkout.session", pk)
        if page["status"] != "open":
            raise Refusal(400, "session_closed", "This page is closed.")
        plan = page["intent"]
        if page["customer_creation"] == "always":
            page["customer"] = self.new("customer", "cus")["id"]
        intent = self._intent(page["amount_total"], page["currency"], plan, customer=page["customer"])
        self._charge(intent, card)
        page |= {"status": "complete", "payment_intent": intent["id"], "url": None,
                 "payment_status": "paid" if intent["status"] == "succeeded" else "unpaid"}  # fmt: skip
        self.tell("checkout.session.completed", page)
        return page

    def intend(self, said: Object) -> Object:
        intent = self._intent(int(said["amount"]), said["currency"], said, customer=said.get("customer"))
        intent["payment_method"] = said.get("payment_method")
        return self.confirm(intent["id"]) if said.get("confirm") == "true" else intent

    def confirm(self, pk: str) -> Object:
        intent = self.get("payment_intent", pk)
        if intent["status"] not in ("requires_confirmation", "requires_payment_method"):
            raise Refusal(400, "payment_intent_unexpected_state", f"This PaymentIntent is {intent['status']}.")
        card = self.kept["payment_method"].get(intent["payment_method"] or "", {"last4": "4242"})["last4"]
        if card == "0341":
            intent["status"] = "requires_payment_method"
            raise Refusal(402, "card_declined", "Your card was declined.", decline_code="do_not_honor",
                          payment_intent=dict(intent))  # fmt: skip
        self._charge(intent, card)
        return intent

    def _intent(self, amount: int, currency: str, plan: Object, customer: str | None) -> Object:
        if currency in ("bhd", "jod", "kwd", "omr", "tnd") and amount % 10:
            raise Refusal(400, "parameter_invalid_integer", "Amounts of this currency end in a zero.", param="amount")
        return self.new("payment_intent", "pi", amount=amount, amount_capturable=0, amount_received=0, currency=currency,
                        capture_method=plan.get("capture_method", "automatic"), metadata=plan.get("metadata", {}),
                        transfer_group=plan.get("transfer_group"), customer=customer, payment_method=None, latest_charge=None,
                        setup_future_usage=plan.get("setup_future_usage"), status="requires_confirmation")  # fmt: skip

    def _charge(self, intent: Object, card: str) -> None:
        if intent["payment_method"] is None:
            kept = {"customer": intent["customer"]} if intent["setup_future_usage"] else {}
            intent["payment_method"] = self.new("payment_method", "pm", last4=card, **kept)["id"]
        charge = self.new("charge", "ch", amount=intent["amount"], amount_captured=0, amount_refunded=0, captured=False,
                          currency=intent["currency"], payment_intent=intent["id"], balance_transaction=None, disputed=False,
                          metadata=dict(intent["metadata"]), payment_method_details={"type": "card", "card": {"last4": card}},
                          status="succeeded", transfer_group=intent["transfer_group"])  # fmt: skip
        intent["latest_charge"] = charge["id"]
        if intent["capture_method"] == "manual":
            intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
            self.tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._take(intent, intent["amount"])

    def capture(self, pk: str, amount: int | None) -> Object:
        intent = self.get("payment_intent", pk)
        if intent["status"] != "requires_capture":
            raise Refusal(400, "payment_intent_unexpected_state", f"This PaymentIntent is {intent['status']}.")
        wanted = intent["amount"] if amount is None else amount
        if not 0 < wanted <= intent["amount_capturable"]:
            raise Refusal(400, "amount_too_large", "The amount to capture is more than is held.", param="amount_to_capture")
        self._take(intent, wanted)
        return intent

    def _take(self, intent: Object, amount: int) -> None:
        charge = self.get("charge", intent["latest_charge"])
        fee = amount * FEE_RATE_PERMILLE // 1000 + FEE_FIXED
        moved = self.move("", amount, intent["currency"], "charge", charge["id"], fee)
        charge |= {"captured": True, "amount_captured": amount, "balance_transaction": moved["id"]}
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        self.tell("charge.captured", charge)
        self.tell("payment_intent.succeeded", intent)

    def cancel(self, pk: str) -> Object:
        intent = self.get("payment_intent", pk)
        if intent["status"] in ("succeeded", "canceled"):
            raise Refusal(400, "payment_intent_unexpected_state", f"This PaymentIntent is {intent['status']}.")
        intent |= {"status": "canceled", "amount_capturable": 0}
        self.tell("payment_intent.canceled", intent)
        return intent

    # ------------------------------------------------------------------------------------------------------ going back
    def refund(self, said: Object) -> Object:
        intent = self.get("payment_intent", said["payment_intent"])
        if intent["status"] != "succeeded":
            raise Refusal(400, "charge_not_refundable", "Nothing has been taken.")
        charge = self.get("charge", intent["latest_charge"])
        left = charge["amount_captured"] - charge["amount_refunded"]
        amount = int(said.get("amount", left))
        if charge["disputed"]:
            raise Refusal(400, "charge_disputed", "This charge has been charged back.")
        if not 0 < amount <= left:
            raise Refusal(400, "amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")
        if self.balances["", charge["currency"]] < amount:
            raise Refusal(400, "balance_insufficient", "Insufficient funds in your Stripe balance to refund this amount.")
        made = self.new("refund", "re", amount=amount, charge=charge["id"], payment_intent=intent["id"], status=self.refunds,
                        currency=charge["currency"], metadata=said.get("metadata", {}))  # fmt: skip
        made["balance_transaction"] = self.move("", -amount, charge["currency"], "refund", made["id"])["id"]
        charge["amount_refunded"] += amount
        self.tell("charge.refunded", charge)
        return made

    def fail_refund(self, pk: str) -> Object:
        """The payer's bank sends it back, maybe weeks later: Stripe has the money again."""
        one = self.get("refund", pk)
        charge = self.get("charge", one["charge"])
        moved = self.move("", one["amount"], one["currency"], "refund_failure", pk)
        one |= {"status": "failed", "failure_reason": "lost_or_stolen_card", "failure_balance_transaction": moved["id"]}
        charge["amount_refunded"] -= one["amount"]
        self.tell("refund.failed", one)
        self.tell("charge.refund.updated", one)
        return one

    def dispute(self, charge_id: str, amount: int | None = None) -> Object:
        """The payer's bank takes it back, with a fee. Not a call of Stripe's: it happens to a platform."""
        charge = self.get("charge", charge_id)
        amount = charge["amount_captured"] - charge["amount_refunded"] if amount is None else amount
        made = self.new("dispute", "dp", amount=amount, charge=charge_id, payment_intent=charge["payment_intent"],
                        currency=charge["currency"], status="needs_response", reason="fraudulent")  # fmt: skip
        moved = self.move("", -amount, charge["currency"], "adjustment", made["id"], DISPUTE_FEE)
        made["balance_transactions"] = [dict(moved)]
        charge["disputed"] = True
        self.tell("charge.dispute.created", made)
        self.tell("charge.dispute.funds_withdrawn", made)
        return made

    def inquire(self, charge_id: str) -> Object:
        """The payer's bank only asks. No money moves."""
        charge = self.get("charge", charge_id)
        made = self.new("dispute", "dp", amount=charge["amount_captured"], charge=charge_id, currency=charge["currency"],
                        payment_intent=charge["payment_intent"], status="warning_needs_response",
                        balance_transactions=[])  # fmt: skip
        self.tell("charge.dispute.created", made)
        return made

    def decide(self, dispute_id: str, *, won: bool) -> Object:
        one = self.get("dispute", dispute_id)
        one["status"] = "won" if won else "lost"
        if won:
            moved = self.move("", one["amount"], one["currency"], "adjustment", one["id"])
            one["balance_transactions"].append(dict(moved))
            self.get("charge", one["charge"])["disputed"] = False
            self.tell("charge.dispute.funds_reinstated", one)
        self.tell("charge.dispute.closed", one)
        return one

    # --------------------------------------------------------------------------------------------------------- onwards
    def transfer(self, said: Object) -> Object:
        account, amount, currency = self.get("account", said["destination"]), int(said["amount"]), said["currency"]
        if account["capabilities"]["transfers"] != "active":
            raise Refusal(400, "insufficient_capabilities_for_transfer", "The destination account cannot take transfers.")
        if self.balances["", currency] < amount:
            raise Refusal(400, "balance_insufficient", "You have insufficient available funds in your Stripe account.")
        made = self.new("transfer", "tr", amount=amount, currency=currency, destination=account["id"], amount_reversed=0,
                        reversed=False, transfer_group=said.get("transfer_group"), metadata=said.get("metadata", {}))  # fmt: skip
        self.move("", -amount, currency, "transfer", made["id"])
        self.move(account["id"], amount, currency, "payment", made["id"])
        self.tell("transfer.created", made)
        return made

    def reverse(self, transfer_id: str, said: Object) -> Object:
        one = self.get("transfer", transfer_id)
        left = one["amount"] - one["amount_reversed"]
        amount = int(said.get("amount", left))
        if not 0 < amount <= left:
            raise Refusal(400, "amount_too_large", f"Reversal amount ({amount}) is greater than unreversed amount ({left}).")
        if self.balances[one["destination"], one["currency"]] < amount:
            raise Refusal(400, "balance_insufficient", "The connected account has not enough to reverse this transfer.")
        made = self.new("transfer_reversal", "trr", amount=amount, currency=one["currency"], transfer=transfer_id,
                        metadata=said.get("metadata", {}))  # fmt: skip
        one["amount_reversed"] += amount
        one["reversed"] = one["amount_reversed"] == one["amount"]
        self.move(one["destination"], -amount, one["currency"], "payment_refund", made["id"])
        self.move("", amount, one["currency"], "transfer_refund", made["id"])
        self.tell("transfer.reversed", one)
        return made

    def pay_out(self, said: Object, account: str = "") -> Object:
        amount, currency = int(said["amount"]), said["currency"]
        if self.balances[account, currency] < amount:
            raise Refusal(400, "balance_insufficient", "You have insufficient funds in your Stripe account.")
        made = self.new("payout", "po", amount=amount, currency=currency, status="paid", failure_code=None, account=account,
                        metadata=said.get("metadata", {}))  # fmt: skip
        self.move(account, -amount, currency, "payout", made["id"])
        self.tell("payout.paid", made, account)
        return made

    def fail_payout(self, pk: str) -> Object:
        """The bank sends it back."""
        one = self.get("payout", pk)
        one |= {"status": "failed", "failure_code": "account_closed"}
        self.move(one["account"], one["amount"], one["currency"], "payout_failure", one["id"])
        self.tell("payout.failed", one, one["account"])
        return one
