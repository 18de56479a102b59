"""Which states are in the European Union, and how their numbers for value added tax begin."""

EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL",
    "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
VAT_PREFIXES = (EU - {"GR"}) | {"EL", "XI"}


def is_reverse_charged(seller_number: str, buyer_number: str) -> bool:
    """Say whether the buyer owes the tax: both are registered, in two states (Directive 2006/112/EC, articles 44 and 196)."""
    seller, buyer = seller_number[:2], buyer_number[:2]
    return seller != buyer and {seller, buyer} <= VAT_PREFIXES
