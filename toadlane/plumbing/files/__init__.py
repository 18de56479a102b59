"""Pictures and documents: checked, re-encoded, stripped, stored."""
