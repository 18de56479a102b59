"""What the bylaws say about paying members."""

from django.utils.translation import gettext_lazy as _

from toadlane.money.payments.rules import known
from toadlane.society.bylaws.rules import Rule

NOBODY = "none"
# Every provider that takes cards and has a folder; whether it is set up on this server is the operator's affair.
CARDS = {NOBODY: _("nobody"), **{one.name: one.title for one in known.providers().values() if one.takes_cards}}

RULES = [
    Rule(
        id="pay.payout_days", type="int", default=7, minimum=0, maximum=60, unit="days", tier="operational",
        procedure="coordinators", applies_from="at_once", order=41,
        question=_("After how many days is earned money paid out?"),
        why=_(
            "A few days leave room for a complaint before the money has left. Owed longer than this, the treasurer is alarmed."
        ),
        text={
            "en": "What a member has earned is paid out {value} days after the work is confirmed.",
            "es": "Lo que una socia ha ganado se le paga {value} días después de confirmado el trabajo.",
            "fr": "Ce qu’un membre a gagné lui est versé {value} jours après la confirmation du travail.",
            "ar": "يُدفع للعضو ما كسبه بعد {value} أيام من تأكيد العمل.",
        },
        nothing={
            "en": "What a member has earned is paid out as soon as the work is confirmed.",
            "es": "Lo que un socio ha ganado se paga en cuanto se confirma el trabajo.",
            "fr": "Ce qu’un membre a gagné est versé dès que le travail est confirmé.",
            "ar": "ما كسبه العضو يُصرف ما إن يُؤكَّد العمل.",
        },
    ),
    Rule(
        id="pay.cards", type="enum", default=NOBODY, options=CARDS, tier="operational", procedure="coordinators", asked=False,
        applies_from="at_once", order=42,
        question=_("Who takes cards for the co-op?"),
        why=_("A licensed company holds the money until it is shared out. What was begun with one company is finished with it."),
        text={
            "en": "Cards are taken for the co-op by {value}.",
            "es": "Los pagos con tarjeta los cobra para la cooperativa: {value}.",
            "fr": "Les paiements par carte sont encaissés pour la coopérative par : {value}.",
            "ar": "من يقبض مدفوعات البطاقات للتعاونية: {value}.",
        },
    ),
    Rule(
        id="pay.vouchers", type="flag", default=False, tier="operational", procedure="coordinators", asked=False,
        applies_from="at_once", order=42,
        question=_("Does the co-op take vouchers as money?"),
        why=_(
            "Some clients pay with vouchers of the state or of their employer. Each is noted by its number and taken once; the "
            "co-op gets its money from whoever gave it out."
        ),
        text={
            "en": "{value, select, yes {Vouchers are taken as money, each once, when two people have seen them.}"
                  " no {Vouchers are not taken as money.}}",
            "es": "{value, select, yes {Los vales se aceptan como dinero, cada uno una vez, cuando dos personas los han visto.}"
                  " no {Los vales no se aceptan como dinero.}}",
            "fr": "{value, select, yes {Les chèques et bons sont acceptés en paiement, chacun une fois, quand deux personnes"
                  " les ont vus.} no {Les chèques et bons ne sont pas acceptés en paiement.}}",
            "ar": "{value, select, yes {تُقبل القسائم بدل النقود، كل قسيمة مرة واحدة، بعد أن يراها شخصان.}"
                  " no {لا تُقبل القسائم بدل النقود.}}",
        },
    ),
    Rule(
        id="pay.credit_limit", type="money", default=0, minimum=0, tier="policy", procedure="simple", asked=False,
        applies_from="at_once", order=42,
        question=_("How far below nothing may a member’s credit go?"),
        why=_(
            "Members can pay each other’s work with credit: who has work done owes it to all, and whoever did it can have work "
            "done in turn. Nobody needs money for that. At nothing, nobody can owe anything; what somebody has is spent."
        ),
        text={
            "en": "Members pay each other’s work with credit, and may owe up to {value}.",
            "es": "Los miembros se pagan el trabajo entre sí con crédito, y pueden deber hasta {value}.",
            "fr": "Les membres se paient leur travail en crédit, et peuvent devoir jusqu’à {value}.",
            "ar": "يدفع الأعضاء بعضهم لبعض مقابل العمل بالرصيد المتبادل، ولكل منهم أن يكون مديناً حتى {value}.",
        },
        nothing={
            "en": "Nobody owes others work: there is no credit among members beyond what somebody has earned.",
            "es": "Nadie debe trabajo a otros: no hay más crédito entre miembros que el que alguien ya ha ganado.",
            "fr": "Personne ne doit de travail aux autres : entre membres, il n’y a de crédit que celui déjà gagné.",
            "ar": "لا يدين أحد لغيره بعمل: لا رصيد متبادل بين الأعضاء سوى ما كسبه أحدهم من قبل.",
        },
    ),
    Rule(
        id="pay.credit_most", type="money", default=0, minimum=0, tier="policy", procedure="simple", asked=False,
        applies_from="at_once", order=42,
        question=_("How much credit may a member gather before they sell for money alone?"),
        why=_(
            "Credit is worth something while it goes round. Whoever has this much spends some before they earn more of it. What "
            "was ordered before is still paid to them. At nothing, there is no such limit."
        ),
        text={
            "en": "Whoever has {value} of credit or more is paid with credit again when they have spent some.",
            "es": "A quien tenga un crédito de {value} o más se le vuelve a pagar con crédito cuando haya gastado una parte.",
            "fr": "Qui a un crédit de {value} ou plus est de nouveau payé en crédit après en avoir dépensé une partie.",
            "ar": "من بلغ رصيده المتبادل {value} أو أكثر لا يُدفع له بالرصيد مجدداً حتى ينفق بعضه.",
        },
        nothing={
            "en": "A member may have any amount of credit.",
            "es": "Un miembro puede tener cualquier cantidad de crédito.",
            "fr": "Un membre peut avoir un crédit de n’importe quel montant.",
            "ar": "للعضو أن يملك أي قدر من الرصيد المتبادل.",
        },
    ),
    Rule(
        id="pay.taken_back", type="enum", default="owed", tier="policy", procedure="simple", asked=False, applies_from="at_once",
        order=43,
        options={
            "owed": _("the member owes it"), "kept": _("it is kept from what the member earns next"),
            "loss": _("the co-op bears it"),
        },
        question=_("What if money goes back to a customer after the member has been paid?"),
        why=_("What can be taken back from the payout is taken back first. This is about the rest."),
        text={
            "en": "When a customer gets money back after the member was paid, and it cannot be taken back: {value}.",
            "es": "Cuando un cliente recupera dinero después de pagado el miembro, y ya no se puede retirar: {value}.",
            "fr": "Quand de l’argent revient au client après le versement au membre, et ne peut être repris : {value}.",
            "ar": "إذا استردّ العميل مالاً بعد أن دُفع للعضو وتعذّر استرجاعه منه: {value}.",
        },
    ),
    Rule(
        id="pay.kept_most", type="rate", default="0.5", minimum="0", maximum="1", tier="policy", procedure="simple", asked=False,
        applies_from="at_once", order=44,
        question=_("How much of one payout may be kept for what a member owes?"),
        why=_("Work is paid, whatever went back to a customer meanwhile. The rest of the debt waits for the next payout."),
        text={
            "en": "Of what a member is to be paid, at most {value} is kept for what they owe.",
            "es": "De lo que se ha de pagar a un miembro se retiene como máximo el {value} por lo que debe.",
            "fr": "Sur ce qui doit être versé à un membre, {value} au plus est retenu pour ce qu’il doit.",
            "ar": "لا يُحتجز مما يُستحق دفعه للعضو لقاء دَينه أكثر من {value}.",
        },
    ),
    Rule(
        id="pay.protected_month", type="money", default=0, minimum=0, tier="policy", procedure="simple", asked=False,
        applies_from="at_once", order=45,
        question=_("How much of a month’s pay is never kept for what a member owes?"),
        why=_("Everybody has to live on something. The law of the country may set the least."),
        text={
            "en": "Of a calendar month’s pay, the first {value} are paid out whatever the member owes.",
            "es": "De lo ganado en un mes natural, los primeros {value} se pagan deba lo que deba el miembro.",
            "fr": "Sur la paie d’un mois civil, les premiers {value} sont versés, quoi que doive le membre.",
            "ar": "من أجر الشهر التقويمي يُدفع أول {value} أياً كان ما على العضو من دين.",
        },
        nothing={
            "en": "Nothing of a month’s pay is kept apart from what a member owes.",
            "es": "Nada de la paga de un mes queda a salvo de lo que debe un miembro.",
            "fr": "Rien de la paie d’un mois n’échappe à ce qu’un membre doit.",
            "ar": "لا يُستثنى شيء من أجر الشهر مما يدين به العضو.",
        },
    ),
]  # fmt: skip
