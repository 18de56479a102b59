"""Which sides an entry by hand has."""
