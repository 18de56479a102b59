"""What members owe for being members, read from claims, payments and waivers."""

from toadlane.ownership.dues.queries.claims import (
    balance,
    claim,
    claims,
    credit_of,
    left_of,
    left_of_all,
    of_subject,
    open_claims,
    owed_in_all,
    remittance,
    remittances,
    waiver,
    waivers,
    with_credit,
)
from toadlane.ownership.dues.queries.late import Owing, late_since, owing_page, reminders_due
from toadlane.ownership.dues.queries.shown import named, own_data, waiting
from toadlane.ownership.dues.queries.terms import charges_from, chosen, currency, terms_of, there_are_dues
from toadlane.ownership.dues.queries.under_way import (
    asked_of,
    collected_from,
    hindrance,
    newest_of,
    not_owed,
    to_pay,
)
from toadlane.ownership.dues.queries.verification import claims_equal_ledger

__all__ = [
    "Owing",
    "asked_of",
    "balance",
    "charges_from",
    "chosen",
    "claim",
    "claims",
    "claims_equal_ledger",
    "collected_from",
    "credit_of",
    "currency",
    "hindrance",
    "late_since",
    "left_of",
    "left_of_all",
    "named",
    "newest_of",
    "not_owed",
    "of_subject",
    "open_claims",
    "owed_in_all",
    "owing_page",
    "own_data",
    "reminders_due",
    "remittance",
    "remittances",
    "terms_of",
    "there_are_dues",
    "to_pay",
    "waiting",
    "waiver",
    "waivers",
    "with_credit",
]  # fmt: skip
