"""Demo co-ops with a year of history, made through the real services."""
