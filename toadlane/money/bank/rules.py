"""How long a changed bank account rests, when members are paid, and how early they are told of a debit."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="pay.least_payout", type="money", default=0, minimum=0, tier="operational", procedure="coordinators",
        applies_from="at_once", asked=False, order=81,
        question=_("Below which amount does earned money come together before it is paid out?"),
        why=_("Transfers of a few cents cost more than they are worth. A member may want to wait for more, never for less."),
        text={
            "en": "What a member has earned is paid out once it comes to {value}, or to more where the member wants it so.",
            "es": "Lo que un miembro ha ganado se paga cuando llega a {value}, o a más si el miembro así lo quiere.",
            "fr": "Ce qu’un membre a gagné est versé dès que cela atteint {value}, ou davantage si le membre le souhaite.",
            "ar": "يُدفع ما كسبه العضو متى بلغ {value}، أو أكثر إن رغب العضو في ذلك.",
        },
        nothing={
            "en": "What a member has earned is paid out however little it is, unless the member wants to wait for more.",
            "es": "Lo que un socio ha ganado se paga por poco que sea, salvo que prefiera esperar a tener más.",
            "fr": "Ce qu’un membre a gagné est versé si peu que ce soit, sauf s’il préfère attendre davantage.",
            "ar": "ما كسبه العضو يُصرف مهما قلّ، إلا إذا أراد أن ينتظر المزيد.",
        },
    ),
    Rule(
        id="pay.longest_hold", type="int", unit="days", default=180, minimum=0, maximum=730, tier="operational",
        procedure="coordinators", applies_from="at_once", asked=False, order=82,
        question=_("After how many days is everything paid out, whatever a member wished?"),
        why=_("Money that belongs to members does not stay with the co-op for ever because somebody forgot it."),
        text={
            "en": "What has been due for {value} days is paid out, however little it is and whatever the member wished.",
            "es": "Lo que lleva {value} días pendiente se paga, por poco que sea y quiera lo que quiera el miembro.",
            "fr": "Ce qui est dû depuis {value} jours est versé, si peu que ce soit et quel que soit le souhait du membre.",
            "ar": "ما مضى على استحقاقه {value} يوماً يُدفع، مهما قلّ ومهما كانت رغبة العضو.",
        },
    ),
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
    Rule(
        id="pay.debit_notice", type="int", unit="days", default=14, minimum=1, maximum=60, tier="operational",
        procedure="coordinators", applies_from="at_once", asked=False, order=83,
        question=_("How many days before a direct debit are members told of it?"),
        why=_("Whoever is told the amount and the day in time can see to it that the money is there, or object."),
        text={
            "en": "Before money is collected from a member by direct debit, the member is told the amount and the day {value} days ahead.",
            "es": "Antes de cobrar a un miembro por adeudo directo, se le comunican el importe y el día con {value} días de antelación.",
            "fr": "Avant un prélèvement, le montant et le jour sont annoncés au membre {value} jours à l’avance.",
            "ar": "قبل تحصيل مال من عضو بالخصم المباشر يُبلَّغ بالمبلغ واليوم قبل {value} يوماً.",
        },
    ),
]  # fmt: skip
