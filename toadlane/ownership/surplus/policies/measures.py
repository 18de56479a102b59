"""What one released order counts for, as SQL over a row of it: for asking the orders, and for the database as they change."""

from collections.abc import Sequence

MEASURES = ("minor", "orders", "minutes", "earned")
# Each with the column that says whose doing it is.
SIDES = {"sold": "provider_id", "bought": "customer_id"}
# A change of any of these changes what an order counts for.
MATTERS = ("released_at", "captured_minor", "refunded_minor", "provider_id", "customer_id", "left", "starts_at", "ends_at")


def expression(measure: str, row: str, vendor: str) -> str:
    """Return what a row counts for, in whole units. What was given back whole counts for nothing.

    :param measure: `minor`, what customers paid; `orders`, one; `minutes`, how long it took; `earned`, the provider's own share
    :param row: the name of the row: `o`, `NEW` or `OLD`
    """
    undone = f"{row}.refunded_minor > 0 AND {row}.refunded_minor = {row}.captured_minor"
    if measure == "minor":
        return f"({row}.captured_minor - {row}.refunded_minor)"
    if measure == "orders":
        return f"(CASE WHEN {undone} THEN 0 ELSE 1 END)"
    if measure == "minutes":
        length = {
            "postgresql": f"EXTRACT(EPOCH FROM {row}.ends_at - {row}.starts_at)::bigint / 60",
            "sqlite": f"CAST(ROUND((julianday({row}.ends_at) - julianday({row}.starts_at)) * 1440) AS INTEGER)",
        }[vendor]
        return f"(CASE WHEN {undone} OR {row}.starts_at IS NULL OR {row}.ends_at IS NULL THEN 0 ELSE {length} END)"
    sides = {
        "postgresql": f"SELECT SUM((s ->> 'minor')::bigint) FROM jsonb_array_elements({row}.\"left\") s "
        "WHERE s ->> 'kind' = 'provider'",
        "sqlite": f"SELECT SUM(s.value ->> 'minor') FROM json_each({row}.\"left\") s WHERE s.value ->> 'kind' = 'provider'",
    }[vendor]
    return f"COALESCE(({sides}), 0)"


def expressions(row: str, vendor: str) -> Sequence[str]:
    return [expression(measure, row, vendor) for measure in MEASURES]
