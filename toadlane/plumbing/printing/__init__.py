"""Paper: facts set in type as PDF/A, the same bytes for the same facts."""
