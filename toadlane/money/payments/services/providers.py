"""What we ask of any provider, and how it may answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A card as typed. It is handed to the provider and never stored."""

    number: str
    expiry: str = "12/39"
    cvc: str = "123"
    # The payer has shown their bank that it is them: asked for when an answer was `requires_action`.
    challenge_passed: bool = False

    def __repr__(self) -> str:
        return f"Card(…{self.number[-4:]})"
