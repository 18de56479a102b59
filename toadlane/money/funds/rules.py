"""What the bylaws say about spending without a vote, and before a receipt."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

LIMIT, MONTH = "officers.spending_limit", "officers.spending_month"
ADVANCE, DECIDED_BY = "officers.advance_part", "officers.spending_by"

SOLIDARITY, EDUCATION = "funds.solidarity", "funds.education"

FUNDS = [
    Rule(
        id=SOLIDARITY, type="rate", default="0", minimum="0", maximum="1", asked=False, order=10,
        question=_("What share of its revenue does the co-op put into the solidarity fund?"),
        why=_("So that help is there when somebody needs it, and nobody has to ask the others for it in public."),
        text={
            "en": "Of what the co-op earns in a month, {value} goes to the solidarity fund.",
            "es": "De lo que la cooperativa ingresa en un mes, {value} va al fondo de solidaridad.",
            "fr": "De ce que la coopérative gagne en un mois, {value} va au fonds de solidarité.",
            "ar": "مما تكسبه التعاونية في الشهر يذهب {value} إلى صندوق التضامن.",
        },
        nothing={
            "en": "Nothing of what the co-op earns goes to the solidarity fund by itself.",
            "es": "Nada de lo que gana la cooperativa va por sí solo al fondo de solidaridad.",
            "fr": "Rien de ce que gagne la coopérative ne va de soi au fonds de solidarité.",
            "ar": "لا يذهب شيء مما تكسبه التعاونية تلقائياً إلى صندوق التضامن.",
        },
    ),
    Rule(
        id=EDUCATION, type="rate", default="0", minimum="0", maximum="1", asked=False, order=11,
        question=_("What share of its revenue does the co-op put into the education fund?"),
        why=_("Courses are paid out of it, and nothing else."),
        text={
            "en": "Of what the co-op earns in a month, {value} goes to the education fund.",
            "es": "De lo que la cooperativa ingresa en un mes, {value} va al fondo de educación.",
            "fr": "De ce que la coopérative gagne en un mois, {value} va au fonds d’éducation.",
            "ar": "مما تكسبه التعاونية في الشهر يذهب {value} إلى صندوق التعليم.",
        },
        nothing={
            "en": "Nothing of what the co-op earns goes to the education fund by itself.",
            "es": "Nada de lo que gana la cooperativa va por sí solo al fondo de educación.",
            "fr": "Rien de ce que gagne la coopérative ne va de soi au fonds d’éducation.",
            "ar": "لا يذهب شيء مما تكسبه التعاونية تلقائياً إلى صندوق التعليم.",
        },
    ),
]  # fmt: skip

RULES = [
    Rule(
        id=LIMIT, type="money", default=0, minimum=0, order=50,
        question=_("How much may the officers pay for one thing without a vote?"),
        why=_("A box of envelopes needs no assembly. Everything above needs one, and everything below stands on a public list."),
        text={
            "en": "The officers may pay up to {value} for one thing without a vote. Two of them do it together, and it stands on a public list.",
            "es": "Quienes tienen un cargo pueden pagar hasta {value} por una cosa sin votación. Lo hacen entre dos y figura en una lista pública.",
            "fr": "Les responsables peuvent payer jusqu’à {value} pour une chose sans vote. Ils le font à deux et cela figure sur une liste publique.",
            "ar": "يجوز لأصحاب المناصب دفع ما يصل إلى {value} مقابل شيء واحد دون تصويت. يفعلون ذلك اثنين معاً ويظهر في قائمة علنية.",
        },
        nothing={
            "en": "The officers pay for nothing without a vote.",
            "es": "Los cargos no pagan nada sin una votación.",
            "fr": "Les responsables ne paient rien sans un vote.",
            "ar": "لا يدفع المسؤولون ثمن شيء بلا تصويت.",
        },
    ),
    Rule(
        id=MONTH, type="money", default=0, minimum=0, order=51,
        question=_("How much may the officers pay in a month without a vote, all together?"),
        why=_("So that a large thing cannot be bought as many small ones."),
        text={
            "en": "Without a vote the officers pay at most {value} in a calendar month, all together.",
            "es": "Sin votación, quienes tienen un cargo pagan como máximo {value} en un mes natural, en total.",
            "fr": "Sans vote, les responsables paient au plus {value} par mois civil, au total.",
            "ar": "دون تصويت لا يدفع أصحاب المناصب أكثر من {value} في الشهر الميلادي، في المجموع.",
        },
        nothing={
            "en": "In no month do the officers pay anything without a vote.",
            "es": "Ningún mes pagan los cargos nada sin una votación.",
            "fr": "Aucun mois les responsables ne paient quoi que ce soit sans un vote.",
            "ar": "لا يدفع المسؤولون في أي شهر شيئاً بلا تصويت.",
        },
    ),
    Rule(
        id=ADVANCE, type="rate", default="0.5", minimum="0", maximum="1", order=52,
        question=_("What part of a decided expense may be paid before there is a receipt?"),
        why=_("Some things have to be paid for before they come. The rest waits for the receipt."),
        text={
            "en": "Before there is a receipt, at most {value} of an expense that members decided on is paid.",
            "es": "Antes de que haya un recibo se paga como máximo el {value} de un gasto decidido por los miembros.",
            "fr": "Avant le justificatif, {value} au plus d’une dépense décidée par les membres est payée.",
            "ar": "قبل وجود إيصال يُدفع على الأكثر {value} من نفقة قررها الأعضاء.",
        },
        nothing={
            "en": "Nothing of an expense is paid before there is a receipt.",
            "es": "Nada de un gasto se paga antes de que haya un recibo.",
            "fr": "Rien d’une dépense n’est payé avant qu’il y ait un reçu.",
            "ar": "لا يُدفع شيء من النفقة قبل وجود إيصال.",
        },
    ),
    Rule(
        id=DECIDED_BY, type="enum", names_procedure=True, default="simple", tier="constitutional", procedure="special", delay_days=30, asked=False,
        order=53, options={"simple": _("an ordinary vote"), "special": _("a vote on an important rule")},
        question=_("Which vote decides on spending?"),
        why=_("What is bought with everybody’s money is decided by everybody."),
        text={
            "en": "What is to be bought above the officers’ limit is decided by the members: {value}.",
            "es": "Lo que se compra por encima del límite de los cargos lo deciden los miembros: {value}.",
            "fr": "Ce qui s’achète au-dessus de la limite des responsables est décidé par les membres : {value}.",
            "ar": "ما يُشترى فوق حد أصحاب المناصب يقرره الأعضاء: {value}.",
        },
    ),
]  # fmt: skip
