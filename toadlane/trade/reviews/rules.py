"""When reviews are shown, who settles a complaint, and how long one may appeal."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="trade.review_days",
        type="int",
        unit="days",
        default=7,
        minimum=1,
        maximum=60,
        tier="operational",
        delay_days=0,
        question=_("For how many days can an order be reviewed?"),
        why=_("Both sides write without seeing what the other wrote. A short time keeps memories fresh."),
        text={
            "en": "Both sides may review an order for {value} days. Reviews are shown once both are in, or when the time is over.",
            "es": "Ambas partes pueden valorar un pedido durante {value} días. Las valoraciones se muestran cuando están las dos o acaba el plazo.",
            "fr": "Chaque partie peut donner son avis sur une commande pendant {value} jours. Les avis paraissent quand les deux sont là, ou à la fin du délai.",
            "ar": "يمكن للطرفين تقييم الطلب خلال {value} يوماً. وتُعرض التقييمات عندما يصل كلاهما أو تنتهي المدة.",
        },
        order=410,
    ),
    Rule(
        id="trade.answer_days",
        type="int",
        unit="days",
        default=3,
        minimum=1,
        maximum=30,
        tier="operational",
        delay_days=0,
        question=_("Within how many days is a complaint answered by the other side?"),
        why=_("Nobody is judged unheard, and nobody can stop a complaint by saying nothing."),
        text={
            "en": "The other side of a complaint has {value} days to answer. Then it is decided with what is there.",
            "es": "La otra parte tiene {value} días para responder a una queja. Después se decide con lo que haya.",
            "fr": "L’autre partie a {value} jours pour répondre à une réclamation. Ensuite, on tranche avec ce qui est connu.",
            "ar": "أمام الطرف الآخر {value} يوماً للرد على الشكوى، ثم يُبتّ فيها بما هو متوفر.",
        },
        order=420,
    ),
    Rule(
        id="moderation.mediator",
        type="enum",
        default="mediator",
        options={
            "mediator": _("a mediator named by the members"),
            "coordinator": _("the coordinator"),
            "board": _("the board"),
        },
        question=_("Who decides when two sides of an order disagree?"),
        why=_("It should be somebody whom both sides trust, and who gains nothing either way."),
        text={
            "en": "When two sides of an order disagree, {value, select, mediator {a mediator named by the members} coordinator {the coordinator}"
            " board {the board}} decides, and says why.",
            "es": "Cuando las dos partes de un pedido no se ponen de acuerdo, decide {value, select, mediator {una persona mediadora que nombran"
            " los miembros} coordinator {la coordinación} board {el consejo}}, y dice por qué.",
            "fr": "Quand les deux parties d’une commande ne sont pas d’accord, {value, select, mediator {une personne médiatrice nommée par les membres}"
            " coordinator {la coordination} board {le conseil}} tranche, et dit pourquoi.",
            "ar": "عند اختلاف طرفي الطلب يفصل بينهما {value, select, mediator {وسيط يسمّيه الأعضاء} coordinator {المنسّق} board {المجلس}}، ويذكر السبب.",
        },
        order=430,
    ),
    Rule(
        id="moderation.appeal_days",
        type="int",
        unit="days",
        default=14,
        minimum=7,
        maximum=365,
        delay_days=15,
        question=_("Within how many days can a decision be appealed?"),
        why=_("People make mistakes. Somebody else looks again, and the decision stands or falls."),
        text={
            "en": "Whoever a decision is about may appeal within {value} days. Somebody who did not make it looks again.",
            "es": "La persona afectada por una decisión puede recurrirla en {value} días. La revisa alguien que no la tomó.",
            "fr": "Toute personne visée par une décision peut faire appel sous {value} jours. Quelqu’un d’autre la réexamine.",
            "ar": "يحق لمن يخصه القرار أن يعترض عليه خلال {value} يوماً، ويعيد النظر فيه شخص لم يتخذه.",
        },
        order=440,
    ),
]
