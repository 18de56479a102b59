"""Pages of the server itself. A co-op's pages are in `urls_coop`; the middleware chooses."""

from django.urls import include, path

from toadlane.blueprints.demo import urls as demo
from toadlane.blueprints.founding import urls as founding
from toadlane.commons.directory import urls as directory
from toadlane.config import views
from toadlane.config.api import api
from toadlane.money.benefits import urls as benefits
from toadlane.money.payments import urls as payments
from toadlane.plumbing.files import urls as files
from toadlane.plumbing.sending import urls as sending
from toadlane.society.people import urls as people
from toadlane.ui import urls as ui

handler400 = "toadlane.config.views.unreadable"
handler404 = "toadlane.config.views.not_found"
handler403 = "toadlane.config.views.refused"
handler429 = "toadlane.config.views.too_often"
handler500 = "toadlane.config.views.broken"

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", views.healthz, name="healthz"),
    path("source/", views.source_code, name="source"),
    path("found/", include((founding.server, "founding"))),
    path("sent/", include((sending.server, "sending"))),
    path("demo/", include((demo.server, "demo"))),
    path("pay/", include((payments.server, "payments"))),
    path("wallets/", include((benefits.server, "benefits"))),
    path("media/", include((files.server, "files"))),
    path("styleguide/", include((ui.server, "ui"))),
    path("", include((people.server, "people"))),
    # Without a namespace: the accounts library looks its own pages up by name.
    path("", include(people.doors)),
    path("", include((directory.server, "directory"))),
]
