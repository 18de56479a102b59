"""What can stand in the way of a wallet, in words for whoever it happens to."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NoWallets(Expected):
    words = _("This co-op has no wallets for benefits.")
    hint = _("Its members can decide to have them: it is a rule of the bylaws.")  # type: ignore[assignment]


class TooManyInvitations(Expected):
    words = _("You have sent as many invitations as one person may in a day.")
    hint = _("Go on tomorrow, or ask somebody else to send them.")  # type: ignore[assignment]
    status = 429


class NotAPhone(Expected):
    words = _("Type the number with its country code, like +353 86 123 4567.")
    status = 422
    field = "phone"


class NotTheNumber(Expected):
    words = _("This is not the number that the invitation was sent to.")
    hint = _("Type the number of the phone on which you read the message.")  # type: ignore[assignment]
    status = 422
    field = "phone"


class InvitationOver(Expected):
    words = _("This invitation has been answered already, or has lapsed.")
    hint = _("Ask whoever sent it for a new one.")  # type: ignore[assignment]


class NotAName(Expected):
    words = _("Tell us what to call you.")
    status = 422
    field = "name"


class TooLittle(Expected):
    words = _("That is less than the bylaws let a client promise.")
    status = 422
    field = "amount"


class NotAnAmount(Expected):
    words = _("Say an amount above nothing.")
    status = 422
    field = "amount"


class OwnWallet(Expected):
    words = _("This is your own wallet. Others pay into it.")


class PlanThere(Expected):
    words = _("You have such a plan for this wallet already.")
    hint = _("Change it, or end it first.")  # type: ignore[assignment]


class MandateNeeded(Expected):
    words = _("Say from which account it is collected.")
    status = 422
    field = "iban"


class PlanOver(Expected):
    words = _("This plan has ended.")


class NotEnough(Expected):
    words = _("There are not that many credits in the wallet.")
    status = 422
    field = "count"


class WhereTo(Expected):
    words = _("Say where to send it: an account number, or an address for the card.")
    status = 422
    field = "account"


class NotOpen(Expected):
    words = _("This has been paid, declined or taken back already.")


class InABatch(Expected):
    words = _("It is part of a batch that waits to be approved.")
    hint = _("Drop the batch first.")  # type: ignore[assignment]


class NothingToPay(Expected):
    words = _("Nothing waits to be paid.")


class BatchOver(Expected):
    words = _("This batch was approved or dropped already.")


class SecondPersonNeeded(Expected):
    words = _("You put this batch together. Another person has to approve it.")
    status = 403


class OwnPayment(Expected):
    words = _("Something in this batch is for you, or you asked for it. Somebody else has to approve it.")
    status = 403


class FundTooSmall(Expected):
    words = _("The solidarity fund has not that much.")
    hint = _("Drop the batch and put a smaller one together, or wait until the fund has grown.")  # type: ignore[assignment]


class FundTooSmallForCodes(Expected):
    words = _("The solidarity fund has not the money for so many codes.")
    status = 422
    field = "count"


class WalletTooSmall(Expected):
    words = _("A wallet in this batch has not that much any more.")
    hint = _("Drop the batch, decline what cannot be paid, and put a new one together.")  # type: ignore[assignment]


class NotACode(Expected):
    words = _("This is not a code of ours, or it was used already.")
    hint = _("Look at it again. Each code works once; ask whoever gave it to you for another.")  # type: ignore[assignment]
    status = 422
    field = "code"


class NotAttested(Expected):
    words = _("Tick that what you say is true. We ask for no other proof.")
    status = 422
    field = "true"


class NeedMissing(Expected):
    words = _("Say in a few words what happened.")
    status = 422
    field = "need"


class TooManyAtOnce(Expected):
    words = _("That is more than can be had at once.")
    status = 422
    field = "count"


class UnknownValue(Expected):
    words = _("The code of good work has no such value.")
    status = 422
    field = "actions"


class TooFewActions(Expected):
    words = _("Say what you do about more of the values.")
    status = 422
    field = "actions"


class ReasonNeeded(Expected):
    words = _("Say why.")
    status = 422
    field = "reason"


class NotShown(Expected):
    words = _("This pledge is in no state in which that can be done.")


class NothingLeft(Expected):
    words = _("That is more than is still there of it.")
    hint = _("What the worker has taken out, or asked for, does not go back.")  # type: ignore[assignment]
    status = 422
    field = "amount"


class GivenBack(Expected):
    words = _("This cannot go back: it was not paid in by a client, or it was decided already.")
