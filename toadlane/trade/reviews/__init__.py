"""Reviews, complaints, reports."""
