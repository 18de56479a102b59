"""What was written down for good stays as it was: rows of many rooms, sealed together and signed."""
