"""Everything that is done with wallets, help and pledges, through one door."""

from toadlane.money.benefits.services.batching import approve, drop, prepare
from toadlane.money.benefits.services.charging import (
    ask_for_due,
    charge,
    credit,
    gather_from_orders,
    visit_done,
)
from toadlane.money.benefits.services.debiting import came_back, end_without_mandate, promise_by_debit, to_collect
from toadlane.money.benefits.services.errors import (
    BatchOver,
    FundTooSmall,
    FundTooSmallForCodes,
    GivenBack,
    InABatch,
    InvitationOver,
    MandateNeeded,
    NeedMissing,
    NotACode,
    NotAName,
    NotAnAmount,
    NotAPhone,
    NotAttested,
    NotEnough,
    NothingLeft,
    NothingToPay,
    NotOpen,
    NotShown,
    NotTheNumber,
    NoWallets,
    OwnPayment,
    OwnWallet,
    PlanOver,
    PlanThere,
    ReasonNeeded,
    SecondPersonNeeded,
    TooFewActions,
    TooLittle,
    TooManyAtOnce,
    TooManyInvitations,
    UnknownValue,
    WalletTooSmall,
    WhereTo,
)
from toadlane.money.benefits.services.forgetting import forget
from toadlane.money.benefits.services.giving import begin_plan, bring, change_plan, end_plan, give_once
from toadlane.money.benefits.services.giving_back import agree_back, ask_back, drop_back
from toadlane.money.benefits.services.opening import claim, forget_unanswered, invite_client, invite_worker, open_for, open_own
from toadlane.money.benefits.services.pledging import decline_pledge, end_pledge, pledge, show
from toadlane.money.benefits.services.relief import ask_help, forget_old_help, make_codes
from toadlane.money.benefits.services.taking import decline, take, withdraw
from toadlane.money.benefits.services.telling import tell_of_asking, tell_of_end, tell_of_miss, tell_of_payment, tell_of_wallet

__all__ = [
    "BatchOver", "FundTooSmall", "FundTooSmallForCodes", "GivenBack", "InABatch",
    "InvitationOver", "MandateNeeded", "NeedMissing", "NoWallets",
    "NotACode", "NotAName", "NotAPhone", "NotAnAmount", "NotAttested", "NotEnough", "NotOpen", "NotShown", "NotTheNumber",
    "NothingLeft", "NothingToPay", "OwnPayment", "OwnWallet", "PlanOver", "PlanThere", "ReasonNeeded", "SecondPersonNeeded",
    "TooFewActions", "TooLittle", "TooManyAtOnce", "TooManyInvitations", "UnknownValue", "WalletTooSmall", "WhereTo",
    "agree_back", "approve", "ask_back", "ask_for_due", "ask_help", "begin_plan", "bring", "came_back", "change_plan",
    "charge", "claim", "credit", "decline", "decline_pledge", "drop", "drop_back", "end_plan", "end_pledge",
    "end_without_mandate", "forget", "forget_old_help", "forget_unanswered", "gather_from_orders", "give_once",
    "invite_client", "invite_worker", "make_codes", "open_for", "open_own", "pledge", "prepare", "promise_by_debit", "show",
    "take", "tell_of_asking", "tell_of_end", "tell_of_miss", "tell_of_payment", "tell_of_wallet", "to_collect", "visit_done",
    "withdraw",
]  # fmt: skip
