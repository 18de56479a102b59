"""What the bylaws say about who may look into the books."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="books.public", type="flag", default=True, tier="policy", procedure="simple", delay_days=0,
        applies_from="at_once", asked=False, order=70,
        question=_("May everybody see what the co-op owns and owes?"),
        why=_("Only the totals of each account. Members see every entry; names of customers are left out either way."),
        text={
            "en": "Whether everybody, and not only members, may see the totals of the books is decided by this rule.",
            "es": "Esta regla decide si todo el mundo, y no solo las socias, puede ver los totales de los libros.",
            "fr": "Cette règle dit si tout le monde, et pas seulement les membres, peut voir les totaux des livres.",
            "ar": "تحدد هذه القاعدة ما إذا كان للجميع، لا للأعضاء وحدهم، أن يروا مجاميع الدفاتر.",
        },
    ),
]  # fmt: skip
