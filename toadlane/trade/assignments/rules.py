"""What a co-op of freelancers lays down: its fee, its terms for clients, when wages leave, floors, charges, the guarantee."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

EMPLOYS, FEE, CLIENT_DAYS, REMINDERS = "work.activities", "work.fee", "work.client_days", "work.reminders"
WAGE_DAYS, FLOORS, CHARGES, HOLIDAYS = "work.wage_days", "work.floors", "work.charges", "work.holidays"
CONFIRMED, IN_EU = "guarantee.confirmed", "guarantee.in_eu"
CONTRIBUTION, VAT_RELIEF = "guarantee.contribution", "guarantee.vat_relief"

WORK = [
    Rule(
        id=EMPLOYS, type="flag", default=False, asked=False, order=60,
        question=_("Does the co-op itself invoice clients and employ those who work for them?"),
        why=_("Members then find clients, and the co-op signs, invoices, pays wages and bears the risk."),
        text={
            "en": "{value, select, yes {The co-op invoices clients in its own name and employs those who work for them. Each member keeps activities with a budget of their own.}"
                  " no {The co-op employs nobody for clients of its members.}}",
            "es": "{value, select, yes {La cooperativa factura a los clientes en su propio nombre y emplea a quienes trabajan para ellos. Cada miembro lleva actividades con presupuesto propio.}"
                  " no {La cooperativa no emplea a nadie para clientes de sus miembros.}}",
            "fr": "{value, select, yes {La coopérative facture les clients en son nom et emploie celles et ceux qui travaillent pour eux. Chaque membre tient des activités avec leur propre budget.}"
                  " no {La coopérative n’emploie personne pour les clients de ses membres.}}",
            "ar": "{value, select, yes {تصدر التعاونية الفواتير للعملاء باسمها وتوظّف من يعملون لهم. ولكل عضو أنشطة لها ميزانيتها.} no {لا توظّف التعاونية أحداً لعملاء أعضائها.}}",
        },
    ),
    Rule(
        id=FEE, type="rate", default="0", minimum="0", maximum="0.5", asked=False, order=61,
        question=_("What part of each invoice does the co-op keep for invoicing, employing and the risk?"),
        why=_(
            "It pays the office, the advice and the guarantee. An activity is what one member, or a few together, sells under a "
            "name of its own; from one activity to another nothing is kept."
        ),
        text={
            "en": "Of each invoice to a client of an activity, before VAT, the co-op keeps {value}. Between activities nothing is kept.",
            "es": "De cada factura a un cliente de una actividad, sin IVA, la cooperativa retiene {value}. Entre actividades no se retiene nada.",
            "fr": "De chaque facture au client d’une activité, hors TVA, la coopérative garde {value}. Entre activités, rien n’est gardé.",
            "ar": "من كل فاتورة لعميل نشاط، قبل الضريبة، تحتفظ التعاونية بنسبة {value}. وبين الأنشطة لا يُحتفظ بشيء.",
        },
        nothing={
            "en": "The co-op keeps nothing of the invoices to clients of activities.",
            "es": "La cooperativa no se queda con nada de las facturas a clientes de actividades.",
            "fr": "La coopérative ne garde rien des factures aux clients d’activités.",
            "ar": "لا تحتفظ التعاونية بشيء من فواتير عملاء الأنشطة.",
        },
    ),
    Rule(
        id=CLIENT_DAYS, type="int", default=10, minimum=0, maximum=60, unit="days", tier="operational", procedure="coordinators",
        asked=False, order=62,
        question=_("Within how many days does a client pay an invoice?"),
        why=_("Wages leave on time either way; this is how long the co-op waits before it writes."),
        text={
            "en": "A client of an activity pays within {value} days of the invoice.",
            "es": "Un cliente de una actividad paga en los {value} días siguientes a la factura.",
            "fr": "Le client d’une activité paie dans les {value} jours suivant la facture.",
            "ar": "يدفع عميل النشاط خلال {value} أيام من الفاتورة.",
        },
    ),
    Rule(
        id=REMINDERS, type="schedule", default=[{"days": 3}, {"days": 14}, {"days": 30}], tier="operational", procedure="coordinators",
        asked=False, order=63,
        question=_("When is a client reminded who has not paid?"),
        why=_("Each step is a letter that the co-op sends by itself."),
        text={
            "en": "A client of an activity who has not paid is reminded on these days.",
            "es": "A un cliente de una actividad que no ha pagado se le recuerda en estos días.",
            "fr": "Un client d’une activité qui n’a pas payé reçoit un rappel ces jours-là.",
            "ar": "يُذكَّر عميل النشاط الذي لم يدفع في هذه الأيام.",
        },
    ),
    Rule(
        id=WAGE_DAYS, type="int", default=7, minimum=1, maximum=30, unit="working days", asked=False, order=64,
        question=_("Within how many working days after the work is a wage paid?"),
        why=_("Whether or not the client has paid: that is what the guarantee fund is for."),
        text={
            "en": "The wage for work in an activity is paid within {value} working days after its last day.",
            "es": "El salario por trabajo en una actividad se paga en los {value} días hábiles siguientes a su último día.",
            "fr": "Le salaire d’un travail dans une activité est payé dans les {value} jours ouvrables suivant son dernier jour.",
            "ar": "يُدفع أجر العمل في نشاط خلال {value} أيام عمل من آخر يوم فيه.",
        },
    ),
    Rule(
        id=FLOORS, type="schedule", default=[], asked=False, order=65,
        question=_("What is the least that a day of work may bring, by trade and date?"),
        why=_("A contract below it is not signed, whoever wants it so."),
        text={
            "en": "A whole day of work in an activity brings at least this gross wage, by trade and date.",
            "es": "Una jornada completa de trabajo en una actividad aporta al menos este salario bruto, por oficio y fecha.",
            "fr": "Une journée entière de travail dans une activité rapporte au moins ce salaire brut, par métier et date.",
            "ar": "يوم العمل الكامل في نشاط يعود بهذا الأجر الإجمالي على الأقل، بحسب المهنة والتاريخ.",
        },
        nothing={
            "en": "No least wage for a day of work is named.",
            "es": "No se nombra un salario mínimo por día de trabajo.",
            "fr": "Aucun salaire minimum par jour de travail n’est indiqué.",
            "ar": "لم يُحدَّد حد أدنى لأجر يوم العمل.",
        },
    ),
    Rule(
        id=CHARGES, type="schedule", default=[], tier="operational", procedure="coordinators", asked=False, order=66,
        question=_("What is added to a gross wage, and what is taken from it?"),
        why=_("The law of each country says so, and changes it. The payroll office knows the figures."),
        text={
            "en": "On a gross wage come, and of it go, these parts, from these days on.",
            "es": "A un salario bruto se suman, y de él se restan, estas partes, desde estos días.",
            "fr": "À un salaire brut s’ajoutent, et s’en retirent, ces parts, à partir de ces jours.",
            "ar": "تُضاف إلى الأجر الإجمالي وتُخصم منه هذه النسب، ابتداءً من هذه الأيام.",
        },
        nothing={
            "en": "No charges on wages are named.",
            "es": "No se nombran cargas sobre los salarios.",
            "fr": "Aucune cotisation sur les salaires n’est indiquée.",
            "ar": "لم تُحدَّد أي اقتطاعات على الأجور.",
        },
    ),
    Rule(
        id=HOLIDAYS, type="schedule", default=[], tier="operational", procedure="coordinators", asked=False, order=67,
        question=_("Which days are holidays?"),
        why=_("Working days are counted without them."),
        text={
            "en": "These days are holidays: they are no working days.",
            "es": "Estos días son festivos: no cuentan como hábiles.",
            "fr": "Ces jours sont fériés : ils ne comptent pas comme ouvrables.",
            "ar": "هذه الأيام عطل، ولا تُحسب من أيام العمل.",
        },
        nothing={
            "en": "No holidays are named: every day from Monday to Friday is a working day.",
            "es": "No se nombran festivos: todos los días de lunes a viernes son laborables.",
            "fr": "Aucun jour férié n’est indiqué : chaque jour du lundi au vendredi est ouvré.",
            "ar": "لم تُحدَّد أي عطل: كل يوم من الاثنين إلى الجمعة يوم عمل.",
        },
    ),
]  # fmt: skip

GUARANTEE = [
    Rule(
        id=CONFIRMED, type="flag", default=True, asked=False, order=70,
        question=_("Does the guarantee fund answer only for orders that the client has confirmed?"),
        why=_("The fund pays the wage when a client is late. A yes in writing is what the co-op can hold a client to."),
        text={
            "en": "{value, select, yes {The guarantee fund advances wages only for orders that the client has confirmed.} no {The guarantee fund advances wages for every order that was invoiced.}}",
            "es": "{value, select, yes {El fondo de garantía solo adelanta salarios de pedidos que el cliente ha confirmado.} no {El fondo de garantía adelanta salarios de todo pedido facturado.}}",
            "fr": "{value, select, yes {Le fonds de garantie n’avance les salaires que des commandes confirmées par le client.} no {Le fonds de garantie avance les salaires de toute commande facturée.}}",
            "ar": "{value, select, yes {لا يسلّف صندوق الضمان أجوراً إلا لطلبات أكدها العميل.} no {يسلّف صندوق الضمان أجور كل طلب صدرت فاتورته.}}",
        },
    ),
    Rule(
        id=IN_EU, type="flag", default=False, asked=False, order=71,
        question=_("Does the guarantee fund answer only for clients in the European Union?"),
        why=_("Elsewhere a debt is hard to collect."),
        text={
            "en": "{value, select, yes {The guarantee fund advances wages only for clients in the European Union.} no {The guarantee fund answers for clients wherever they are.}}",
            "es": "{value, select, yes {El fondo de garantía solo adelanta salarios por clientes en la Unión Europea.} no {El fondo de garantía responde por clientes de cualquier lugar.}}",
            "fr": "{value, select, yes {Le fonds de garantie n’avance les salaires que pour des clients dans l’Union européenne.} no {Le fonds de garantie répond pour les clients où qu’ils soient.}}",
            "ar": "{value, select, yes {لا يسلّف صندوق الضمان أجوراً إلا لعملاء في الاتحاد الأوروبي.} no {يضمن صندوق الضمان العملاء أينما كانوا.}}",
        },
    ),
    Rule(
        id=CONTRIBUTION, type="rate", default="0", minimum="0", maximum="0.5", asked=False, order=72,
        question=_("What part of each invoice goes into the guarantee fund?"),
        why=_("It comes out of what the co-op keeps, and nothing else may be paid from the fund."),
        text={
            "en": "Of each invoice to a client of an activity, before VAT, {value} goes into the guarantee fund, out of what the co-op keeps.",
            "es": "De cada factura a un cliente de una actividad, sin IVA, {value} va al fondo de garantía, de lo que retiene la cooperativa.",
            "fr": "De chaque facture au client d’une activité, hors TVA, {value} va au fonds de garantie, pris sur ce que garde la coopérative.",
            "ar": "من كل فاتورة لعميل نشاط، قبل الضريبة، تذهب {value} إلى صندوق الضمان مما تحتفظ به التعاونية.",
        },
        nothing={
            "en": "Nothing of an invoice to a client of an activity goes into the guarantee fund.",
            "es": "Nada de una factura a un cliente de una actividad va al fondo de garantía.",
            "fr": "Rien d’une facture à un client d’une activité ne va au fonds de garantie.",
            "ar": "لا يذهب شيء من فاتورة عميل النشاط إلى صندوق الضمان.",
        },
    ),
    Rule(
        id=VAT_RELIEF, type="flag", default=True, tier="operational", procedure="coordinators", asked=False, order=73,
        question=_("Does the tax office give VAT back when a client never pays?"),
        why=_("Most do, on conditions. Where it does not, that part is lost as well."),
        text={
            "en": "{value, select, yes {When a client never pays, the VAT of the invoice is taken back.} no {When a client never pays, the VAT of the invoice is lost too.}}",
            "es": "{value, select, yes {Si un cliente no paga nunca, se recupera el IVA de la factura.} no {Si un cliente no paga nunca, también se pierde el IVA de la factura.}}",
            "fr": "{value, select, yes {Si un client ne paie jamais, la TVA de la facture est récupérée.} no {Si un client ne paie jamais, la TVA de la facture est perdue aussi.}}",
            "ar": "{value, select, yes {إذا لم يدفع العميل أبداً تُسترد ضريبة الفاتورة.} no {إذا لم يدفع العميل أبداً تضيع ضريبة الفاتورة أيضاً.}}",
        },
    ),
]  # fmt: skip

RULES = [*WORK, *GUARANTEE]
