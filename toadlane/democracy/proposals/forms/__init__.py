"""What is asked on the pages of this room."""

from toadlane.democracy.proposals.forms.asking import (
    AmendForm,
    DayForm,
    GuardForm,
    KindForm,
    PauseForm,
    ReasonForm,
    ReplyForm,
    ReviewForm,
    SayForm,
    ValueForm,
    WhyForm,
    WordsForm,
)  # fmt: skip
from toadlane.democracy.proposals.forms.ways import WayForm, slug

__all__ = [
    "AmendForm", "DayForm", "GuardForm", "KindForm", "PauseForm", "ReasonForm", "ReplyForm", "ReviewForm", "SayForm", "ValueForm",
    "WayForm", "WhyForm", "WordsForm", "slug",
]  # fmt: skip
