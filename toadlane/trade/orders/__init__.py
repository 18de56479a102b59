"""Quotes, checkouts, orders and their processes."""
