"""What members rent out or do by the hour: the yearly report on sellers asks."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="invoicing.activity", type="enum", default="personal_service", asked=False, tier="operational", procedure="coordinators", order=93,
        options={
            "personal_service": _("Work, by the hour or the task"), "immovable_property": _("Rooms and other places"),
            "transport_rental": _("Vehicles"),
        },
        question=_("What do customers book by time?"),
        why=_("The yearly report on sellers names one of these. Visits count as work and purchases as goods in any case."),
        text={
            "en": "What customers book by time is, for the yearly report on sellers, {value, select, personal_service {work} immovable_property {the use of a place} transport_rental {the hire of a vehicle}}.",
            "es": "Lo que se reserva por tiempo es, para el informe anual sobre vendedores, {value, select, personal_service {trabajo} immovable_property {el uso de un lugar} transport_rental {el alquiler de un vehículo}}.",
            "fr": "Ce qui se réserve au temps est, pour la déclaration annuelle sur les vendeurs, {value, select, personal_service {du travail} immovable_property {l’usage d’un lieu} transport_rental {la location d’un véhicule}}.",
            "ar": "ما يُحجز بالوقت هو، في التقرير السنوي عن البائعين، {value, select, personal_service {عمل} immovable_property {استعمال مكان} transport_rental {استئجار مركبة}}.",
        },
    ),
    Rule(
        id="invoicing.reports_sellers", type="enum", default="by_country", asked=False, tier="operational", procedure="coordinators",
        order=94,
        options={
            "by_country": _("Where the co-op is in the European Union"), "yes": _("Yes"), "no": _("No"),
        },
        question=_("Does the co-op report what members sell to the tax office, once a year?"),
        why=_("The law of the European Union asks it of every platform. Others decide for themselves, or by the law of their country."),
        text={
            "en": "{value, select, yes {The co-op reports once a year what sellers earned.} no {The co-op does not report what sellers earn.} by_country {The co-op reports once a year what sellers earned, if it is in the European Union.}}",
            "es": "{value, select, yes {La cooperativa comunica una vez al año lo que ganaron los vendedores.} no {La cooperativa no comunica lo que ganan los vendedores.} by_country {La cooperativa comunica una vez al año lo que ganaron los vendedores, si está en la Unión Europea.}}",
            "fr": "{value, select, yes {La coopérative déclare une fois par an ce que les vendeurs ont gagné.} no {La coopérative ne déclare pas ce que gagnent les vendeurs.} by_country {La coopérative déclare une fois par an ce que les vendeurs ont gagné, si elle est dans l’Union européenne.}}",
            "ar": "{value, select, yes {تبلغ التعاونية مرة في السنة عما كسبه البائعون.} no {لا تبلغ التعاونية عما يكسبه البائعون.} by_country {تبلغ التعاونية مرة في السنة عما كسبه البائعون إن كانت في الاتحاد الأوروبي.}}",
        },
    ),
    Rule(
        id="invoicing.withholds_pay", type="flag", default=True, asked=False, tier="operational", procedure="coordinators", order=95,
        question=_("Is pay held back from sellers who do not say what the report needs?"),
        why=_("The law asks for it after two reminders, and not before sixty days are over. Nothing is lost: it is paid as soon as they have said it."),
        text={
            "en": "{value, select, yes {Sellers who have not said what the yearly report needs, after two reminders and sixty days, are paid when they have.} no {Sellers are paid whether or not they have said what the yearly report needs.}}",
            "es": "{value, select, yes {A quienes no digan lo que pide el informe anual, tras dos recordatorios y sesenta días, se les paga cuando lo digan.} no {Se paga a los vendedores hayan dicho o no lo que pide el informe anual.}}",
            "fr": "{value, select, yes {Qui n’a pas dit ce que demande la déclaration annuelle, après deux rappels et soixante jours, est payé quand c’est fait.} no {Les vendeurs sont payés, qu’ils aient dit ou non ce que demande la déclaration annuelle.}}",
            "ar": "{value, select, yes {من لم يقدم ما يحتاجه التقرير السنوي بعد تذكيرين وستين يوماً تُدفع مستحقاته حين يقدمه.} no {تُدفع مستحقات البائعين سواء قدموا ما يحتاجه التقرير السنوي أم لا.}}",
        },
    ),
]  # fmt: skip
