"""What the bylaws say about paying members."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="pay.payout_days", type="int", default=7, minimum=0, maximum=60, unit="days", tier="operational",
        procedure="coordinators", applies_from="at_once", order=41,
        question=_("After how many days is earned money paid out?"),
        why=_("A few days leave room for a complaint before the money has left. Owed longer than this, the treasurer is alarmed."),
        text={
            "en": "What a member has earned is paid out {value} days after the work is confirmed.",
            "es": "Lo que una socia ha ganado se le paga {value} días después de confirmado el trabajo.",
            "fr": "Ce qu’un membre a gagné lui est versé {value} jours après la confirmation du travail.",
            "ar": "يُدفع للعضو ما كسبه بعد {value} أيام من تأكيد العمل.",
        },
    ),
]  # fmt: skip
