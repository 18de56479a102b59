"""What members may lend to the co-op: the rules this room obeys."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="lending.ceiling", type="money", default=0, minimum=0, tier="constitutional", procedure="special", delay_days=30,
        applies_from="at_once", asked=False, order=10,
        question=_("How much may one member lend to the co-op?"),
        why=_("A loan from members is money without a bank. A ceiling keeps the co-op from living on one person’s money."),
        text={
            "en": "One member lends the co-op at most {value} at a time.",
            "es": "Un miembro presta a la cooperativa como máximo {value} a la vez.",
            "fr": "Un membre prête à la coopérative {value} au plus à la fois.",
            "ar": "لا يُقرض العضو الواحد التعاونية أكثر من {value} في وقت واحد.",
        },
        nothing={
            "en": "The co-op takes no loans from members.",
            "es": "La cooperativa no acepta préstamos de sus miembros.",
            "fr": "La coopérative n’accepte pas de prêts de ses membres.",
            "ar": "لا تقبل التعاونية قروضاً من أعضائها.",
        },
    ),
    Rule(
        id="lending.most_interest", type="rate", default="0.03", minimum="0", maximum="0.15", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=20,
        question=_("How much interest may a member’s loan bear at most?"),
        why=_("Members lend to their co-op so that it can do its work, and not to live on it."),
        text={
            "en": "A member’s loan bears at most {value} a year.",
            "es": "El préstamo de un miembro rinde como máximo el {value} anual.",
            "fr": "Le prêt d’un membre rapporte {value} par an au plus.",
            "ar": "لا يزيد عائد قرض العضو على {value} في السنة.",
        },
        nothing={
            "en": "A member’s loan bears no interest.",
            "es": "El préstamo de un miembro no da intereses.",
            "fr": "Le prêt d’un membre ne rapporte pas d’intérêts.",
            "ar": "لا يدر قرض العضو فائدة.",
        },
    ),
    Rule(
        id="lending.most_months", type="int", default=60, minimum=1, maximum=240, unit="months", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=30,
        question=_("For how many months may a member’s loan run at most?"),
        why=_("Both sides should be able to see the end of it."),
        text={
            "en": "A member’s loan runs for at most {value} months.",
            "es": "El préstamo de un miembro dura como máximo {value} meses.",
            "fr": "Le prêt d’un membre court {value} mois au plus.",
            "ar": "لا تتجاوز مدة قرض العضو {value} شهراً.",
        },
    ),
]  # fmt: skip
