"""What can keep a vote from being cast, said so that people know what to do."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotOpen(Expected):
    words = _("This ballot takes no votes now.")


class TooLate(Expected):
    words = _("A secret vote is asked for before the first vote is cast, where votes are counted and not secret anyway.")


class AskedAlready(Expected):
    words = _("You have asked for a secret vote.")


class NotCheckedIn(Expected):
    words = _("Only who has come to the meeting votes on this.")


class AlreadyVoted(Expected):
    words = _("This vote has been cast. A secret vote cannot be found again, and so it cannot be changed.")


class CannotChange(Expected):
    words = _("This vote has been cast, and here a vote cannot be changed.")


class EmptyRoll(Expected):
    words = _("Nobody may vote on this, so there is nothing to open.")


class NotSo(Expected):
    words = _("The bylaws do not allow this in this ballot.")


class TooMany(Expected):
    """That is more than one member may carry."""


class Another(Expected):
    words = _("It takes a second person to say the same.")


class Differs(Expected):
    """:ivar places: on the roll, whose papers were read differently, where that is known"""

    words = _("The two entries differ. Look at the papers again, together.")

    def __init__(self, *, hint: object = "", places: Sequence[int] = ()) -> None:
        super().__init__(hint=hint)
        self.places = places
