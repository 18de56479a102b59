"""Who issues invoices, and what stands on them where no tax is charged."""

from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules import Rule

SMALL = "No VAT is charged: small business (Article 284 of Directive 2006/112/EC)"
EXEMPT = "Exempt from VAT"

RULES = [
    Rule(
        id="invoicing.self_billing", type="flag", default=True, asked=False, order=90,
        question=_("Does the co-op issue invoices in the name of members?"),
        why=_("Members who agree have one thing less to do, and every customer gets an invoice. Each member agrees for themselves."),
        text={
            "en": "{value, select, yes {The co-op issues invoices in the name of members who agreed to it: to customers, and to"
                  " itself for what it buys of them.} no {Members issue their own invoices.}}",
            "es": "{value, select, yes {La cooperativa emite las facturas en nombre de los miembros que lo aceptaron: a clientes,"
                  " y a sí misma por lo que les compra.} no {Los miembros emiten sus propias facturas.}}",
            "fr": "{value, select, yes {La coopérative établit les factures au nom des membres qui l’ont accepté : aux clients,"
                  " et à elle-même pour ce qu’elle leur achète.} no {Les membres établissent eux-mêmes leurs factures.}}",
            "ar": "{value, select, yes {تصدر التعاونية الفواتير باسم الأعضاء الذين وافقوا على ذلك: للزبائن، ولنفسها عما تشتريه"
                  " منهم.} no {يصدر الأعضاء فواتيرهم بأنفسهم.}}",
        },
    ),
    Rule(
        id="invoicing.small_business", type="text", default=SMALL, asked=False, tier="operational", procedure="coordinators", order=91,
        question=_("What stands on the invoices of small businesses that charge no VAT?"),
        why=_("The law of each country has its own words for it. The tax office says which."),
        text={
            "en": "Invoices of small businesses that charge no VAT say: “{value}”.",
            "es": "Las facturas de pequeñas empresas que no repercuten IVA dicen: «{value}».",
            "fr": "Les factures des petites entreprises en franchise de TVA portent la mention : « {value} ».",
            "ar": "تحمل فواتير المنشآت الصغيرة المعفاة من ضريبة القيمة المضافة العبارة: «{value}».",
        },
    ),
    Rule(
        id="invoicing.exempt", type="text", default=EXEMPT, asked=False, tier="operational", procedure="coordinators", order=92,
        question=_("What stands on other invoices without VAT?"),
        why=_("Whoever charges no tax has to say why: name the article of the law that exempts this work."),
        text={
            "en": "Other invoices without VAT say: “{value}”.",
            "es": "Las demás facturas sin IVA dicen: «{value}».",
            "fr": "Les autres factures sans TVA portent la mention : « {value} ».",
            "ar": "تحمل سائر الفواتير الخالية من الضريبة العبارة: «{value}».",
        },
    ),
]  # fmt: skip
