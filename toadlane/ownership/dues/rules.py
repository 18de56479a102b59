"""What members pay for being members, when, and what becomes of whoever cannot: the rules this room obeys."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="dues.amount", type="money", default=0, minimum=0, tier="policy", applies_from="next_period", asked=False, order=10,
        question=_("What does a member pay each period?"),
        why=_("Dues pay for what belongs to everybody. Nothing is a good answer too."),
        text={
            "en": "Each period a member pays dues of {value}.",
            "es": "Cada periodo, cada miembro paga una cuota de {value}.",
            "fr": "À chaque période, un membre paie une cotisation de {value}.",
            "ar": "يدفع العضو في كل فترة اشتراكاً قدره {value}.",
        },
        nothing={
            "en": "Members pay no dues.",
            "es": "Los socios no pagan cuotas.",
            "fr": "Les membres ne paient pas de cotisation.",
            "ar": "لا يدفع الأعضاء اشتراكات.",
        },
    ),
    Rule(
        id="dues.period", type="enum", default="month", tier="policy", applies_from="next_period", asked=False, order=20,
        options={"month": _("Every month"), "quarter": _("Every quarter"), "year": _("Every year")},
        question=_("How often are dues paid?"),
        why=_("Small and often is easier for many; once a year is less work."),
        text={
            "en": "Dues are paid {value, select, month {every month} quarter {every quarter} year {every year}}.",
            "es": "Las cuotas se pagan {value, select, month {cada mes} quarter {cada trimestre} year {cada año}}.",
            "fr": "Les cotisations se paient {value, select, month {chaque mois} quarter {chaque trimestre} year {chaque année}}.",
            "ar": "تُدفع الاشتراكات {value, select, month {كل شهر} quarter {كل ثلاثة أشهر} year {كل سنة}}.",
        },
    ),
    Rule(
        id="dues.sliding", type="flag", default=False, tier="policy", applies_from="next_period", asked=False, order=30,
        question=_("Does each member choose how much they pay?"),
        why=_("Whoever has more carries whoever has less, and nobody has to explain."),
        text={
            "en": "{value, select, yes {Each member chooses what they pay, on a scale. The amount of the dues is what is suggested.} no {All pay the amount of the dues.}}",
            "es": "{value, select, yes {Cada miembro elige lo que paga, dentro de una escala. El importe de la cuota es lo que se sugiere.} no {Todos pagan el importe de la cuota.}}",
            "fr": "{value, select, yes {Chaque membre choisit ce qu’il paie, sur une échelle. Le montant de la cotisation est ce qui est suggéré.} no {Tous paient le montant de la cotisation.}}",
            "ar": "{value, select, yes {يختار كل عضو ما يدفعه ضمن سلّم، ومبلغ الاشتراك هو المقترح.} no {يدفع الجميع مبلغ الاشتراك.}}",
        },
    ),
    Rule(
        id="dues.least", type="money", default=0, minimum=0, tier="policy", applies_from="next_period", asked=False, order=40,
        question=_("Where members choose: what is the least?"),
        why=_("Nobody should have to leave for want of money."),
        text={
            "en": "Where members choose, the least is {value}.",
            "es": "Donde se elige, lo mínimo es {value}.",
            "fr": "Quand le montant se choisit, le minimum est de {value}.",
            "ar": "حيث يختار الأعضاء، أقل مبلغ هو {value}.",
        },
        nothing={
            "en": "Where members choose, there is no least amount.",
            "es": "Donde se elige, no hay un mínimo.",
            "fr": "Quand le montant se choisit, il n’y a pas de minimum.",
            "ar": "حيث يختار الأعضاء، لا يوجد حد أدنى.",
        },
    ),
    Rule(
        id="dues.most", type="money", default=0, minimum=0, tier="policy", applies_from="next_period", asked=False, order=50,
        question=_("Where members choose: what is the most?"),
        why=_("A co-op that lives on a few large contributions listens to a few."),
        text={
            "en": "Where members choose, the most is {value}, and never less than what is suggested.",
            "es": "Donde se elige, lo máximo es {value}, y nunca menos de lo que se sugiere.",
            "fr": "Quand le montant se choisit, le maximum est de {value}, et jamais moins que ce qui est suggéré.",
            "ar": "حيث يختار الأعضاء، أكبر مبلغ هو {value}، ولا يقل أبداً عن المقترح.",
        },
        nothing={
            "en": "Where members choose, the most is what is suggested.",
            "es": "Donde se elige, lo máximo es lo que se sugiere.",
            "fr": "Quand le montant se choisit, le maximum est ce qui est suggéré.",
            "ar": "حيث يختار الأعضاء، أكبر مبلغ هو المقترح.",
        },
    ),
    Rule(
        id="dues.class_parts", type="weights", default={}, tier="policy", applies_from="next_period", asked=False, order=60,
        question=_("Which part of the dues does each class of members pay?"),
        why=_("Those who live from the co-op and those who support it from afar need not pay the same."),
        text={
            "en": "Of the dues each class pays this part, and all of it where it is not named: {value}.",
            "es": "De la cuota cada clase paga esta parte, y toda si no se nombra: {value}.",
            "fr": "De la cotisation, chaque catégorie paie cette part, et la totalité si elle n’est pas nommée : {value}.",
            "ar": "تدفع كل فئة هذا الجزء من الاشتراك، وكله إن لم تُذكر: {value}.",
        },
        nothing={
            "en": "Every class of members pays all of the dues.",
            "es": "Todas las clases de miembros pagan la cuota entera.",
            "fr": "Chaque catégorie de membres paie toute la cotisation.",
            "ar": "تدفع كل فئات الأعضاء الاشتراك كاملًا.",
        },
    ),
    Rule(
        id="dues.first", type="enum", default="months", tier="policy", applies_from="next_period", asked=False, order=70,
        options={"months": _("The months that are left"), "whole": _("The whole period"), "next": _("Nothing until the next one")},
        question=_("What does whoever joins in the middle of a period pay for it?"),
        why=_("Nobody should wait with joining until January."),
        text={
            "en": "Whoever joins in the middle of a period pays for it {value, select, months {the months that are left} whole {in whole} next {nothing}}.",
            "es": "Quien entra a mitad de un periodo paga por él {value, select, months {los meses que quedan} whole {todo} next {nada}}.",
            "fr": "Qui arrive au milieu d’une période paie pour elle {value, select, months {les mois qui restent} whole {la totalité} next {rien}}.",
            "ar": "من ينضم في منتصف فترة يدفع عنها {value, select, months {الأشهر الباقية} whole {كاملة} next {لا شيء}}.",
        },
    ),
    Rule(
        id="dues.due_day", type="int", default=15, minimum=1, maximum=28, tier="operational", procedure="coordinators",
        applies_from="next_period", asked=False, order=80,
        question=_("On which day of a period’s first month are dues due?"),
        why=_("A day after most people are paid."),
        text={
            "en": "Dues are due on day {value} of a period’s first month.",
            "es": "Las cuotas vencen el día {value} del primer mes de cada periodo.",
            "fr": "Les cotisations sont dues le {value} du premier mois de la période.",
            "ar": "تستحق الاشتراكات في اليوم {value} من الشهر الأول للفترة.",
        },
    ),
    Rule(
        id="dues.grace_days", type="int", default=30, minimum=0, maximum=366, unit="days", tier="policy",
        applies_from="at_once", asked=False, order=90,
        question=_("How many days after that does somebody count as late?"),
        why=_("Whoever is late may lose a vote where a way of deciding says so. That should not happen over a forgotten letter."),
        text={
            "en": "A member counts as late once dues are unpaid {value} days after they were due.",
            "es": "Un miembro está en mora cuando la cuota sigue impagada {value} días después de vencer.",
            "fr": "Un membre est en retard quand la cotisation reste impayée {value} jours après l’échéance.",
            "ar": "يُعد العضو متأخراً إذا بقي الاشتراك غير مدفوع {value} يوماً بعد استحقاقه.",
        },
        nothing={
            "en": "A member counts as late once dues are due and not paid.",
            "es": "Un socio está en mora en cuanto vence una cuota sin pagar.",
            "fr": "Un membre est en retard dès qu’une cotisation est due et non payée.",
            "ar": "يُعد العضو متأخراً ما إن يحل موعد الاشتراك دون أن يدفعه.",
        },
    ),
    Rule(
        id="dues.reminders", type="int", default=2, minimum=0, maximum=6, tier="operational", procedure="coordinators",
        applies_from="at_once", asked=False, order=100,
        question=_("How many reminders does somebody have?"),
        why=_("After that, talk to them."),
        text={
            "en": "Whoever has not paid is reminded {value} times.",
            "es": "A quien no ha pagado se le recuerda {value} veces.",
            "fr": "Qui n’a pas payé reçoit {value} rappels.",
            "ar": "يُذكَّر من لم يدفع {value} مرة.",
        },
        nothing={
            "en": "Whoever has not paid is not reminded.",
            "es": "A quien no ha pagado no se le recuerda.",
            "fr": "Qui n’a pas payé ne reçoit pas de rappel.",
            "ar": "من لم يدفع لا يُذكَّر.",
        },
    ),
    Rule(
        id="dues.remind_days", type="int", default=7, minimum=1, maximum=90, unit="days", tier="operational",
        procedure="coordinators", applies_from="at_once", asked=False, order=110,
        question=_("How many days lie between reminders?"),
        why=_("The first comes as many days after the dues were due."),
        text={
            "en": "{value} days lie between the day dues are due and the first reminder, and between one reminder and the next.",
            "es": "Pasan {value} días desde el vencimiento hasta el primer aviso, y entre un aviso y el siguiente.",
            "fr": "{value} jours séparent l’échéance du premier rappel, et un rappel du suivant.",
            "ar": "يفصل {value} يوماً بين الاستحقاق وأول تذكير، وبين تذكير وآخر.",
        },
    ),
    Rule(
        id="dues.waived_by", type="enum", default="treasurer", tier="policy", applies_from="at_once", asked=False, order=120,
        options={"treasurer": _("The treasurer or the board"), "board": _("The board"), "coordinator": _("The coordinators")},
        question=_("Who may let somebody off paying for a while?"),
        why=_("Somebody whom one can tell why. Nobody does it for themselves."),
        text={
            "en": "{value, select, treasurer {The treasurer or the board} board {The board} coordinator {The coordinators}} may waive somebody’s dues for a while, with a reason and an end.",
            "es": "{value, select, treasurer {La tesorería o el consejo} board {El consejo} coordinator {La coordinación}} puede eximir a alguien de la cuota por un tiempo, con motivo y final.",
            "fr": "{value, select, treasurer {La trésorerie ou le conseil} board {Le conseil} coordinator {La coordination}} peut dispenser quelqu’un de cotisation pour un temps, avec un motif et une fin.",
            "ar": "{value, select, treasurer {لأمين الصندوق أو المجلس} board {للمجلس} coordinator {للمنسقين}} إعفاء عضو من الاشتراك مدة من الزمن، بسبب ونهاية.",
        },
    ),
    Rule(
        id="dues.credit_back", type="flag", default=True, tier="policy", applies_from="at_once", asked=False, order=130,
        question=_("Do members who leave get back what they had paid ahead?"),
        why=_("They paid for months in which they are no members any more."),
        text={
            "en": "{value, select, yes {Whoever leaves gets back the dues they had paid ahead.} no {Dues that were paid ahead stay with the co-op when a member leaves.}}",
            "es": "{value, select, yes {Quien se va recupera las cuotas pagadas por adelantado.} no {Las cuotas pagadas por adelantado se quedan en la cooperativa cuando un miembro se va.}}",
            "fr": "{value, select, yes {Qui s’en va récupère les cotisations payées d’avance.} no {Les cotisations payées d’avance restent à la coopérative au départ d’un membre.}}",
            "ar": "{value, select, yes {من يغادر يسترد الاشتراكات التي دفعها مقدماً.} no {تبقى الاشتراكات المدفوعة مقدماً للتعاونية عند مغادرة العضو.}}",
        },
    ),
]  # fmt: skip
