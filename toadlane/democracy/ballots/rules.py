"""What members can ask of a vote."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

SECRET_SHARE = "gov.secret_share"

RULES = [
    Rule(
        id=SECRET_SHARE, type="rate", default="0.10", minimum="0", maximum="1/3", tier="constitutional", procedure="special",
        delay_days=30, applies_from="at_once", asked=False, order=42,
        question=_("How many can ask for a secret vote?"),
        why=_("Whoever fears to be seen voting should not need a majority to vote freely."),
        text={
            "en": "When {value} of those at the meeting, or of all on the roll, ask for it before the first vote is cast, a vote is secret.",
            "es": "Si lo pide el {value} de quienes están en la asamblea, o de quienes pueden votar, antes del primer voto, la votación es secreta.",
            "fr": "Si {value} des présents à l’assemblée, ou de tous les inscrits, le demandent avant le premier vote, le vote est secret.",
            "ar": "إذا طلب ذلك {value} من الحاضرين في الجمعية، أو من جميع من لهم حق التصويت، قبل أول صوت، كان التصويت سرياً.",
        },
    ),
]  # fmt: skip
