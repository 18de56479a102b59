def wire() -> None:
    """Nothing to connect yet."""
