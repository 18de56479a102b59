"""What members put in, what it may earn, and how it comes back: the rules this room obeys."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule
from toadlane.society.bylaws.rules.sheets import class_options
from toadlane.ui.sheets import Cell, Rows

CLASSES = Rows(
    cells=(
        Cell(name="id", kind="key"),
        Cell(name="names", label=_("What it is called"), kind="names"),
        Cell(name="price", label=_("Price of one"), kind="money", minimum=1),
        Cell(name="for", label=_("Who can hold it"), kind="choices", options=class_options, empty=[], required=False,
             help=_("Nobody ticked: every member.")),
        Cell(name="min", label=_("At least"), kind="int", minimum=0, empty=0, required=False, unit=_("shares")),
        Cell(name="max", label=_("At most"), kind="int", minimum=0, empty=0, required=False, unit=_("shares"),
             help=_("0: any number.")),
        Cell(name="per_year", label=_("More for each year of use"), kind="int", minimum=0, empty=0, required=False, unit=_("shares")),
        Cell(name="paid_at_once", label=_("Paid when it is taken"), kind="rate", empty="1", required=False),
        Cell(name="withdrawable", label=_("Is paid back to whoever leaves"), kind="flag", empty=True, required=False),
        Cell(name="transferable", label=_("Can pass to another member"), kind="flag", empty=False, required=False),
        Cell(name="investor", label=_("Is for those who only invest"), kind="flag", empty=False, required=False),
    ),
    one=_("Share"), add=_("Add a kind of share"), once=("id",),
)  # fmt: skip

RULES = [
    Rule(
        id="shares.classes", type="criteria", default=[], tier="constitutional", procedure="special", delay_days=30,
        applies_from="at_once", asked=False, order=10,
        question=_("Which shares are there, and what does one cost?"),
        why=_("A share is a member’s stake at a fixed price. It carries no extra vote, and nobody can bid it up."),
        text={
            "en": "These are the shares of our co-op. Each has a fixed price, and none carries more than its member’s one vote.",
            "es": "Estas son las aportaciones de nuestra cooperativa. Cada una tiene un precio fijo y ninguna da más de un voto.",
            "fr": "Voici les parts sociales de notre coopérative. Chacune a un prix fixe, et aucune ne donne plus d’une voix.",
            "ar": "هذه حصص تعاونيتنا. لكل حصة ثمن ثابت، ولا تمنح أي منها أكثر من صوت واحد لصاحبه.",
        },
        nothing={
            "en": "Our co-op has no shares: nobody pays in to be a member.",
            "es": "Nuestra cooperativa no tiene participaciones: nadie aporta capital para ser miembro.",
            "fr": "Notre coopérative n’a pas de parts : personne n’apporte de capital pour être membre.",
            "ar": "لا حصص في تعاونيتنا: لا يدفع أحد رأس مال ليكون عضوًا.",
        },
    ),
    Rule(
        id="shares.entry_fee", type="money", default=0, minimum=0, tier="constitutional", procedure="special", delay_days=30,
        applies_from="at_once", asked=False, order=20,
        question=_("What does joining cost, once?"),
        why=_("An entry fee goes to the reserve that nobody can take out again."),
        text={
            "en": "With the first share a member pays an entry fee of {value}. It goes to the reserve and is not given back.",
            "es": "Con la primera aportación se paga una cuota de ingreso de {value}. Va a la reserva y no se devuelve.",
            "fr": "Avec la première part, un droit d’entrée de {value} est versé. Il va à la réserve et n’est pas rendu.",
            "ar": "مع أول حصة يدفع العضو رسم انضمام قدره {value}. يذهب إلى الاحتياطي ولا يُردّ.",
        },
        nothing={
            "en": "There is no entry fee.",
            "es": "No hay cuota de ingreso.",
            "fr": "Il n’y a pas de droit d’entrée.",
            "ar": "لا يوجد رسم دخول.",
        },
    ),
    Rule(
        id="shares.entry_fee_most", type="rate", default="1", minimum="0", maximum="100", until_decided="100", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=25,
        question=_("How much may joining cost, measured by the shares that a member has to take?"),
        why=_("A high fee is a wall. Some laws limit it to a quarter."),
        text={
            "en": "The entry fee is never more than {value} of the shares that a new member has to take.",
            "es": "La cuota de ingreso nunca supera el {value} de las aportaciones obligatorias de quien entra.",
            "fr": "Le droit d’entrée ne dépasse jamais {value} des parts que doit prendre un nouveau membre.",
            "ar": "لا يتجاوز رسم الانضمام {value} من الحصص التي يلزم العضو الجديد أخذها.",
        },
    ),
    Rule(
        id="shares.rest_months", type="int", default=60, minimum=1, maximum=120, unit="months", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=27,
        question=_("Within how many months is the rest of a share paid?"),
        why=_("Whoever pays in parts is trusted, and for so long. After that they count as late, as with dues."),
        text={
            "en": "Shares that were paid in part are paid in full within {value} months.",
            "es": "Las aportaciones desembolsadas en parte se completan en {value} meses.",
            "fr": "Les parts libérées en partie le sont entièrement sous {value} mois.",
            "ar": "تُستكمل الحصص المدفوعة جزئياً خلال {value} شهراً.",
        },
    ),
    Rule(
        id="shares.rest_interest", type="rate", default="0", minimum="0", maximum="0.20", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=28,
        question=_("Which interest does a member pay who is late with the rest of a share?"),
        why=_("The others paid in time. Some laws set the legal interest."),
        text={
            "en": "Whoever is late with the rest of their shares pays interest of {value} a year from the first late day.",
            "es": "Quien se retrasa con el resto de sus aportaciones paga un interés anual del {value} desde el primer día.",
            "fr": "Qui tarde à libérer le reste de ses parts paie un intérêt annuel de {value} dès le premier jour de retard.",
            "ar": "من تأخر عن دفع باقي حصصه يدفع فائدة سنوية قدرها {value} من أول يوم تأخير.",
        },
        nothing={
            "en": "Whoever is late with the rest of their shares pays no interest.",
            "es": "Quien se retrasa con el resto de sus aportaciones no paga intereses.",
            "fr": "Qui est en retard pour le reste de ses parts ne paie pas d’intérêts.",
            "ar": "من تأخر في سداد بقية حصصه لا يدفع فائدة.",
        },
    ),
    Rule(
        id="shares.most_of_capital", type="rate", default="1", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=30,
        question=_("How much of the capital may one member hold?"),
        why=_("A co-op that lives on one person’s money does what that person says, whoever votes."),
        text={
            "en": "Once there are three members with shares, nobody holds more than {value} of the capital.",
            "es": "Cuando hay tres miembros con aportaciones, nadie tiene más del {value} del capital.",
            "fr": "Dès que trois membres ont des parts, personne ne détient plus de {value} du capital.",
            "ar": "متى صار لثلاثة أعضاء حصص، لا يملك أحد أكثر من {value} من رأس المال.",
        },
    ),
    Rule(
        id="shares.most_withdrawable", type="money", default=100_000_000_00, minimum=0, tier="constitutional", procedure="special",
        delay_days=30, applies_from="at_once", asked=False, order=32,
        question=_("How much may one member hold in shares that can be asked back?"),
        why=_("What one member can take out at once is what a co-op can lose at once. Some laws set a limit."),
        text={
            "en": "Nobody holds more than {value} in shares that can be asked back.",
            "es": "Nadie tiene más de {value} en aportaciones cuya devolución se puede pedir.",
            "fr": "Personne ne détient plus de {value} en parts dont le remboursement peut être demandé.",
            "ar": "لا يملك أحد أكثر من {value} في حصص يمكن طلب استردادها.",
        },
    ),
    Rule(
        id="shares.investors_most", type="rate", default="1", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=34,
        question=_("How much of the capital may be shares of those who only invest?"),
        why=_("Money from outside helps. A co-op stays its members’ own while most of the capital is theirs."),
        text={
            "en": "Shares of those who only invest are never more than {value} of the capital.",
            "es": "Las aportaciones de quienes solo invierten nunca superan el {value} del capital.",
            "fr": "Les parts de qui ne fait qu’investir ne dépassent jamais {value} du capital.",
            "ar": "لا تتجاوز حصص من يستثمرون فحسب {value} من رأس المال.",
        },
    ),
    Rule(
        id="shares.least_capital", type="money", default=0, minimum=0, tier="constitutional", procedure="special", delay_days=30,
        applies_from="at_once", asked=False, order=40,
        question=_("Below which amount may the capital not fall?"),
        why=_("Repayments wait while they would take the co-op’s footing away."),
        text={
            "en": "Shares are not repaid while that would take the capital below {value}.",
            "es": "No se devuelven aportaciones mientras el capital fuera a bajar de {value}.",
            "fr": "Les parts ne sont pas remboursées tant que le capital descendrait sous {value}.",
            "ar": "لا تُسترد الحصص ما دام ذلك يُنزل رأس المال دون {value}.",
        },
        nothing={
            "en": "Shares are repaid whatever capital is left.",
            "es": "Las aportaciones se devuelven sea cual sea el capital que quede.",
            "fr": "Les parts sont remboursées quel que soit le capital qui reste.",
            "ar": "تُرد الحصص أياً كان رأس المال المتبقي.",
        },
    ),
    Rule(
        id="shares.withdrawal_limit", type="rate", default="0.10", minimum="0", maximum="1", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=50,
        question=_("How much of the capital may be repaid in one year?"),
        why=_("If many leave at once, the co-op pays them one after the other instead of breaking."),
        text={
            "en": "In one year at most {value} of the capital is repaid, in the order in which members asked.",
            "es": "En un año se devuelve como máximo el {value} del capital, por orden de solicitud.",
            "fr": "En un an, {value} du capital au plus est remboursé, dans l’ordre des demandes.",
            "ar": "لا يُردّ في السنة الواحدة أكثر من {value} من رأس المال، بترتيب الطلبات.",
        },
    ),
    Rule(
        id="shares.queue", type="enum", default="fifo_partial", tier="policy", asked=False, applies_from="at_once", order=60,
        options={"fifo_partial": _("In part, as far as the money goes"), "fifo_strict": _("Whole, or wait")},
        question=_("What happens to a repayment for which there is only part of the room?"),
        why=_("Both are fair; what matters is that it is known before anybody asks."),
        text={
            "en": "How a repayment is made when there is room for part of it: {value}.",
            "es": "Cómo se devuelve cuando solo hay margen para una parte: {value}.",
            "fr": "Comment on rembourse quand il n’y a de place que pour une partie : {value}.",
            "ar": "كيف تُردّ الحصة إذا لم يتسع المجال إلا لجزء منها: {value}.",
        },
    ),
    Rule(
        id="shares.exit_years", type="int", default=0, minimum=0, maximum=10, unit="years", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=70,
        question=_("In how many yearly parts are the shares of whoever leaves repaid?"),
        why=_("None is all at once. Parts spare the co-op when many leave, and make those wait who left."),
        text={
            "en": "The shares of whoever leaves are repaid in yearly parts, as many as {value}; none means all at once.",
            "es": "Las aportaciones de quien se va se devuelven en partes anuales: {value}; ninguna significa de una vez.",
            "fr": "Les parts de qui s’en va sont remboursées en tranches annuelles : {value} ; aucune signifie en une fois.",
            "ar": "تُردّ حصص من يغادر على دفعات سنوية عددها {value}؛ ولا شيء يعني دفعة واحدة.",
        },
        nothing={
            "en": "The shares of whoever leaves are repaid all at once.",
            "es": "Las aportaciones de quien se va se devuelven de una vez.",
            "fr": "Les parts de qui s’en va sont remboursées en une fois.",
            "ar": "تُرد حصص من يغادر دفعة واحدة.",
        },
    ),
    Rule(
        id="shares.exit_interest", type="rate", default="0", minimum="0", maximum="0.20", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=80,
        question=_("Which interest does the co-op pay on what it has not repaid yet?"),
        why=_("Whoever waits for their money lends it to the co-op meanwhile."),
        text={
            "en": "On what is still to be repaid in parts, the co-op pays interest of {value} a year.",
            "es": "Sobre lo que queda por devolver en partes, la cooperativa paga un interés anual del {value}.",
            "fr": "Sur ce qui reste à rembourser par tranches, la coopérative verse un intérêt annuel de {value}.",
            "ar": "تدفع التعاونية فائدة سنوية قدرها {value} على ما لم يُردّ بعد من الدفعات.",
        },
        nothing={
            "en": "The co-op pays no interest on what is still to be repaid in parts.",
            "es": "La cooperativa no paga intereses por lo que aún ha de devolver a plazos.",
            "fr": "La coopérative ne paie pas d’intérêts sur ce qui reste à rembourser en plusieurs fois.",
            "ar": "لا تدفع التعاونية فائدة على ما بقي سداده على أقساط.",
        },
    ),
    Rule(
        id="shares.early_years", type="int", default=0, minimum=0, maximum=10, unit="years", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=82,
        question=_("For how many years of membership does leaving count as early?"),
        why=_("Shares build what takes years. None means that nobody ever leaves too early."),
        text={
            "en": "Whoever leaves within {value} years of joining leaves early, unless there is a good reason.",
            "es": "Quien se va antes de {value} años desde su ingreso se va antes de tiempo, salvo causa justificada.",
            "fr": "Qui s’en va moins de {value} ans après son adhésion s’en va avant l’heure, sauf motif justifié.",
            "ar": "من يغادر خلال {value} سنوات من انضمامه يكون قد غادر مبكراً ما لم يكن له عذر.",
        },
    ),
    Rule(
        id="shares.early_deduction", type="rate", default="0", minimum="0", maximum="0.30", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=84,
        question=_("Which part of their shares is kept from whoever leaves early?"),
        why=_("It goes to the reserve that nobody can take out again. The board can say that somebody had a good reason."),
        text={
            "en": "Of the shares of whoever leaves early, {value} stays in the reserve.",
            "es": "De las aportaciones de quien se va antes de tiempo, el {value} se queda en la reserva.",
            "fr": "Sur les parts de qui s’en va avant l’heure, {value} reste dans la réserve.",
            "ar": "من حصص من يغادر مبكراً تبقى نسبة {value} في الاحتياطي.",
        },
        nothing={
            "en": "Whoever leaves early gets all of their shares back.",
            "es": "Quien se va antes de tiempo recupera todas sus participaciones.",
            "fr": "Qui part plus tôt récupère toutes ses parts.",
            "ar": "من يغادر مبكرًا يسترد حصصه كلها.",
        },
    ),
    Rule(
        id="shares.heir_months", type="int", default=6, minimum=1, maximum=24, unit="months", tier="constitutional",
        procedure="special", delay_days=30, applies_from="at_once", asked=False, order=90,
        question=_("For how many months can heirs take over the shares of a member who has died?"),
        why=_("Heirs who are members can take the shares over. Nobody inherits a membership: who is none asks to join."),
        text={
            "en": "When a member dies, heirs who are members take over the shares within {value} months; the rest is repaid.",
            "es": "Si muere un miembro, quienes heredan y son miembros asumen las aportaciones en {value} meses; el resto se devuelve.",
            "fr": "Au décès d’un membre, ses héritiers membres reprennent les parts sous {value} mois ; le reste est remboursé.",
            "ar": "عند وفاة عضو، يتولى ورثته الأعضاء حصصه خلال {value} شهراً، ويُردّ الباقي.",
        },
    ),
]  # fmt: skip
