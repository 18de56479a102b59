"""What one released order counts for, as SQL over a row of it: for asking the orders, and for the database as they change."""

from collections.abc import Callable, Sequence
from functools import partial

MEASURES = ("minor", "orders", "minutes", "earned")
# Each with the column that says whose doing it is.
SIDES = {"sold": "provider_id", "bought": "customer_id"}
# A change of any of these changes what an order counts for.
MATTERS = ("released_at", "captured_minor", "refunded_minor", "provider_id", "customer_id", "left", "starts_at", "ends_at")


# What a customer pays besides the price of what they buy: for whoever came, and to the platform itself.
BESIDES = ("tip", "guest_fee", "guest_fee_vat")
# Shares of a price whose tax is a share of its own, or that bear none; in all others it lies in the provider's.
TAXED_APART, VAT, PROVIDER = ("sales", "late_cancel"), ("vat",), ("provider",)

# PostgreSQL asks a subquery that looks at a row in one process alone, so it would sort every order of a year before it adds
# them up; a function, which the migrations make, it asks wherever a row is read. A single call of it costs more: it is for what
# few orders need, as the price does, of which most have nothing back.
FUNCTION = "surplus_shares_left"

Shares = Callable[[Sequence[str]], str]


def expression(measure: str, row: str, vendor: str, *, by_function: bool = False) -> str:
    """Return what a row counts for, in whole units. What was given back whole counts for nothing.

    :param measure: `minor`, the price before tax, without tips and the platform's fee on top; `orders`, one; `minutes`, how long
        it took; `earned`, the provider's own share before tax
    :param row: the name of the row: `o`, `NEW` or `OLD`
    :param by_function: for a question over many rows, see `FUNCTION`
    """
    shares = partial(_shares, row=row, vendor=vendor, by_function=by_function and measure == "minor")
    undone = f"{row}.refunded_minor > 0 AND {row}.refunded_minor = {row}.captured_minor"
    if measure == "minor":
        whole = f"{row}.refunded_minor = 0 AND {row}.captured_minor = {row}.total_minor"
        rest = f"{_price(row, shares)} - {_tax(row, vendor, shares)}"
        return f"(CASE WHEN {whole} THEN {row}.net_minor WHEN {undone} THEN 0 ELSE {rest} END)"
    if measure == "orders":
        return f"(CASE WHEN {undone} THEN 0 ELSE 1 END)"
    if measure == "minutes":
        length = {
            "postgresql": f"EXTRACT(EPOCH FROM {row}.ends_at - {row}.starts_at)::bigint / 60",
            "sqlite": f"CAST(ROUND((julianday({row}.ends_at) - julianday({row}.starts_at)) * 1440) AS INTEGER)",
        }[vendor]
        return f"(CASE WHEN {undone} OR {row}.starts_at IS NULL OR {row}.ends_at IS NULL THEN 0 ELSE {length} END)"
    own = shares(PROVIDER)
    return f"(CASE WHEN {row}.vat_minor = 0 OR {own} = 0 THEN {own} ELSE {own} - {_tax(row, vendor, shares)} END)"


def _price(row: str, shares: Shares) -> str:
    """Return what is left of the price with its tax: what was paid and kept, less what is no part of the price."""
    return f"({row}.captured_minor - {row}.refunded_minor - {shares(BESIDES)})"


def _tax(row: str, vendor: str, shares: Shares) -> str:
    """Return the tax in what is left of the price, as orders work it out: it shrinks with the price, half a cent rounded up."""
    before, price = f"({row}.total_minor - {row}.tip_minor - {row}.on_top_minor)", _price(row, shares)
    wide = {"postgresql": f"{row}.vat_minor::numeric", "sqlite": f"{row}.vat_minor"}[vendor]
    part = {
        "postgresql": f"div(2 * {wide} * {price} + {before}, 2 * {before})::bigint",
        "sqlite": f"CAST((2 * {wide} * {price} + {before}) / (2 * {before}) AS INTEGER)",
    }[vendor]
    return (
        f"(CASE WHEN {row}.vat_minor = 0 THEN 0 WHEN {shares(TAXED_APART)} > 0 THEN {shares(VAT)} "
        f"WHEN {before} = 0 THEN 0 ELSE {part} END)"
    )


def _shares(kinds: Sequence[str], row: str, vendor: str, by_function: bool) -> str:
    """Return what shares of some kinds have left."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    if by_function and vendor == "postgresql":
        return f'{FUNCTION}({row}."left", ARRAY[{named}])'
    found = {
        "postgresql": f"SELECT SUM((s ->> 'minor')::bigint) FROM jsonb_array_elements({row}.\"left\") s "
        f"WHERE s ->> 'kind' IN ({named})",
        "sqlite": f"SELECT SUM(s.value ->> 'minor') FROM json_each({row}.\"left\") s WHERE s.value ->> 'kind' IN ({named})",
    }[vendor]
    return f"COALESCE(({found}), 0)"


def expressions(row: str, vendor: str) -> Sequence[str]:
    return [expression(measure, row, vendor) for measure in MEASURES]
