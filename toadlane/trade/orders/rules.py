"""What the bylaws say about orders and the money in them."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

# The replay of past orders reads these: whatever an order is priced, split, kept or refused by.
ORDERS = "orders"

FEES = [
    Rule(
        id="fees.commission", type="rate", default="0.05", minimum="0", maximum="1", order=10, dry_run=ORDERS,
        question=_("What part of each price does the platform keep?"),
        why=_("It pays for the card fees, the server and the office. The rest goes to whoever does the work."),
        text={
            "en": "Of the price of each order before VAT, the platform keeps {value}.",
            "es": "Del precio de cada pedido sin IVA, la plataforma se queda con el {value}.",
            "fr": "Sur le prix de chaque commande hors TVA, la plateforme garde {value}.",
            "ar": "تحتفظ المنصة بنسبة {value} من سعر كل طلب قبل الضريبة.",
        },
        nothing={
            "en": "The platform keeps nothing of the price of an order.",
            "es": "La plataforma no se queda con nada del precio de un pedido.",
            "fr": "La plateforme ne garde rien du prix d’une commande.",
            "ar": "لا تحتفظ المنصة بشيء من ثمن الطلب.",
        },
    ),
    Rule(
        id="fees.commission_by", type="rates", default={}, asked=False, order=10, dry_run=ORDERS,
        question=_("Of which kinds does the platform keep another part?"),
        why=_("Some sales cost the platform less, or take more from whoever made the thing: an extended license, a resale."),
        text={
            "en": "Of a kind of listing that is named here, or of a version of it, the platform keeps the part named here instead.",
            "es": "De un tipo de anuncio nombrado aquí, o de una versión suya, la plataforma se queda en cambio con la parte que aquí se dice.",
            "fr": "Sur un type d’annonce nommé ici, ou sur une version de celui-ci, la plateforme garde à la place la part dite ici.",
            "ar": "من نوع العرض المذكور هنا، أو من إحدى صيغه، تحتفظ المنصة بالنسبة المذكورة هنا بدلاً من ذلك.",
        },
        nothing={
            "en": "Of every kind of listing the platform keeps the same part.",
            "es": "De toda clase de anuncio, la plataforma se queda con la misma parte.",
            "fr": "La plateforme garde la même part de chaque type d’annonce.",
            "ar": "تحتفظ المنصة بالنسبة نفسها من كل أنواع العروض.",
        },
    ),
    Rule(
        id="fees.commission_least", type="money", default=0, minimum=0, asked=False, order=10, dry_run=ORDERS,
        question=_("How much of each order does the platform keep at least?"),
        why=_("A small order costs the card company and the office as much as a large one. It never keeps more than the price."),
        text={
            "en": "Of each order, the platform keeps at least {value}, and never more than its price before VAT.",
            "es": "De cada pedido, la plataforma se queda como mínimo con {value}, y nunca con más que su precio sin IVA.",
            "fr": "Sur chaque commande, la plateforme garde au moins {value}, et jamais plus que son prix hors TVA.",
            "ar": "من كل طلب تحتفظ المنصة بما لا يقل عن {value}، ولا تتجاوز أبدًا سعره قبل الضريبة.",
        },
        nothing={
            "en": "There is no least amount that the platform keeps of an order.",
            "es": "No hay un importe mínimo con el que se quede la plataforma de un pedido.",
            "fr": "Il n’y a pas de montant minimal que la plateforme garde sur une commande.",
            "ar": "لا حد أدنى لما تحتفظ به المنصة من الطلب.",
        },
    ),
    Rule(
        id="fees.commission_most", type="money", default=0, minimum=0, asked=False, order=10, dry_run=ORDERS,
        question=_("How much of each order does the platform keep at most?"),
        why=_("A large order costs the platform little more than a small one. Nothing means that there is no such limit."),
        text={
            "en": "Of each order, the platform keeps at most {value}, whatever else is said of its part.",
            "es": "De cada pedido, la plataforma se queda como máximo con {value}, diga lo que diga el resto sobre su parte.",
            "fr": "Sur chaque commande, la plateforme garde au plus {value}, quoi qu’il soit dit par ailleurs de sa part.",
            "ar": "من كل طلب تحتفظ المنصة بما لا يزيد على {value}، مهما قيل غير ذلك عن نسبتها.",
        },
        nothing={
            "en": "There is no largest amount that the platform keeps of an order.",
            "es": "No hay un importe máximo con el que se quede la plataforma de un pedido.",
            "fr": "Il n’y a pas de montant maximal que la plateforme garde sur une commande.",
            "ar": "لا حد أقصى لما تحتفظ به المنصة من الطلب.",
        },
    ),
    Rule(
        id="fees.guest", type="rate", default="0", minimum="0", maximum="1", asked=False, order=11, dry_run=ORDERS,
        question=_("What does the customer pay the platform on top of the price?"),
        why=_("The member then gets the whole price, and the customer sees what the platform costs as a line of its own."),
        text={
            "en": "On top of the price before VAT, the customer pays the platform a fee of {value}.",
            "es": "Además del precio sin IVA, quien compra paga a la plataforma una comisión del {value}.",
            "fr": "En plus du prix hors TVA, le client paie à la plateforme des frais de {value}.",
            "ar": "يدفع الزبون للمنصة رسماً قدره {value} فوق السعر قبل الضريبة.",
        },
        nothing={
            "en": "The customer pays the platform nothing on top of the price.",
            "es": "Quien compra no paga nada a la plataforma además del precio.",
            "fr": "Le client ne paie rien à la plateforme en plus du prix.",
            "ar": "لا يدفع الزبون للمنصة شيئاً فوق السعر.",
        },
    ),
    Rule(
        id="fees.commission_vat", type="rate", default="0", minimum="0", maximum="1", asked=False, order=11, dry_run=ORDERS,
        question=_("What VAT is due on the platform’s own fee?"),
        why=_("The fee is a service to the member and is taxed apart from the work itself."),
        text={
            "en": "VAT on the platform’s fee is {value} and is shown apart.",
            "es": "El IVA sobre la comisión de la plataforma es del {value} y se muestra aparte.",
            "fr": "La TVA sur la commission de la plateforme est de {value} et figure à part.",
            "ar": "ضريبة القيمة المضافة على رسوم المنصة {value} وتظهر على حدة.",
        },
        nothing={
            "en": "There is no VAT on the platform’s fee.",
            "es": "La comisión de la plataforma no lleva IVA.",
            "fr": "La commission de la plateforme est sans TVA.",
            "ar": "لا ضريبة قيمة مضافة على رسوم المنصة.",
        },
    ),
    Rule(
        id="fees.community", type="rate", default="0", minimum="0", maximum="1", order=12, dry_run=ORDERS,
        question=_("What part of the fee goes to a community fund?"),
        why=_("The fund can be spent on what the members decide together, and on nothing else."),
        text={
            "en": "Of the platform’s fee, {value} goes to the community fund.",
            "es": "De la comisión de la plataforma, el {value} va al fondo comunitario.",
            "fr": "De la commission de la plateforme, {value} va au fonds commun.",
            "ar": "تذهب نسبة {value} من رسوم المنصة إلى صندوق المجتمع.",
        },
        nothing={
            "en": "Nothing of the platform’s fee goes to the community fund.",
            "es": "Nada de la comisión de la plataforma va al fondo comunitario.",
            "fr": "Rien de la commission de la plateforme ne va au fonds communautaire.",
            "ar": "لا يذهب شيء من رسوم المنصة إلى صندوق المجتمع.",
        },
    ),
    Rule(
        id="fees.benefits", type="rate", default="0", minimum="0", maximum="1", order=13, dry_run=ORDERS,
        question=_("What part of each price is put aside for sick pay and holidays?"),
        why=_("It belongs to whoever did the work and stays theirs when they leave."),
        text={
            "en": "Of the price of each order before VAT, {value} is put aside for the benefits of those who did the work.",
            "es": "Del precio de cada pedido sin IVA, el {value} se reserva para prestaciones de quienes hicieron el trabajo.",
            "fr": "Sur le prix de chaque commande hors TVA, {value} est mis de côté pour les prestations de celles et ceux qui ont"
                  " fait le travail.",
            "ar": "تُدَّخر نسبة {value} من سعر كل طلب قبل الضريبة لمزايا من أنجزوا العمل.",
        },
        nothing={
            "en": "Nothing of the price of an order is put aside for benefits.",
            "es": "Nada del precio de un pedido se aparta para prestaciones.",
            "fr": "Rien du prix d’une commande n’est mis de côté pour des avantages.",
            "ar": "لا يُخصَّص شيء من ثمن الطلب للمزايا.",
        },
    ),
    Rule(
        id="fees.late_cancel", type="schedule", order=20, dry_run=ORDERS,
        default=[{"hours_before_lt": "2", "rate": "1"}, {"hours_before_lt": "24", "rate": "0.5"}],
        question=_("What is owed when a customer cancels late?"),
        why=_("Somebody kept that time free. Before the first of these hours, cancelling is free."),
        text={
            "en": "Whoever cancels late pays a part of the price to the member who kept the time free; earlier, cancelling is free.",
            "es": "Quien cancela tarde paga una parte del precio a quien reservó ese tiempo; antes, cancelar es gratis.",
            "fr": "Qui annule tard paie une part du prix au membre qui avait gardé ce temps ; plus tôt, l’annulation est gratuite.",
            "ar": "من يلغي متأخراً يدفع جزءاً من السعر للعضو الذي حجز وقته؛ والإلغاء قبل ذلك مجاني.",
        },
    ),
    Rule(
        id="fees.after_payout", type="enum", default="member", asked=False, order=21,
        options={
            "member": _("The member owes it"), "coop_chargebacks": _("The co-op bears chargebacks; refunds the member owes"),
            "coop": _("The co-op bears both"),
        },
        question=_("Who bears what goes back to a customer after the member was paid?"),
        why=_("Until the payout each share gives back what it got. After it the member’s part is gone: it becomes a debt of the"
              " member, or a loss that all bear together."),
        text={
            "en": "What goes back to a customer after the member was paid: {value, select, member {the member owes their part.}"
                  " coop_chargebacks {the member owes their part of a refund; of a chargeback the co-op bears it.}"
                  " coop {the co-op bears the member’s part.}}",
            "es": "Lo que vuelve al cliente después de pagar al miembro: {value, select, member {el miembro debe su parte.}"
                  " coop_chargebacks {el miembro debe su parte de un reembolso; la de un contracargo la asume la cooperativa.}"
                  " coop {la parte del miembro la asume la cooperativa.}}",
            "fr": "Ce qui revient au client après le versement au membre : {value, select, member {le membre doit sa part.}"
                  " coop_chargebacks {le membre doit sa part d’un remboursement ; celle d’une rétrofacturation, la coopérative la porte.}"
                  " coop {la coopérative porte la part du membre.}}",
            "ar": "ما يعود إلى الزبون بعد دفع مستحقات العضو: {value, select, member {نصيب العضو دين عليه.}"
                  " coop_chargebacks {نصيب العضو من الاسترداد دين عليه، أما ما يسترده المصرف فتتحمله التعاونية.}"
                  " coop {تتحمل التعاونية نصيب العضو.}}",
        },
    ),
]  # fmt: skip

TRADE = [
    Rule(
        id="trade.sale_model", type="enum", default="agent", tier="constitutional", procedure="special", asked=False, order=30, dry_run=ORDERS,
        options={"agent": _("The member sells; the co-op is its agent"), "principal": _("The co-op itself sells")},
        question=_("Who sells to the customer?"),
        why=_("An agent keeps a fee only. A seller owes the work and the tax on the whole price."),
        text={
            "en": "{value, select, agent {The member sells to the customer. The co-op is the member’s agent and keeps a fee.}"
                  " principal {The co-op itself sells to the customer, and owes the work and the tax.}}",
            "es": "{value, select, agent {Quien vende al cliente es el miembro. La cooperativa es su agente y se queda una comisión.}"
                  " principal {Quien vende al cliente es la propia cooperativa, y responde del trabajo y del impuesto.}}",
            "fr": "{value, select, agent {C’est le membre qui vend au client. La coopérative est son agent et garde une commission.}"
                  " principal {C’est la coopérative elle-même qui vend au client ; elle doit le travail et la taxe.}}",
            "ar": "{value, select, agent {العضو هو من يبيع للزبون، والتعاونية وكيلته وتحتفظ بعمولة.}"
                  " principal {التعاونية نفسها هي من يبيع للزبون، وعليها العمل والضريبة.}}",
        },
    ),
    Rule(
        id="trade.vat_rate", type="rate", default="0", minimum="0", maximum="1", delay_days=0, order=31, dry_run=ORDERS,
        question=_("Which VAT is added to prices?"),
        why=_("You set prices before VAT. Whoever buys sees what they pay, and the tax on a line of its own. The law sets the rate."),
        text={
            "en": "VAT of {value} is added to prices.",
            "es": "A los precios se añade un IVA del {value}.",
            "fr": "Une TVA de {value} s’ajoute aux prix.",
            "ar": "تُضاف إلى الأسعار ضريبة قيمة مضافة قدرها {value}.",
        },
        nothing={
            "en": "No VAT is added to prices.",
            "es": "A los precios no se les añade IVA.",
            "fr": "Aucune TVA ne s’ajoute aux prix.",
            "ar": "لا تُضاف ضريبة قيمة مضافة إلى الأسعار.",
        },
    ),
    Rule(
        id="trade.confirm_hours", type="int", default=24, minimum=1, maximum=720, unit="hours", tier="operational",
        procedure="coordinators", order=32,
        question=_("How many hours does a customer have to say that something was wrong?"),
        why=_("After them silence means yes, and the money goes to whoever did the work."),
        text={
            "en": "A customer who says nothing for {value} hours after the work has confirmed it.",
            "es": "Quien no dice nada en las {value} horas siguientes al trabajo lo da por confirmado.",
            "fr": "Qui ne dit rien pendant {value} heures après le travail l’a confirmé.",
            "ar": "من لا يعترض خلال {value} ساعة من انتهاء العمل فقد أكده.",
        },
    ),
    Rule(
        id="trade.rates", type="rate_card", default={}, tier="policy", asked=False, order=33, dry_run=ORDERS,
        question=_("What does what cost?"),
        why=_("One list of prices for everybody, set together."),
        text={
            "en": "Prices are those of the price list, the same for every customer.",
            "es": "Los precios son los de la lista de precios, iguales para todo el mundo.",
            "fr": "Les prix sont ceux de la liste de prix, les mêmes pour tout le monde.",
            "ar": "الأسعار هي المدونة في قائمة الأسعار، وهي واحدة لكل الزبائن.",
        },
        nothing={
            "en": "There is no common price list.",
            "es": "No hay una lista de precios común.",
            "fr": "Il n’y a pas de liste de prix commune.",
            "ar": "لا توجد قائمة أسعار مشتركة.",
        },
    ),
]  # fmt: skip

PAY = [
    Rule(
        id="pay.floor_hour", type="money", default=0, minimum=0, order=40, dry_run=ORDERS,
        question=_("What is the least an hour of work may bring to whoever does it?"),
        why=_("A price that would pay less is not offered, whoever asks."),
        text={
            "en": "An hour of work brings its provider at least {value}.",
            "es": "Una hora de trabajo aporta a quien la hace al menos {value}.",
            "fr": "Une heure de travail rapporte à qui la fait au moins {value}.",
            "ar": "ساعة العمل تعود على من يؤديها بما لا يقل عن {value}.",
        },
        nothing={
            "en": "There is no least pay for an hour of work.",
            "es": "No hay una paga mínima por hora de trabajo.",
            "fr": "Il n’y a pas de rémunération minimale pour une heure de travail.",
            "ar": "لا يوجد حد أدنى لأجر ساعة العمل.",
        },
    ),
]  # fmt: skip

RULES = [*FEES, *TRADE, *PAY]
