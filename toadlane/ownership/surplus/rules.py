"""What becomes of a year's surplus: the rules this room obeys."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="surplus.distribution", type="flag", default=True, tier="constitutional", procedure="special", delay_days=30,
        applies_from="next_year", asked=False, order=10,
        question=_("May a surplus go back to the members?"),
        why=_("Some co-ops give it back to those whose work and purchases made it. Others never pay anything out."),
        text={
            "en": "{value, select, yes {A surplus may go back to the members.} no {No surplus goes back to the members: all of it stays with the co-op.}}",
            "es": "{value, select, yes {El excedente puede volver a los miembros.} no {El excedente no vuelve a los miembros: todo queda en la cooperativa.}}",
            "fr": "{value, select, yes {L’excédent peut revenir aux membres.} no {L’excédent ne revient pas aux membres : tout reste à la coopérative.}}",
            "ar": "{value, select, yes {يجوز أن يعود الفائض إلى الأعضاء.} no {لا يعود الفائض إلى الأعضاء: يبقى كله للتعاونية.}}",
        },
    ),
    Rule(
        id="surplus.legal_reserve", type="rate", default="0.20", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="next_year", asked=False, order=20,
        question=_("How much of a surplus goes to the reserve?"),
        why=_("The reserve carries the co-op through bad years. Nobody can take it out again."),
        text={
            "en": "{value} of a surplus, after losses of earlier years, goes to the reserve that nobody can share out.",
            "es": "El {value} del excedente, tras las pérdidas anteriores, va a la reserva que nadie puede repartir.",
            "fr": "{value} de l’excédent, après les pertes antérieures, va à la réserve que personne ne peut partager.",
            "ar": "يذهب {value} من الفائض، بعد خسائر السنوات السابقة، إلى الاحتياطي الذي لا يُقسَّم.",
        },
        nothing={
            "en": "Nothing of a surplus has to go to the reserve.",
            "es": "Nada de un excedente tiene que ir a la reserva.",
            "fr": "Rien d’un excédent ne doit aller à la réserve.",
            "ar": "لا يلزم أن يذهب شيء من الفائض إلى الاحتياطي.",
        },
    ),
    Rule(
        id="surplus.education_fund", type="rate", default="0.05", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="next_year", asked=False, order=30,
        question=_("How much of a surplus goes to learning and the neighborhood?"),
        why=_("Co-ops that stop learning forget why they were founded."),
        text={
            "en": "{value} of a surplus goes to the community and education fund.",
            "es": "El {value} del excedente va al fondo de educación y comunidad.",
            "fr": "{value} de l’excédent va au fonds d’éducation et de solidarité.",
            "ar": "يذهب {value} من الفائض إلى صندوق التعليم والمجتمع.",
        },
        nothing={
            "en": "Nothing of a surplus has to go to the community and education fund.",
            "es": "Nada de un excedente tiene que ir al fondo de comunidad y educación.",
            "fr": "Rien d’un excédent ne doit aller au fonds de communauté et d’éducation.",
            "ar": "لا يلزم أن يذهب شيء من الفائض إلى صندوق المجتمع والتعليم.",
        },
    ),
    Rule(
        id="surplus.interest", type="rate", default="0", minimum="0", maximum="0.15", tier="constitutional", procedure="special",
        delay_days=30, applies_from="next_year", asked=False, order=40,
        question=_("Which interest do paid-up shares earn in a year with a surplus?"),
        why=_("Limited on purpose: capital serves the co-op, it does not own it."),
        text={
            "en": "In a year with a surplus, paid-up shares earn {value} at most.",
            "es": "En un año con excedente, las aportaciones desembolsadas rinden como máximo el {value}.",
            "fr": "Une année d’excédent, les parts libérées rapportent {value} au plus.",
            "ar": "في سنة فيها فائض تُدرّ الأسهم المدفوعة {value} على الأكثر.",
        },
        nothing={
            "en": "Shares earn no interest.",
            "es": "Las aportaciones no dan intereses.",
            "fr": "Les parts ne rapportent pas d’intérêts.",
            "ar": "لا تدرّ الحصص فائدة.",
        },
    ),
    Rule(
        id="surplus.class_weights", type="weights", default={}, tier="constitutional", procedure="special", delay_days=30,
        applies_from="next_year", asked=False, order=50,
        question=_("How is what goes back divided among the classes of members?"),
        why=_("Those who work here and those who buy here made it in different ways."),
        text={
            "en": "What goes back is divided among the classes of members like this: {value}. Where no class is named, all share as one.",
            "es": "Lo que vuelve se reparte entre las clases de miembros así: {value}. Si no se nombra ninguna, todos comparten como una sola.",
            "fr": "Ce qui revient est réparti entre les catégories de membres ainsi : {value}. Si aucune n’est nommée, toutes n’en font qu’une.",
            "ar": "يُقسَّم ما يعود بين فئات الأعضاء هكذا: {value}. وإن لم تُسمَّ فئة تقاسم الجميع كفئة واحدة.",
        },
    ),
    Rule(
        id="surplus.bases", type="criteria", default=[{"class": "", "basis": "sales"}], tier="constitutional", procedure="special",
        delay_days=30, applies_from="next_year", asked=False, order=60,
        question=_("By what is it divided inside a class?"),
        why=_("Patronage: by what each did with the co-op, never by what each put in."),
        text={
            "en": "Inside a class it is divided by what its members did in the year, as this rule names it.",
            "es": "Dentro de una clase se reparte según lo que sus miembros hicieron en el año, como dice esta regla.",
            "fr": "Dans une catégorie, la répartition suit ce que ses membres ont fait dans l’année, comme le dit cette règle.",
            "ar": "داخل الفئة يُقسَّم بحسب ما فعله أعضاؤها خلال السنة كما تسميه هذه القاعدة.",
        },
    ),
    Rule(
        id="surplus.cash_share", type="rate", default="1", minimum="0", maximum="1", tier="policy", procedure="simple",
        applies_from="next_year", asked=False, order=70,
        question=_("How much of it is paid in money?"),
        why=_("The rest stays in the members’ capital accounts and is repaid in later years, the oldest first."),
        text={
            "en": "{value} of what goes back is paid in money. The rest is credited to the members’ capital accounts.",
            "es": "El {value} de lo que vuelve se paga en dinero. El resto se abona en las cuentas de capital de los miembros.",
            "fr": "{value} de ce qui revient est versé en argent. Le reste est inscrit aux comptes de capital des membres.",
            "ar": "يُدفع {value} مما يعود نقداً، ويُقيَّد الباقي في حسابات رأس مال الأعضاء.",
        },
        nothing={
            "en": "Nothing of what goes back is paid in money: all of it is credited to the members’ capital accounts.",
            "es": "Nada de lo que vuelve se paga en dinero: todo se abona en las cuentas de capital de los socios.",
            "fr": "Rien de ce qui revient n’est versé en argent : tout est crédité aux comptes de capital des membres.",
            "ar": "لا يُدفع نقداً شيء مما يعود: كله يُقيَّد في حسابات رأس مال الأعضاء.",
        },
    ),
    Rule(
        id="surplus.least_payout", type="money", default=0, minimum=0, tier="operational", procedure="coordinators",
        applies_from="next_year", asked=False, order=80,
        question=_("Below which amount is a share of the surplus credited and not paid?"),
        why=_("Transfers of a few cents cost more than they are worth."),
        text={
            "en": "A share of the surplus below {value} is credited to the member and not paid.",
            "es": "Una parte del excedente inferior a {value} se abona al miembro y no se paga.",
            "fr": "Une part de l’excédent inférieure à {value} est inscrite au compte du membre et n’est pas versée.",
            "ar": "نصيب من الفائض يقل عن {value} يُقيَّد للعضو ولا يُدفع.",
        },
        nothing={
            "en": "Each share of the surplus is paid, however small.",
            "es": "Cada parte del excedente se paga, por pequeña que sea.",
            "fr": "Chaque part de l’excédent est versée, si petite soit-elle.",
            "ar": "يُدفع كل نصيب من الفائض مهما صغر.",
        },
    ),
]  # fmt: skip
