"""How long a changed bank account rests."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="pay.hold_days", type="int", unit="days", default=3, minimum=1, maximum=14, tier="operational", procedure="coordinators",
        applies_from="at_once", asked=False, order=80,
        question=_("How many days does a changed bank account rest before it is paid to?"),
        why=_("Whoever steals a password changes the account first. Some days, and a letter, give the owner time."),
        text={
            "en": "When a member changes their bank account, nothing is paid to it for {value} days, and they are told of it.",
            "es": "Si un miembro cambia su cuenta bancaria, no se paga en ella durante {value} días, y se le avisa.",
            "fr": "Quand un membre change de compte bancaire, rien n’y est versé pendant {value} jours, et il en est averti.",
            "ar": "إذا غيّر عضو حسابه المصرفي فلا يُدفع إليه شيء مدة {value} أيام، ويُبلَّغ بذلك.",
        },
    ),
]  # fmt: skip
