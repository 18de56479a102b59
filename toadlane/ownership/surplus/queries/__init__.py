"""What years came to, and what members did in them."""

from toadlane.ownership.surplus.queries.caps import cap, published, published_rates
from toadlane.ownership.surplus.queries.doing import coops_to_count, orders_in, totals_hold
from toadlane.ownership.surplus.queries.layers import Layer, layers, layers_hold, repayments
from toadlane.ownership.surplus.queries.losses import (
    imputation,
    imputed,
    loss_digest,
    loss_left,
    losses_hold,
    reserve_room,
    to_share_out,
    worked_loss,
)
from toadlane.ownership.surplus.queries.paying import coops_to_pay, named_repayments
from toadlane.ownership.surplus.queries.statements import Statement, parts_of, statement, statements, table
from toadlane.ownership.surplus.queries.years import (
    BASES,
    CLAIMED,
    LOSS,
    accounts_to_close,
    as_json,
    bases,
    basis_of,
    claims,
    digest,
    facts,
    is_open_before,
    is_refused,
    loss,
    named,
    named_losses,
    next_year,
    patronage_of,
    read_facts,
    read_terms,
    subjects,
    taken,
    terms,
    year,
    years,
    years_hold,
)

__all__ = [
    "BASES", "CLAIMED", "LOSS", "Layer", "Statement", "accounts_to_close", "as_json", "bases", "basis_of", "cap", "claims",
    "coops_to_count", "coops_to_pay", "digest", "facts", "imputation", "imputed", "is_open_before", "is_refused", "layers",
    "layers_hold", "loss", "loss_digest", "loss_left", "losses_hold", "named", "named_losses", "named_repayments", "next_year",
    "orders_in",
    "parts_of", "patronage_of", "published", "published_rates", "read_facts", "read_terms", "repayments", "reserve_room",
    "statement", "statements", "subjects", "table", "taken", "terms", "to_share_out", "totals_hold", "worked_loss", "year",
    "years", "years_hold",
]  # fmt: skip
