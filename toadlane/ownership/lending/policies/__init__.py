"""What a loan may be, and what it has earned. Pure: no rows, no clock."""
