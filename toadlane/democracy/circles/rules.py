"""How circles come and go, and how people come to sit in them."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

_VOTES = {"simple": _("an ordinary vote"), "special": _("a vote on an important rule")}

RULES = [
    Rule(
        id="circles.found_by", type="enum", default="simple", options=_VOTES, names_procedure=True, tier="constitutional", procedure="special",
        delay_days=30, applies_from="at_once", asked=False, order=60,
        question=_("Which vote founds a circle, changes what it may do, or ends it?"),
        why=_("A circle decides for all in its part. Whoever gives that away should be able to take it back in the same way."),
        text={
            "en": "Circles are founded, changed and ended by the members: {value}.",
            "es": "Los círculos los crean, cambian y cierran los miembros: {value}.",
            "fr": "Les cercles sont créés, modifiés et dissous par les membres : {value}.",
            "ar": "الأعضاء هم من ينشئون الدوائر ويغيّرونها وينهونها: {value}.",
        },
    ),
    Rule(
        id="circles.elect_by", type="enum", default="simple", options=_VOTES, names_procedure=True, tier="constitutional", procedure="special",
        delay_days=30, applies_from="at_once", asked=False, order=61,
        question=_("Which vote elects people to an office?"),
        why=_("Who takes part in an election counts as in other votes; how seats are shared out is the next rule."),
        text={
            "en": "Whoever holds an office was elected by the members: {value}. They stay until somebody follows them.",
            "es": "Quien ocupa un cargo fue elegido por los miembros: {value}. Permanece hasta que alguien le suceda.",
            "fr": "Toute charge est confiée par élection : {value}. On y reste jusqu’à ce que quelqu’un prenne la suite.",
            "ar": "كل من يشغل منصباً انتخبه الأعضاء: {value}. ويبقى فيه حتى يخلفه غيره.",
        },
    ),
    Rule(
        id="circles.method", type="enum", default="scottish-stv",
        options={
            "scottish-stv": _("ranking, with seats in proportion (single transferable vote)"),
            "irv": _("ranking, until one has more than half (instant runoff)"),
            "approval": _("ticking everybody one would be content with"),
            "schulze": _("ranking, and whoever would win against each of the others"),
        },
        tier="constitutional", procedure="special", delay_days=30, applies_from="at_once", asked=False, order=62,
        question=_("How are the votes of an election counted?"),
        why=_("With ranking in proportion a minority gets its share of the seats, and nobody needs to vote by guessing."),
        text={
            "en": "In elections we vote by {value}.",
            "es": "En las elecciones votamos así: {value}.",
            "fr": "Lors des élections, nous votons ainsi : {value}.",
            "ar": "نصوّت في الانتخابات هكذا: {value}.",
        },
    ),
    Rule(
        id="circles.recall_by", type="enum", default="simple", options=_VOTES, names_procedure=True, tier="constitutional", procedure="special",
        delay_days=30, applies_from="at_once", asked=False, order=63,
        question=_("Which vote recalls somebody from an office before the end of the term?"),
        why=_("Whoever was given power can lose it again. It should not be harder than giving it was."),
        text={
            "en": "Members can recall whoever they elected, at any time: {value}. Whoever it is about is heard first.",
            "es": "Los miembros pueden revocar en cualquier momento a quien eligieron: {value}. Antes se escucha a la persona.",
            "fr": "Les membres peuvent révoquer à tout moment la personne élue : {value}. Elle est d’abord entendue.",
            "ar": "للأعضاء أن يعزلوا من انتخبوه في أي وقت: {value}. ويُسمع قوله أولاً.",
        },
    ),
    Rule(
        id="circles.nomination_days", type="int", unit="days", default=14, minimum=3, maximum=90, tier="policy", delay_days=0,
        applies_from="at_once", asked=False, order=64,
        question=_("For how many days at least can people be put forward for an office?"),
        why=_("Long enough that nobody hears of an election when it is over."),
        text={
            "en": "People can be put forward for at least {value} days. Members stand for election only when they say yes.",
            "es": "Se puede proponer a personas durante al menos {value} días. Solo se presenta quien dice que sí.",
            "fr": "Les candidatures restent ouvertes au moins {value} jours. N’est candidat que qui a dit oui.",
            "ar": "يبقى باب الترشيح مفتوحاً {value} يوماً على الأقل. ولا يترشح إلا من قَبِل.",
        },
    ),
    Rule(
        id="circles.draw_days", type="int", unit="days", default=7, minimum=2, maximum=90, tier="policy", delay_days=0,
        applies_from="at_once", asked=False, order=66,
        question=_("How many days before is a draw of lots announced?"),
        why=_("Everybody in it can look at the list, and at what will decide, while nobody knows the result."),
        text={
            "en": "A draw of lots is announced at least {value} days before, with the list of those in it and with what decides.",
            "es": "Un sorteo se anuncia al menos {value} días antes, con la lista de quienes participan y con lo que decide.",
            "fr": "Un tirage au sort est annoncé au moins {value} jours avant, avec la liste des personnes concernées et ce qui décide.",
            "ar": "تُعلَن القرعة قبل {value} يوماً على الأقل، مع قائمة من تشملهم ومع ما يحسمها.",
        },
    ),
    Rule(
        id="circles.decline_days", type="int", unit="days", default=7, minimum=1, maximum=60, tier="policy", delay_days=0,
        applies_from="at_once", asked=False, order=67,
        question=_("For how many days can somebody on whom the lot fell say no?"),
        why=_("Nobody has to serve. The next of the same draw moves up, so that nobody draws until the result suits them."),
        text={
            "en": "Whoever the lot fell on can say no for {value} days; then the next of the same draw moves up.",
            "es": "Quien sale en el sorteo puede decir que no durante {value} días; entonces pasa la siguiente persona del mismo sorteo.",
            "fr": "La personne tirée au sort peut refuser pendant {value} jours ; la suivante du même tirage prend alors sa place.",
            "ar": "لمن وقعت عليه القرعة أن يعتذر خلال {value} يوماً، فيحلّ محله التالي في القرعة نفسها.",
        },
    ),
    Rule(
        id="circles.remind_days", type="int", unit="days", default=60, minimum=7, maximum=365, tier="operational", delay_days=0,
        applies_from="at_once", asked=False, order=65,
        question=_("How many days before a term ends does it show on the desk?"),
        why=_("An election takes weeks. Whoever is reminded on the last day stays in office without a mandate."),
        text={
            "en": "The end of a term shows on the desk {value} days before, and so does the day on which a circle is looked at again.",
            "es": "El final de un mandato aparece en la mesa {value} días antes, igual que el día en que se revisa un círculo.",
            "fr": "La fin d’un mandat s’affiche sur le bureau {value} jours avant, comme le jour où un cercle est réexaminé.",
            "ar": "تظهر نهاية الولاية على المكتب قبل {value} يوماً، وكذلك يوم مراجعة الدائرة.",
        },
    ),
]  # fmt: skip
