"""Shares at a fixed price: what may be subscribed, who may hold how much, who is repaid when. Pure: no rows, no clock."""
