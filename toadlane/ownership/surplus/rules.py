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
        id="surplus.reserve_until", type="enum", default="always", tier="constitutional", procedure="special", delay_days=30,
        applies_from="next_year", asked=False, order=21,
        options={"always": _("There is no such point"), "capital": _("When it equals the members’ capital"),
                 "amount": _("When it holds a set amount")},
        question=_("When is the reserve full?"),
        why=_("Some laws ask for the whole part only until the reserve has reached a certain size."),
        text={
            "en": "{value, select, always {The reserve gets its part every year, however much it holds.}"
                  " capital {The reserve is full once it holds as much as the capital that members subscribed.}"
                  " amount {The reserve is full once it holds the amount named below.}}",
            "es": "{value, select, always {La reserva recibe su parte cada año, tenga lo que tenga.}"
                  " capital {La reserva está completa cuando iguala el capital suscrito por los miembros.}"
                  " amount {La reserva está completa cuando alcanza el importe indicado más abajo.}}",
            "fr": "{value, select, always {La réserve reçoit sa part chaque année, quel que soit son montant.}"
                  " capital {La réserve est complète quand elle égale le capital souscrit par les membres.}"
                  " amount {La réserve est complète quand elle atteint le montant indiqué ci-dessous.}}",
            "ar": "{value, select, always {يأخذ الاحتياطي نصيبه كل سنة مهما بلغ.}"
                  " capital {يكتمل الاحتياطي حين يعادل رأس المال الذي اكتتب فيه الأعضاء.}"
                  " amount {يكتمل الاحتياطي حين يبلغ المقدار المذكور أدناه.}}",
        },
    ),
    Rule(
        id="surplus.reserve_target", type="money", default=0, minimum=0, tier="constitutional", procedure="special",
        delay_days=30, applies_from="next_year", asked=False, order=22,
        question=_("At which amount is the reserve full?"),
        why=_("It counts only where the bylaws say that the reserve is full at a set amount."),
        text={
            "en": "Where the reserve is full at a set amount, that amount is {value}.",
            "es": "Si la reserva se completa con un importe fijo, ese importe es {value}.",
            "fr": "Si la réserve est complète à un montant fixe, ce montant est de {value}.",
            "ar": "إن كان الاحتياطي يكتمل بمقدار محدد فهو {value}.",
        },
    ),
    Rule(
        id="surplus.reserve_beyond", type="rate", default="0", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="next_year", asked=False, order=23,
        question=_("How much of a surplus goes to a reserve that is full?"),
        why=_("The year in which the reserve fills up gives it its whole part. From the next one on it gets this."),
        text={
            "en": "Of a surplus {value} goes to a reserve that was full before.",
            "es": "El {value} de un excedente va a una reserva que ya estaba completa.",
            "fr": "{value} d’un excédent va à une réserve déjà complète.",
            "ar": "يذهب {value} من الفائض إلى احتياطي كان مكتملاً من قبل.",
        },
    ),
    Rule(
        id="surplus.mutual_fund", type="rate", default="0", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="next_year", asked=False, order=31,
        question=_("How much of a surplus goes to a fund for other co-ops?"),
        why=_("In some countries every co-op pays into a fund that helps new ones to begin."),
        text={
            "en": "{value} of a surplus goes to a fund that develops other co-ops.",
            "es": "El {value} del excedente va a un fondo de desarrollo de otras cooperativas.",
            "fr": "{value} de l’excédent va à un fonds de développement d’autres coopératives.",
            "ar": "يذهب {value} من الفائض إلى صندوق لتنمية تعاونيات أخرى.",
        },
        nothing={
            "en": "Nothing of a surplus goes to a fund that develops other co-ops.",
            "es": "Nada de un excedente va a un fondo que desarrolla otras cooperativas.",
            "fr": "Rien d’un excédent ne va à un fonds qui développe d’autres coopératives.",
            "ar": "لا يذهب شيء من الفائض إلى صندوق يطوّر تعاونيات أخرى.",
        },
    ),
    Rule(
        id="surplus.patronage", type="flag", default=True, tier="constitutional", procedure="special", delay_days=30,
        applies_from="next_year", asked=False, order=45,
        question=_("May a surplus be shared by what each did with the co-op?"),
        why=_("Where it may not, shares can bear interest, and all the rest stays with the co-op."),
        text={
            "en": "{value, select, yes {What may go back is shared by what each member did with the co-op.}"
                  " no {No surplus is shared by what members did with the co-op: after interest on shares all of it stays.}}",
            "es": "{value, select, yes {Lo que puede volver se reparte según lo que cada miembro hizo con la cooperativa.}"
                  " no {Ningún excedente se reparte según lo que hicieron los miembros: tras los intereses todo se queda.}}",
            "fr": "{value, select, yes {Ce qui peut revenir est réparti selon ce que chaque membre a fait avec la coopérative.}"
                  " no {Aucun excédent n’est réparti selon ce que les membres ont fait : après l’intérêt des parts, tout reste.}}",
            "ar": "{value, select, yes {ما يجوز أن يعود يُقسَّم بحسب ما فعله كل عضو مع التعاونية.}"
                  " no {لا يُقسَّم فائض بحسب ما فعله الأعضاء: بعد عائد الحصص يبقى كله.}}",
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
            "ar": "في سنة فيها فائض تُدرّ الحصص المدفوعة {value} على الأكثر.",
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
    Rule(
        id="surplus.losses", type="enum", default="reserve", tier="constitutional", procedure="special", delay_days=30,
        applies_from="next_year", asked=False, order=90,
        options={"reserve": _("The reserve alone"), "reserve_first": _("The reserve first, then the members"),
                 "split": _("The reserve and the members, each a part")},
        question=_("Who bears a loss?"),
        why=_("What was left in good years carries the co-op through bad ones. Nobody ever owes it money for a loss."),
        text={
            "en": "{value, select, reserve {A loss is borne by the reserve, as far as the members decide, and by later surpluses.}"
                  " reserve_first {What the reserve does not bear of a loss comes off the members’ capital accounts, by what each did"
                  " in that year and never more than stands there.}"
                  " split {Part of a loss comes off the members’ capital accounts, by what each did in that year and never more than"
                  " stands there; the reserve bears the rest.}}",
            "es": "{value, select, reserve {Una pérdida la soporta la reserva, según decidan los miembros, y los excedentes posteriores.}"
                  " reserve_first {Lo que la reserva no soporta de una pérdida se descuenta de las cuentas de capital de los miembros,"
                  " según lo que cada uno hizo ese año y nunca más de lo que haya en ellas.}"
                  " split {Una parte de una pérdida se descuenta de las cuentas de capital de los miembros, según lo que cada uno hizo"
                  " ese año y nunca más de lo que haya en ellas; la reserva soporta el resto.}}",
            "fr": "{value, select, reserve {Une perte est supportée par la réserve, autant que les membres en décident, et par les"
                  " excédents suivants.}"
                  " reserve_first {Ce que la réserve ne supporte pas d’une perte est pris sur les comptes de capital des membres,"
                  " selon ce que chacun a fait cette année-là et jamais plus que ce qui s’y trouve.}"
                  " split {Une part d’une perte est prise sur les comptes de capital des membres, selon ce que chacun a fait cette"
                  " année-là et jamais plus que ce qui s’y trouve ; la réserve supporte le reste.}}",
            "ar": "{value, select, reserve {يتحمل الاحتياطي الخسارة بقدر ما يقرر الأعضاء، ثم فوائض السنوات التالية.}"
                  " reserve_first {ما لا يتحمله الاحتياطي من الخسارة يُخصم من حسابات رأس مال الأعضاء بحسب ما فعله كل منهم في تلك"
                  " السنة، ولا يتجاوز ما فيها أبداً.}"
                  " split {يُخصم جزء من الخسارة من حسابات رأس مال الأعضاء بحسب ما فعله كل منهم في تلك السنة ولا يتجاوز ما فيها"
                  " أبداً، ويتحمل الاحتياطي الباقي.}}",
        },
    ),
    Rule(
        id="surplus.losses_members", type="rate", default="0.50", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="next_year", asked=False, order=91,
        question=_("How much of a loss comes off the members’ capital accounts, where each bears a part?"),
        why=_("It counts only where the bylaws say that reserve and members each bear a part."),
        text={
            "en": "Where the reserve and the members each bear a part of a loss, the members’ part is {value}.",
            "es": "Cuando la reserva y los miembros soportan cada uno una parte de una pérdida, la de los miembros es el {value}.",
            "fr": "Quand la réserve et les membres supportent chacun une part d’une perte, celle des membres est de {value}.",
            "ar": "إن تحمّل الاحتياطي والأعضاء كلٌّ جزءاً من الخسارة فنصيب الأعضاء {value}.",
        },
    ),
    Rule(
        id="surplus.losses_shares", type="flag", default=False, until_decided=False, tier="constitutional", procedure="special",
        delay_days=30, applies_from="next_year", asked=False, order=92,
        question=_("Do members’ shares bear what their capital accounts do not?"),
        why=_("The number of shares stays what it is, but each is worth less. It counts only where members bear losses at all."),
        text={
            "en": "{value, select, yes {What a member’s capital account does not bear of their part of a loss comes off what they"
                  " have paid in for their shares; nobody owes more than that.} no {No loss comes off members’ shares.}}",
            "es": "{value, select, yes {Lo que la cuenta de capital de un miembro no soporta de su parte de una pérdida se descuenta"
                  " de lo que ha desembolsado por sus participaciones; nadie debe más que eso.} no {Ninguna pérdida se descuenta de"
                  " las participaciones de los miembros.}}",
            "fr": "{value, select, yes {Ce que le compte de capital d’un membre ne supporte pas de sa part d’une perte est pris sur"
                  " ce qu’il a versé pour ses parts sociales ; personne ne doit davantage.} no {Aucune perte n’est prise sur les"
                  " parts sociales des membres.}}",
            "ar": "{value, select, yes {ما لا يتحمله حساب رأس مال العضو من نصيبه في الخسارة يُخصم مما دفعه ثمناً لحصصه، ولا يدين"
                  " أحد بأكثر من ذلك.} no {لا تُخصم أي خسارة من حصص الأعضاء.}}",
        },
    ),
]  # fmt: skip
