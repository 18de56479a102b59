"""What the bylaws say about offers: whether somebody looks at each before it stands in the window."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

RULES = [
    Rule(
        id="trade.curation", type="flag", default=False, tier="policy", procedure="simple", delay_days=0,
        applies_from="at_once", order=60,
        question=_("Does somebody look at each listing before it is shown?"),
        why=_("A chosen shelf is worth more; an open one fills faster. Curators have to give a reason when they decline."),
        text={
            "en": "{value, select, yes {Curators look at each listing before it stands in the window; when they decline one, they say why.}"
                  " no {Listings stand in the window at once. Nobody looks at them first.}}",
            "es": "{value, select, yes {Las curadoras miran cada anuncio antes de que esté en el escaparate; si rechazan uno, dicen por qué.}"
                  " no {Los anuncios están en el escaparate de inmediato. Nadie los mira antes.}}",
            "fr": "{value, select, yes {Les commissaires regardent chaque annonce avant qu’elle soit en vitrine ; un refus est motivé.}"
                  " no {Les annonces sont en vitrine aussitôt. Personne ne les regarde avant.}}",
            "ar": "{value, select, yes {يراجع القيّمون كل عرض قبل أن يظهر في الواجهة، وإذا رفضوا عرضاً ذكروا السبب.}"
                  " no {تظهر العروض في الواجهة فوراً، ولا يراجعها أحد قبل ذلك.}}",
        },
    ),
]  # fmt: skip
