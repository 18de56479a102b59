"""Who may join, how, and how one leaves: the rules this room obeys."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule
from toadlane.ui.sheets import Cell, Context, Rows


def _who(context: Context) -> list[tuple[str, str]]:
    return [("person", gettext("people")), ("organisation", gettext("organisations"))]


def _rights(context: Context) -> list[tuple[str, str]]:
    return [
        ("vote", gettext("vote")), ("propose", gettext("propose")), ("stand", gettext("stand for office")),
        ("offer", gettext("offer work or goods")), ("see_books", gettext("read the books")),
    ]  # fmt: skip


CLASSES = Rows(
    cells=(
        Cell(name="id", kind="key"),
        Cell(name="names", label=_("What one is called"), kind="names"),
        Cell(name="text", label=_("Who they are"), kind="text", required=False),
        Cell(name="who", label=_("Who can be one"), kind="choices", options=_who),
        Cell(name="rights", label=_("They may"), kind="choices", options=_rights, required=False),
        Cell(name="votes", label=_("Votes of each"), kind="int", minimum=1, maximum=99, empty=1, required=False),
        Cell(name="delegates", label=_("Delegates of an organization"), kind="int", minimum=1, maximum=99, empty=1, required=False),
        Cell(name="college", label=_("Votes are counted with"), required=False,
             help=_("A short name. Classes with the same one are counted as one group, where a vote counts by groups.")),
        Cell(name="probation", label=_("Begins on probation"), kind="flag", empty=False, required=False),
        Cell(name="questions", label=_("What whoever applies is asked"), kind="rows", empty=[], required=False, rows=Rows(
            cells=(Cell(name="id", kind="key"), Cell(name="label", label=_("Question"), kind="names")),
            one=_("Question"), add=_("Add a question"), once=("id",),
        )),
    ),
    one=_("Class"), add=_("Add a class"), once=("id",), least=1,
)  # fmt: skip
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
        id="members.begins",
        type="enum",
        default="agreed",
        options={"agreed": _("When they agree to the bylaws"), "paid": _("When their entry fee and first share are paid")},
        tier="policy",
        asked=False,
        question=_("When does somebody who was accepted become a member?"),
        why=_("Paying first keeps the register clean; agreeing first lets nobody wait for a bank."),
        text={
            "en": "{value, select, agreed {Whoever was accepted is a member from the moment they agree to the bylaws.} paid {Whoever was accepted and has agreed to the bylaws is a member once their entry fee and first shares are paid.}}",
            "es": "{value, select, agreed {Quien ha sido aceptado es miembro desde que da su conformidad a los estatutos.} paid {Quien ha sido aceptado y ha dado su conformidad a los estatutos es miembro cuando ha pagado la cuota de ingreso y sus primeras aportaciones.}}",
            "fr": "{value, select, agreed {Qui a été accepté devient membre en adhérant aux statuts.} paid {Qui a été accepté et a adhéré aux statuts devient membre une fois le droit d’entrée et les premières parts payés.}}",
            "ar": "{value, select, agreed {من قُبل يصبح عضواً منذ موافقته على النظام الداخلي.} paid {من قُبل ووافق على النظام الداخلي يصبح عضواً متى دفع رسم الانضمام وحصصه الأولى.}}",
        },
        order=32,
    ),
    Rule(
        id="members.hearing_days",
        type="int",
        unit="days",
        default=14,
        minimum=7,
        maximum=60,
        tier="constitutional",
        procedure="special",
        asked=False,
        question=_("How many days does a member have to answer charges?"),
        why=_("Nobody is put out without having been heard."),
        text={
            "en": "Whoever is to be excluded reads the charges and has {value} days to answer. Then the members decide in a secret vote.",
            "es": "Quien vaya a ser excluido lee los cargos y tiene {value} días para responder. Después deciden los miembros en voto secreto.",
            "fr": "Le membre menacé d’exclusion lit les griefs et a {value} jours pour répondre. Puis les membres décident à bulletin secret.",
            "ar": "من يُراد استبعاده يقرأ ما يُنسب إليه وله {value} يوماً للرد، ثم يقرر الأعضاء بتصويت سري.",
        },
        order=35,
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
        nothing={
            "en": "There is no probation: new members are full members from their first day.",
            "es": "No hay periodo de prueba: los nuevos socios lo son plenamente desde el primer día.",
            "fr": "Il n’y a pas de période d’essai : les nouveaux membres le sont pleinement dès le premier jour.",
            "ar": "لا توجد فترة تجربة: الأعضاء الجدد أعضاء كاملون منذ يومهم الأول.",
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
        nothing={
            "en": "A member can leave at any time, at once.",
            "es": "Un socio puede irse cuando quiera, en el acto.",
            "fr": "Un membre peut partir à tout moment, aussitôt.",
            "ar": "يمكن للعضو أن يغادر متى شاء وفوراً.",
        },
        order=50,
    ),
]  # fmt: skip
