"""Membership dues: what members owe each period, how they pay it, who need not, and who is late."""
