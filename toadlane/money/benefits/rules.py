"""What the bylaws say about wallets, the units in which they are spent, emergency help, and the code of good work."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule
from toadlane.ui.sheets import Cell, Rows

OPEN, MINIMUM, SUGGESTED, CREDIT = "benefits.wallets", "benefits.minimum", "benefits.suggested", "benefits.credit"
HALF_DAY, DAY, TRIES, RETRY_DAYS = "benefits.half_day", "benefits.day", "benefits.tries", "benefits.retry_days"
HOLD_DAYS, RELIEF, VALUES, LEAST = "benefits.hold_days", "benefits.relief", "benefits.values", "benefits.least_values"

# The values of the code of good work, as a co-op begins with them.
VALUES_SHEET = Rows(
    cells=(Cell(name="id", kind="key"), Cell(name="names", label=_("What it is called"), kind="names")),
    one=_("Value"), add=_("Add a value"), once=("id",), least=1,
)  # fmt: skip
GOOD_WORK = [
    {"id": "safety", "names": {"en": "Safety", "es": "Seguridad", "fr": "Sécurité", "ar": "السلامة"}},
    {
        "id": "stability",
        "names": {
            "en": "Stability and flexibility",
            "es": "Estabilidad y flexibilidad",
            "fr": "Stabilité et souplesse",
            "ar": "الاستقرار والمرونة",
        },
    },
    {"id": "transparency", "names": {"en": "Transparency", "es": "Transparencia", "fr": "Transparence", "ar": "الشفافية"}},
    {
        "id": "shared_prosperity",
        "names": {"en": "Shared prosperity", "es": "Prosperidad compartida", "fr": "Prospérité partagée", "ar": "الرخاء المشترك"},
    },
    {
        "id": "livable_wage",
        "names": {"en": "A livable wage", "es": "Un salario digno", "fr": "Un salaire décent", "ar": "أجر يكفي للعيش"},
    },
    {
        "id": "inclusion",
        "names": {
            "en": "Inclusion and a say",
            "es": "Inclusión y voz",
            "fr": "Inclusion et voix au chapitre",
            "ar": "الإدماج وإبداء الرأي",
        },
    },
    {
        "id": "support",
        "names": {"en": "Support and connection", "es": "Apoyo y conexión", "fr": "Soutien et lien", "ar": "الدعم والتواصل"},
    },
    {
        "id": "growth",
        "names": {
            "en": "Growth and development",
            "es": "Crecimiento y desarrollo",
            "fr": "Progrès et développement",
            "ar": "النمو والتطور",
        },
    },
]

RULES = [
    Rule(
        id=OPEN, type="flag", default=False, until_decided=False, asked=False, order=10,
        question=_("May clients pay into wallets of those who work here?"),
        why=_("A worker without one employer has nobody who pays her days off. Many clients together can."),
        text={
            "en": "{value, select, yes {Whoever works here may have a wallet into which clients pay, and emergency help is asked for with a code.} no {There are no wallets for benefits here.}}",
            "es": "{value, select, yes {Quien trabaja aquí puede tener un monedero en el que pagan los clientes, y la ayuda de emergencia se pide con un código.} no {Aquí no hay monederos de prestaciones.}}",
            "fr": "{value, select, yes {Toute personne qui travaille ici peut avoir un porte-monnaie alimenté par les clients, et l’aide d’urgence se demande avec un code.} no {Il n’y a pas ici de porte-monnaie d’avantages sociaux.}}",
            "ar": "{value, select, yes {لكل من يعمل هنا أن تكون له محفظة يدفع فيها العملاء، وتُطلب المساعدة الطارئة برمز.} no {لا توجد هنا محافظ للمزايا.}}",
        },
    ),
    Rule(
        id=MINIMUM, type="money", default=500, minimum=100, asked=False, order=11,
        question=_("What is the least a client may promise?"),
        why=_("Charging a card costs something each time. Below this, too little of it would arrive."),
        text={
            "en": "A client promises a worker’s wallet at least {value} at a time.",
            "es": "Un cliente promete al monedero de quien trabaja al menos {value} cada vez.",
            "fr": "Un client promet au moins {value} à la fois au porte-monnaie.",
            "ar": "يَعِد العميل محفظة العاملة بما لا يقل عن {value} في كل مرة.",
        },
    ),
    Rule(
        id=SUGGESTED, type="money", default=500, minimum=100, asked=False, order=12,
        question=_("What do we suggest to a client?"),
        why=_("Most people ask what others give. It comes on top of the price, never out of it."),
        text={
            "en": "We suggest {value} for each visit, on top of its price.",
            "es": "Proponemos {value} por visita, además de su precio.",
            "fr": "Nous proposons {value} par visite, en plus de son prix.",
            "ar": "نقترح {value} عن كل زيارة، زيادةً على سعرها.",
        },
    ),
    Rule(
        id=CREDIT, type="money", default=100, minimum=1, applies_from="at_once", asked=False, order=13,
        question=_("What is one credit worth?"),
        why=_("Days off are counted in credits, so that a day is the same for everybody."),
        text={
            "en": "One credit in a wallet is worth {value}.",
            "es": "Un crédito del monedero vale {value}.",
            "fr": "Un crédit du porte-monnaie vaut {value}.",
            "ar": "يساوي الرصيد الواحد في المحفظة {value}.",
        },
    ),
    Rule(
        id=HALF_DAY, type="int", unit="credits", default=60, minimum=1, maximum=10000, applies_from="at_once", asked=False, order=14,
        question=_("How many credits is half a day off?"),
        why=_("About what half a day of work pays."),
        text={
            "en": "Half a day off takes {value} credits.",
            "es": "Medio día libre cuesta {value} créditos.",
            "fr": "Une demi-journée de congé coûte {value} crédits.",
            "ar": "يكلّف نصف يوم عطلة {value} رصيداً.",
        },
    ),
    Rule(
        id=DAY, type="int", unit="credits", default=120, minimum=1, maximum=20000, applies_from="at_once", asked=False, order=15,
        question=_("How many credits is a day off?"),
        why=_("About what a day of work pays."),
        text={
            "en": "A day off takes {value} credits.",
            "es": "Un día libre cuesta {value} créditos.",
            "fr": "Un jour de congé coûte {value} crédits.",
            "ar": "يكلّف يوم العطلة {value} رصيداً.",
        },
    ),
    Rule(
        id=TRIES, type="int", unit="times", default=3, minimum=1, maximum=6, tier="operational", procedure="coordinators", asked=False, order=16,
        question=_("How often is a client’s card tried before their plan ends?"),
        why=_("Cards lapse and accounts run dry for a day. After some tries it is no accident any more."),
        text={
            "en": "A card that is refused is tried {value} times in all; then the plan ends, and both are told.",
            "es": "Una tarjeta rechazada se intenta {value} veces en total; después el plan termina y se avisa a ambas partes.",
            "fr": "Une carte refusée est essayée {value} fois en tout ; ensuite l’engagement prend fin et chacun en est averti.",
            "ar": "تُجرَّب البطاقة المرفوضة {value} مرات في المجموع؛ ثم تنتهي الخطة ويُبلَّغ الطرفان.",
        },
    ),
    Rule(
        id=RETRY_DAYS, type="int", unit="days", default=3, minimum=1, maximum=14, tier="operational", procedure="coordinators", asked=False, order=17,
        question=_("How many days lie between two tries?"),
        why=_("Enough for wages to come in."),
        text={
            "en": "Between two tries {value} days pass.",
            "es": "Entre dos intentos pasan {value} días.",
            "fr": "Entre deux essais passent {value} jours.",
            "ar": "تمر {value} أيام بين محاولتين.",
        },
    ),
    Rule(
        id=HOLD_DAYS, type="int", unit="days", default=14, minimum=0, maximum=90, asked=False, order=18,
        question=_("After how many days does what an order put aside belong to the worker’s wallet?"),
        why=_("An order may still be refunded for a while. What is in a wallet is not taken out of it again for that."),
        text={
            "en": "What an order puts aside for benefits goes to the worker’s wallet after {value} days.",
            "es": "Lo que un pedido aparta para prestaciones pasa al monedero a los {value} días.",
            "fr": "Ce qu’une commande met de côté rejoint le porte-monnaie après {value} jours.",
            "ar": "ما تضعه الطلبية جانباً للمزايا ينتقل إلى محفظة العاملة بعد {value} يوماً.",
        },
        nothing={
            "en": "What an order puts aside for benefits goes to the worker’s wallet at once.",
            "es": "Lo que un pedido aparta para prestaciones va en el acto al monedero de quien trabaja.",
            "fr": "Ce qu’une commande met de côté pour les avantages va tout de suite dans le porte-monnaie de qui travaille.",
            "ar": "ما يخصصه الطلب للمزايا يذهب إلى محفظة العامل فوراً.",
        },
    ),
    Rule(
        id=RELIEF, type="money", default=40000, minimum=100, asked=False, order=19,
        question=_("How much is emergency help?"),
        why=_("The same for everybody, so that nobody has to bargain over their need."),
        text={
            "en": "Emergency help is {value}, out of the solidarity fund, paid once for each code.",
            "es": "La ayuda de emergencia es de {value}, del fondo de solidaridad, una vez por cada código.",
            "fr": "L’aide d’urgence est de {value}, sur le fonds de solidarité, une fois par code.",
            "ar": "المساعدة الطارئة {value} من صندوق التضامن، وتُدفع مرة واحدة لكل رمز.",
        },
    ),
    Rule(
        id=VALUES, type="criteria", default=GOOD_WORK, tier="constitutional", procedure="special", delay_days=30, asked=False, order=20,
        question=_("Which values make up the code of good work?"),
        why=_("Whoever pledges to keep it says what they do about each value they name."),
        text={
            "en": "The code of good work has the values that the list below names.",
            "es": "El código del buen trabajo tiene los valores de la lista siguiente.",
            "fr": "Le code du bon travail a les valeurs de la liste ci-dessous.",
            "ar": "تتألف مدونة العمل اللائق من القيم الواردة في القائمة أدناه.",
        },
    ),
    Rule(
        id=LEAST, type="int", unit="values", default=2, minimum=1, maximum=8, asked=False, order=21,
        question=_("On how many values does a pledge have to act?"),
        why=_("A pledge is something one does, not a badge."),
        text={
            "en": "A pledge says what is done about at least {value} of the values.",
            "es": "Un compromiso dice qué se hace por al menos {value} de los valores.",
            "fr": "Un engagement dit ce qui est fait pour au moins {value} des valeurs.",
            "ar": "يذكر التعهد ما يُفعل بشأن {value} من القيم على الأقل.",
        },
    ),
]  # fmt: skip
