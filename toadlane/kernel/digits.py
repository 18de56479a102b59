"""Numbers that came as text from outside: in an address, a field that nobody sees, the name of a button."""


def number(text: str, *, most: int = 9) -> int | None:
    """Return a whole number that is written in plain digits, or None.

    `str.isdigit` also says yes to ² and to a million digits, and `int` says no to both.

    :param most: digits
    """
    return int(text) if 0 < len(text) <= most and text.isascii() and text.isdigit() else None
