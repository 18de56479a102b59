"""Who gets what of a year: reserves by law, interest, patronage, losses. Pure: no rows, no clock."""
