"""To whom a job is offered first, and how long they have to answer."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="trade.allocation",
        type="enum",
        default="rotation",
        options={
            "rotation": _("in turn: whoever has waited longest"),
            "nearest": _("whoever has the shortest way"),
            "fewest_jobs": _("whoever has the fewest jobs this month"),
            "choose": _("whom the customer chooses"),
        },
        question=_("Who is offered a job first?"),
        why=_("Work is what members live on. Whichever way you choose, everybody can read why a job went where it went."),
        text={
            "en": "A job is offered to one member at a time: {value, select, rotation {in turn, to whoever has waited longest}"
            " nearest {to whoever has the shortest way} fewest_jobs {to whoever has the fewest jobs this month}"
            " choose {to whom the customer chooses}}. Saying no costs nothing.",
            "es": "Cada trabajo se ofrece a un miembro a la vez: {value, select, rotation {por turno, a quien lleva más tiempo esperando}"
            " nearest {a quien tiene el camino más corto} fewest_jobs {a quien tiene menos trabajos este mes}"
            " choose {a quien elige el cliente}}. Decir que no no cuesta nada.",
            "fr": "Chaque travail est proposé à un membre à la fois : {value, select, rotation {à tour de rôle, à qui attend depuis le plus longtemps}"
            " nearest {à qui a le chemin le plus court} fewest_jobs {à qui a le moins de travaux ce mois-ci}"
            " choose {à qui le client choisit}}. Refuser ne coûte rien.",
            "ar": "يُعرض كل عمل على عضو واحد في كل مرة: {value, select, rotation {بالدور، على من طال انتظاره أكثر}"
            " nearest {على من طريقه أقصر} fewest_jobs {على من لديه أقل عدد من الأعمال هذا الشهر}"
            " choose {على من يختاره الزبون}}. والرفض لا يكلّف شيئاً.",
        },
        order=310,
    ),
    Rule(
        id="trade.offer_minutes",
        type="int",
        unit="minutes",
        default=120,
        minimum=5,
        maximum=2880,
        tier="operational",
        delay_days=0,
        question=_("How many minutes does a member have to answer an offer?"),
        why=_("Long enough to ask who is free, short enough that the customer is not left waiting."),
        text={
            "en": "Whoever is offered a job has {value} minutes to answer. Then it is offered to the next.",
            "es": "Quien recibe una oferta de trabajo tiene {value} minutos para responder. Después pasa al siguiente.",
            "fr": "Le membre sollicité a {value} minutes pour répondre. Ensuite, le travail est proposé au suivant.",
            "ar": "أمام من يُعرض عليه العمل {value} دقيقة للرد، ثم يُعرض على من يليه.",
        },
        order=320,
    ),
]
