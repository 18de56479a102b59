"""The co-op's own bookkeeping, and the books as people read them: bills, entries by hand, closed periods, reports."""
