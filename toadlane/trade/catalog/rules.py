"""What the bylaws say about offers: what work costs, and whether somebody looks before a listing stands in the window."""

from django.utils.translation import gettext_noop as _

from toadlane.society.bylaws.rules import Rule

NO_RATES = {"hourly": 0, "sizes": [], "levels": [], "addons": [], "recurring": []}

RULES = [
    Rule(
        id="trade.rates", type="rate_card", default=NO_RATES, tier="operational", procedure="simple", delay_days=15,
        applies_from="next_order", asked=False, order=40,
        question=_("What does the work cost?"),
        why=_("One card for everyone who works here, so that nobody is played off against a neighbor."),
        text={
            "en": "Work is priced by one card: hours by the size of the job, a level, and extras at the prices written there.",
            "es": "El trabajo se cobra según una sola tarifa: horas según el tamaño, un nivel y los extras que allí figuran.",
            "fr": "Le travail se paie selon une seule grille : des heures selon la taille, un niveau et des suppléments inscrits.",
            "ar": "يُسعَّر العمل وفق بطاقة واحدة: ساعات بحسب الحجم، ومستوى، وإضافات بالأسعار المدوّنة فيها.",
        },
    ),
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
