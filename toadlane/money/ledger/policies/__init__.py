"""Named pure functions: the chart of accounts, splits and reversals, Merkle trees. Nothing here asks the database."""
