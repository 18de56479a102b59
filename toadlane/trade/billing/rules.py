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
]  # fmt: skip
