"""What the bylaws say about offers: whether somebody looks at each before it stands in the window."""

from django.utils.translation import gettext_noop as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="trade.curation", type="flag", default=False, tier="policy", procedure="simple", delay_days=0,
        applies_from="at_once", order=60,
        question=_("Does somebody look at each listing before it is shown?"),
        why=_("A chosen shelf is worth more; an open one fills faster. Curators have to give a reason when they decline."),
        text={
            "en": "Whether a listing is looked at by the curators before it stands in the window is decided by this rule.",
            "es": "Esta regla decide si las curadoras miran cada anuncio antes de que esté en el escaparate.",
            "fr": "Cette règle dit si les commissaires regardent chaque annonce avant qu’elle soit en vitrine.",
            "ar": "تحدد هذه القاعدة ما إذا كان القيّمون يراجعون كل عرض قبل أن يظهر في الواجهة.",
        },
    ),
]  # fmt: skip
