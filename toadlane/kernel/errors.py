"""The root of every error we raise on purpose."""


class Expected(Exception):
    """Something a person can understand and act on. Each service names its own kinds.

    `code` is stable and may be relied on by scripts; `status` is the HTTP status a surface answers with; `field` names
    the input it is about, where there is one; `hint` says what to do next. `words` are what a kind says of itself when
    whoever raises it says nothing nearer. A docstring is for developers and is never shown: an error without words has
    none, and the surfaces have a sentence for that.
    """

    words: object = ""

    status: int = 409
    field: str = ""
    hint: str = ""

    def __init__(self, message: object = "", *, hint: object = "", field: str = "") -> None:
        # Lazy translations stay lazy: they are rendered in the language of whoever reads them.
        super().__init__(message or self.words)
        if hint:
            self.hint = hint  # type: ignore[assignment]
        if field:
            self.field = field

    @property
    def code(self) -> str:
        """Return the stable name of the error: `TooLate` is `too_late`."""
        name = type(self).__name__
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class CurrencyMismatch(Exception):
    """Two currencies met where only one makes sense. Always a bug: convert explicitly, never by addition."""
