"""What the bylaws say about who may look into the books."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="books.public", type="flag", default=True, until_decided=False, tier="policy", procedure="simple", delay_days=0,
        applies_from="at_once", asked=False, order=70,
        question=_("May everybody see what the co-op owns and owes?"),
        why=_("Only the totals of each account. Members see every entry; names of customers are left out either way."),
        text={
            "en": "{value, select, yes {Everybody may see the totals of the books, members or not.} no {Only members see the totals of the books.}}",
            "es": "{value, select, yes {Todo el mundo puede ver los totales de los libros, también quien no es miembro.}"
                  " no {Solo los miembros ven los totales de los libros.}}",
            "fr": "{value, select, yes {Tout le monde peut voir les totaux des livres, membre ou non.} no {Seuls les membres voient les totaux des livres.}}",
            "ar": "{value, select, yes {للجميع أن يروا مجاميع الدفاتر، أعضاءً كانوا أم لا.} no {الأعضاء وحدهم يرون مجاميع الدفاتر.}}",
        },
    ),
]  # fmt: skip
