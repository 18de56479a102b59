"""Who may join, how, and how one leaves: the rules this room obeys."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="members.classes",
        type="classes",
        default=[
            {
                "id": "member", "names": {"en": "Member", "es": "Socio o socia", "fr": "Sociétaire", "ar": "عضو"},
                "who": ["person"], "rights": ["vote", "propose", "stand"], "college": "members", "probation": False,
                "questions": [
                    {"id": "why", "label": {
                        "en": "Why would you like to join?", "es": "¿Por qué quieres unirte?",
                        "fr": "Pourquoi souhaitez-vous nous rejoindre ?", "ar": "لماذا تود الانضمام؟",
                    }},
                ],
            },
        ],
        tier="constitutional",
        procedure="special",
        delay_days=30,
        applies_from="at_once",
        question=_("Who can become a member?"),
        why=_("Members own the co-op and decide. Those who work in it and those who use it may sit in classes of their own."),
        text={
            "en": "These can be members of our co-op. Whoever is refused is told why, and may appeal.",
            "es": "Pueden formar parte de nuestra cooperativa estas personas y entidades. A quien se rechaza se le dice por qué, y puede recurrir.",
            "fr": "Peuvent devenir membres de notre coopérative les personnes et organisations suivantes. Un refus est motivé, et ouvre droit à un recours.",
            "ar": "يمكن لهؤلاء أن يكونوا أعضاء في تعاونيتنا. ومن يُرفض طلبه يُخبر بالسبب، وله أن يعترض.",
        },
        order=10,
    ),
    Rule(
        id="members.decide_days",
        type="int",
        unit="days",
        default=30,
        minimum=1,
        maximum=365,
        tier="policy",
        question=_("Within how many days is an application answered?"),
        why=_("A date that everybody knows keeps people from waiting in front of a closed door."),
        text={
            "en": "Whoever asks to join has an answer from the board within {value} days.",
            "es": "Quien pide unirse recibe respuesta del consejo en {value} días.",
            "fr": "Toute demande d’adhésion reçoit une réponse du conseil sous {value} jours.",
            "ar": "كل من يطلب الانضمام يتلقى رداً من المجلس خلال {value} يوماً.",
        },
        order=20,
    ),
    Rule(
        id="members.appeal_days",
        type="int",
        unit="days",
        default=20,
        minimum=7,
        maximum=365,
        tier="policy",
        question=_("How many days are there to appeal against a refusal?"),
        why=_("Nobody decides alone and for good who is let in."),
        text={
            "en": "Whoever is refused can appeal to the members within {value} days.",
            "es": "Quien es rechazado puede recurrir ante la asamblea en {value} días.",
            "fr": "Un refus peut être contesté devant les membres sous {value} jours.",
            "ar": "لمن رُفض طلبه أن يعترض أمام الأعضاء خلال {value} يوماً.",
        },
        order=30,
        asked=False,
    ),
    Rule(
        id="members.probation_days",
        type="int",
        unit="days",
        default=90,
        minimum=0,
        maximum=730,
        tier="policy",
        question=_("How many days is somebody on probation?"),
        why=_("Both sides find out whether it works. Somebody on probation is paid like everybody else."),
        text={
            "en": "New members of a class that asks for it are on probation for {value} days, with the pay and the rights of a member.",
            "es": "Quien entra en una clase que lo pide está a prueba {value} días, con la paga y los derechos de cualquier miembro.",
            "fr": "Dans les catégories qui le prévoient, les nouveaux membres sont à l’essai pendant {value} jours, avec la paie et les droits d’un membre.",
            "ar": "يكون العضو الجديد، في الفئات التي تشترط ذلك، تحت التجربة مدة {value} يوماً، بأجر العضو وحقوقه.",
        },
        order=40,
    ),
    Rule(
        id="members.notice_days",
        type="int",
        unit="days",
        default=30,
        minimum=0,
        maximum=366,
        tier="policy",
        question=_("How many days before leaving must a member say so?"),
        why=_("Leaving is always possible. Some notice lets the others plan the work."),
        text={
            "en": "A member can leave at any time, and says so {value} days before.",
            "es": "Cualquier miembro puede irse cuando quiera, avisando {value} días antes.",
            "fr": "Un membre peut partir à tout moment, en prévenant {value} jours à l’avance.",
            "ar": "للعضو أن يغادر متى شاء، على أن يُعلم بذلك قبل {value} يوماً.",
        },
        order=50,
    ),
]  # fmt: skip
