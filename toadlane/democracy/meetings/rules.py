"""How meetings are called, who counts, and how minutes come about. The law's floors and caps stand in the pack."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

# Members rely on these: they change by the vote for important rules, and bind the next meeting that is called.
_GUARD: dict[str, Any] = {
    "tier": "constitutional", "procedure": "special", "delay_days": 30, "applies_from": "at_once", "asked": False,
}  # fmt: skip
_OURS: dict[str, Any] = {"tier": "policy", "delay_days": 15, "applies_from": "at_once", "asked": False}

RULES = [
    Rule(
        id="meetings.notice_days", type="int", unit="days", default=15, minimum=3, maximum=90, order=70, **_GUARD,
        question=_("How many days before is a general meeting called?"),
        why=_("Whoever works shifts or has children needs to know in time. A meeting sprung on people is not theirs."),
        text={
            "en": "A general meeting is called at least {value} days before, with its agenda, to every member.",
            "es": "La asamblea se convoca con al menos {value} días de antelación, con su orden del día, a cada miembro.",
            "fr": "L’assemblée est convoquée au moins {value} jours à l’avance, avec son ordre du jour, auprès de chaque membre.",
            "ar": "يُدعى إلى الجمعية العامة قبل {value} يوماً على الأقل، مع جدول أعمالها، وتصل الدعوة إلى كل عضو.",
        },
    ),
    Rule(
        id="meetings.urgent_days", type="int", unit="days", default=7, minimum=2, maximum=90, order=71, **_GUARD,
        question=_("And when it is urgent?"),
        why=_("A burst pipe cannot wait for a month. The reason stands in the call, for everybody to judge."),
        text={
            "en": "In urgent cases, with the reason in the call, {value} days are enough.",
            "es": "En casos urgentes, con el motivo en la convocatoria, bastan {value} días.",
            "fr": "En cas d’urgence, motivée dans la convocation, {value} jours suffisent.",
            "ar": "في الحالات العاجلة، مع ذكر السبب في الدعوة، تكفي {value} يوماً.",
        },
    ),
    Rule(
        id="meetings.call_share", type="rate", default="0.10", minimum="0.01", maximum="1/2", order=72, **_GUARD,
        question=_("How many members can have a general meeting called?"),
        why=_("The board cannot keep members from meeting. Too many, and it is a right nobody can use."),
        text={
            "en": "When {value} of the members ask for a general meeting, it is called.",
            "es": "Cuando lo pide el {value} de los miembros, se convoca la asamblea.",
            "fr": "Lorsque {value} des membres le demandent, l’assemblée est convoquée.",
            "ar": "إذا طلب {value} من الأعضاء جمعية عامة دُعي إليها.",
        },
    ),
    Rule(
        id="meetings.call_days", type="int", unit="days", default=14, minimum=1, maximum=60, order=73, **_GUARD,
        question=_("Within how many days does the board call a meeting that members ask for?"),
        why=_("After that those who asked call it themselves. A right without a date is a wish."),
        text={
            "en": "The board calls a meeting that members ask for within {value} days; after that, those who asked for it call it.",
            "es": "El consejo convoca en {value} días la asamblea que piden los miembros; después la convocan quienes la pidieron.",
            "fr": "Le conseil convoque sous {value} jours l’assemblée demandée ; passé ce délai, les demandeurs la convoquent.",
            "ar": "يدعو المجلس خلال {value} يوماً إلى الاجتماع الذي طلبه الأعضاء، وبعدها يدعو إليه من طلبوه.",
        },
    ),
    Rule(
        id="meetings.items_share", type="rate", default="0.05", minimum="0.01", maximum="1/2", order=74, **_GUARD,
        question=_("How many members can have an item put on the agenda?"),
        why=_("Whoever writes the agenda decides what can be decided. So it is not written by the board alone."),
        text={
            "en": "When {value} of the members ask for an item, it is on the agenda.",
            "es": "Cuando lo pide el {value} de los miembros, un punto entra en el orden del día.",
            "fr": "Lorsque {value} des membres le demandent, un point est inscrit à l’ordre du jour.",
            "ar": "إذا طلب {value} من الأعضاء بنداً أُدرج في جدول الأعمال.",
        },
    ),
    Rule(
        id="meetings.items_days", type="int", unit="days", default=8, minimum=1, maximum=60, order=75, **_GUARD,
        question=_("For how many days after the call can members add to the agenda?"),
        why=_("Only who has read the agenda knows what is missing. After that it is closed, and nobody is surprised."),
        text={
            "en": "Items can be asked for until the end of day {value} after the call. Then the agenda is closed.",
            "es": "Se pueden pedir puntos hasta el final del día {value} tras la convocatoria. Después el orden del día queda cerrado.",
            "fr": "Des points peuvent être demandés jusqu’à la fin du {value}e jour après la convocation. Puis l’ordre du jour est clos.",
            "ar": "يمكن طلب إضافة بنود حتى نهاية اليوم {value} بعد الدعوة، ثم يُغلق جدول الأعمال.",
        },
    ),
    Rule(
        id="meetings.quorum_first", type="rate", default="1/3", minimum="0", maximum="9/10", order=76, **_GUARD,
        question=_("How many members have to be there?"),
        why=_("Those who came by proxy or take part from elsewhere count. Too high, and the first call is an empty form."),
        text={
            "en": "A general meeting can begin when {value} of the members are there, in the room, from elsewhere or by proxy.",
            "es": "La asamblea puede empezar cuando está {value} de los miembros, en la sala, a distancia o por representación.",
            "fr": "L’assemblée peut commencer lorsque {value} des membres sont là, dans la salle, à distance ou représentés.",
            "ar": "تبدأ الجمعية العامة إذا حضر {value} من الأعضاء، في القاعة أو عن بُعد أو بالوكالة.",
        },
        nothing={
            "en": "A general meeting can begin however few are there.",
            "es": "Una asamblea general puede empezar por pocos que estén.",
            "fr": "Une assemblée générale peut commencer même si peu sont là.",
            "ar": "يمكن أن تبدأ الجمعية العامة مهما قلّ الحاضرون.",
        },
    ),
    Rule(
        id="meetings.quorum_second", type="rate", default="1/10", minimum="0", maximum="9/10", order=77, **_GUARD,
        question=_("And at the second call?"),
        why=_("A co-op has to be able to decide even when many stay away. Everybody was told that it may come to this."),
        text={
            "en": "At the second call {value} of the members are enough.",
            "es": "En segunda convocatoria basta con {value} de los miembros.",
            "fr": "Sur deuxième convocation, {value} des membres suffisent.",
            "ar": "في الدعوة الثانية يكفي {value} من الأعضاء.",
        },
        nothing={
            "en": "At the second call, whoever is there is enough.",
            "es": "En segunda convocatoria bastan los que estén.",
            "fr": "À la seconde convocation, ceux qui sont là suffisent.",
            "ar": "عند الدعوة الثانية يكفي من حضر.",
        },
    ),
    Rule(
        id="meetings.second_minutes", type="int", unit="minutes", default=30, minimum=15, maximum=20160, order=78, **_OURS,
        question=_("How many minutes after the first call does the second begin?"),
        why=_("Half an hour lets the late ones come. Some co-ops meet again another day."),
        text={
            "en": "The second call is {value} minutes after the first.",
            "es": "La segunda convocatoria es {value} minutos después de la primera.",
            "fr": "La deuxième convocation a lieu {value} minutes après la première.",
            "ar": "تكون الدعوة الثانية بعد الأولى بـ {value} دقيقة.",
        },
    ),
    Rule(
        id="meetings.proxies_max", type="int", unit="proxies", default=1, minimum=0, maximum=10, order=79, **_GUARD,
        question=_("For how many others can one member act?"),
        why=_("A proxy brings in who is ill or on shift. A pocket full of them brings back the boss."),
        text={
            "en": "A member can be represented by another, in writing and for one meeting. Nobody acts for more than {value}.",
            "es": "Un miembro puede hacerse representar por otro, por escrito y para una sola asamblea. Nadie representa a más de {value}.",
            "fr": "Un membre peut se faire représenter par un autre, par écrit et pour une assemblée. Nul n’en représente plus de {value}.",
            "ar": "للعضو أن يوكّل عضواً آخر كتابةً ولاجتماع واحد. ولا يمثّل أحد أكثر من {value}.",
        },
        nothing={
            "en": "Nobody is represented by another: there are no proxies.",
            "es": "Nadie representa a otro: no hay delegaciones de voto.",
            "fr": "Personne n’est représenté par un autre : il n’y a pas de procurations.",
            "ar": "لا ينوب أحد عن غيره: لا توجد وكالات.",
        },
    ),
    Rule(
        id="meetings.remote", type="flag", default=True, order=80, **_OURS,
        question=_("Can members take part from elsewhere?"),
        why=_("Those at sea, at work or with small children are members too. They vote in the same ballot as the room."),
        text={
            "en": "{value, select, yes {Members can take part from elsewhere, with the same voice and vote.}"
                  " no {Members take part in the room, or by proxy.}}",
            "es": "{value, select, yes {Los miembros pueden participar a distancia, con la misma voz y el mismo voto.}"
                  " no {Los miembros participan en la sala, o por representación.}}",
            "fr": "{value, select, yes {Les membres peuvent participer à distance, avec la même voix et le même vote.}"
                  " no {Les membres participent dans la salle, ou sont représentés.}}",
            "ar": "{value, select, yes {للأعضاء أن يشاركوا عن بُعد بالرأي والصوت نفسيهما.} no {يشارك الأعضاء في القاعة أو بالوكالة.}}",
        },
    ),
    Rule(
        id="meetings.minutes_days", type="int", unit="days", default=15, minimum=1, maximum=90, order=81, **_OURS,
        question=_("Within how many days are the minutes approved?"),
        why=_("Memory fades, and decisions wait. Whoever was there reads the draft and says what is wrong."),
        text={
            "en": "The minutes of a meeting are approved within {value} days.",
            "es": "El acta de una reunión se aprueba en {value} días.",
            "fr": "Le procès-verbal d’une réunion est approuvé sous {value} jours.",
            "ar": "يُعتمد محضر الاجتماع خلال {value} يوماً.",
        },
    ),
    Rule(
        id="meetings.minutes_signers", type="int", unit="members", default=2, minimum=1, maximum=10, order=82, **_OURS,
        question=_("How many members approve the minutes, besides the chair?"),
        why=_("Whoever holds no office has the least reason to remember kindly."),
        text={
            "en": "The chair approves the minutes, and members without an office whom the meeting names: {value}.",
            "es": "El acta la aprueban la presidencia y miembros sin cargo que nombra la asamblea: {value}.",
            "fr": "Le procès-verbal est approuvé par la présidence et des membres sans charge désignés par l’assemblée : {value}.",
            "ar": "يعتمد المحضرَ رئيسُ الاجتماع وأعضاء لا يشغلون منصباً تسمّيهم الجمعية: {value}.",
        },
    ),
    Rule(
        id="meetings.objection_hours", type="int", unit="hours", default=48, minimum=0, maximum=720, order=83, **_OURS,
        question=_("For how many hours after a meeting can an objection still be recorded?"),
        why=_("Whoever voted against a decision and wants to contest it needs that in the minutes. A night’s sleep helps."),
        text={
            "en": "Whoever was there can have an objection put into the minutes until {value} hours after the meeting.",
            "es": "Quien estuvo presente puede hacer constar su oposición en el acta hasta {value} horas después de la reunión.",
            "fr": "Qui était présent peut faire inscrire son opposition au procès-verbal jusqu’à {value} heures après la réunion.",
            "ar": "لمن حضر أن يسجّل اعتراضه في المحضر حتى {value} ساعة بعد الاجتماع.",
        },
        nothing={
            "en": "Whoever is there can have an objection put into the minutes until the meeting ends, and not after.",
            "es": "Quien está presente puede hacer constar una objeción en el acta hasta que acaba la reunión, y no después.",
            "fr": "Qui est présent peut faire inscrire une objection au procès-verbal jusqu’à la fin de la réunion, et pas après.",
            "ar": "لمن حضر أن يطلب تدوين اعتراضه في المحضر حتى انتهاء الاجتماع لا بعده.",
        },
    ),
    Rule(
        id="meetings.minutes_public", type="flag", default=False, order=84, **_OURS,
        question=_("May everybody read approved minutes?"),
        why=_("Members always can. Names of those who came are left out for everybody else."),
        text={
            "en": "{value, select, yes {Everybody may read approved minutes, without the names of those who came.}"
                  " no {Only members read the minutes.}}",
            "es": "{value, select, yes {Todo el mundo puede leer las actas aprobadas, sin los nombres de quienes asistieron.}"
                  " no {Solo los miembros leen las actas.}}",
            "fr": "{value, select, yes {Tout le monde peut lire les procès-verbaux approuvés, sans les noms des présents.}"
                  " no {Seuls les membres lisent les procès-verbaux.}}",
            "ar": "{value, select, yes {للجميع أن يقرؤوا المحاضر المعتمدة دون أسماء من حضروا.} no {الأعضاء وحدهم يقرؤون المحاضر.}}",
        },
    ),
]  # fmt: skip
