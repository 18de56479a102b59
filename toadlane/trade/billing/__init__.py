"""Invoices of orders, and what is reported of those who sell: above orders, since invoices know nothing of them."""
