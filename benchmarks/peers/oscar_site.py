"""The peer of the order path: django-oscar with its REST API, as its documentation sets it up, in one file.

Run with an environment that holds django-oscar, django-oscar-api, psycopg and granian:

    OSCAR_DATABASE=postgresql://… python oscar_site.py prepare     # tables, a country, a partner, a product
    granian --interface wsgi --workers 2 oscar_site:application
"""

import os
import sys
from urllib.parse import urlsplit

import django
from django.conf import settings
from oscar.defaults import *  # noqa: F403

if not settings.configured:
    import oscar.defaults as oscar_defaults

    address = urlsplit(os.environ["OSCAR_DATABASE"])
    settings.configure(
        **{name: getattr(oscar_defaults, name) for name in dir(oscar_defaults) if name.isupper()}
        | {
            "SECRET_KEY": "a benchmark keeps no secrets",
            "DEBUG": False,
            "ALLOWED_HOSTS": ["*"],
            "ROOT_URLCONF": __name__,
            "SITE_ID": 1,
            "USE_TZ": True,
            "LANGUAGE_CODE": "en",
            "LANGUAGES": [("en", "English")],
            "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
            "OSCAR_ALLOW_ANON_CHECKOUT": True,
            "OSCAR_DEFAULT_CURRENCY": "EUR",
            "OSCARAPI_BLOCK_ADMIN_API_ACCESS": True,
            "HAYSTACK_CONNECTIONS": {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
            "DATABASES": {
                "default": {
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": address.path.lstrip("/"),
                    "USER": address.username,
                    "HOST": address.hostname,
                    "PORT": address.port or 5432,
                    "CONN_MAX_AGE": None,
                }
            },
            "INSTALLED_APPS": [
                "django.contrib.auth",
                "django.contrib.contenttypes",
                "django.contrib.sessions",
                "django.contrib.sites",
                "django.contrib.messages",
                "django.contrib.staticfiles",
                "django.contrib.flatpages",
                "oscar.config.Shop",
                "oscar.apps.analytics.apps.AnalyticsConfig",
                "oscar.apps.checkout.apps.CheckoutConfig",
                "oscar.apps.address.apps.AddressConfig",
                "oscar.apps.shipping.apps.ShippingConfig",
                "oscar.apps.catalogue.apps.CatalogueConfig",
                "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
                "oscar.apps.communication.apps.CommunicationConfig",
                "oscar.apps.partner.apps.PartnerConfig",
                "oscar.apps.basket.apps.BasketConfig",
                "oscar.apps.payment.apps.PaymentConfig",
                "oscar.apps.offer.apps.OfferConfig",
                "oscar.apps.order.apps.OrderConfig",
                "oscar.apps.customer.apps.CustomerConfig",
                "oscar.apps.search.apps.SearchConfig",
                "oscar.apps.voucher.apps.VoucherConfig",
                "oscar.apps.wishlists.apps.WishlistsConfig",
                "oscar.apps.dashboard.apps.DashboardConfig",
                "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
                "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
                "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
                "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
                "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
                "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
                "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
                "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
                "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
                "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
                "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
                "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
                "widget_tweaks",
                "haystack",
                "treebeard",
                "django_tables2",
                "rest_framework",
                "oscarapi",
            ],
            "MIDDLEWARE": [
                "oscarapi.middleware.ApiBasketMiddleWare",
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.middleware.common.CommonMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
            ],
            "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
            "LOGGING_CONFIG": None,
        }
    )
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "oscarapi.middleware.ApiBasketMiddleWare",
    ]
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.urls import include, path

urlpatterns = [path("api/", include("oscarapi.urls"))]
application = get_wsgi_application()


def prepare() -> None:
    """Make the tables and one product that never runs out."""
    from decimal import Decimal

    from django.core.management import call_command
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0, interactive=False)
    get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="IE", defaults={"printable_name": "Ireland", "name": "Ireland", "is_shipping_country": True}
    )
    kind, _ = get_model("catalogue", "ProductClass").objects.get_or_create(
        name="Visit", defaults={"requires_shipping": True, "track_stock": False}
    )
    partner, _ = get_model("partner", "Partner").objects.get_or_create(name="A partner")
    product, _ = get_model("catalogue", "Product").objects.get_or_create(title="A clean", defaults={"product_class": kind})
    get_model("partner", "StockRecord").objects.get_or_create(
        product=product, partner=partner, partner_sku="1", defaults={"price": Decimal("129.00"), "price_currency": "EUR"}
    )
    print(product.pk)


if __name__ == "__main__" and sys.argv[1:] == ["prepare"]:
    prepare()
