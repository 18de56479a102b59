"""Pages of one co-op, at /c/<slug>/ and at its own host name."""

from django.urls import include, path

from toadlane.blueprints.demo import urls as demo
from toadlane.commons.directory import urls as directory
from toadlane.commons.records import urls as records
from toadlane.democracy.ballots import urls as ballots
from toadlane.democracy.circles import urls as circles
from toadlane.democracy.meetings import urls as meetings
from toadlane.democracy.proposals import urls as proposals
from toadlane.money.bank import urls as bank
from toadlane.money.benefits import urls as benefits
from toadlane.money.funds import urls as funds
from toadlane.money.invoicing import urls as invoicing
from toadlane.money.ledger import urls as ledger
from toadlane.money.payments import urls as payments
from toadlane.ownership.arrivals import urls as arrivals
from toadlane.ownership.bookkeeping import urls as bookkeeping
from toadlane.ownership.dues import urls as dues
from toadlane.ownership.lending import urls as lending
from toadlane.ownership.shares import urls as shares
from toadlane.ownership.surplus import urls as surplus
from toadlane.plumbing.files import urls as files
from toadlane.plumbing.sending import urls as sending
from toadlane.plumbing.webhooks import urls as webhooks
from toadlane.society.bylaws import urls as bylaws
from toadlane.society.coops import urls as coops
from toadlane.society.members import urls as members
from toadlane.society.messaging import urls as messaging
from toadlane.society.pages import urls as pages
from toadlane.society.people import urls as people
from toadlane.society.simulations import urls as simulations
from toadlane.trade.assignments import urls as assignments
from toadlane.trade.billing import urls as billing
from toadlane.trade.booking import urls as booking
from toadlane.trade.catalog import urls as catalog
from toadlane.trade.orders import urls as orders
from toadlane.trade.reviews import urls as reviews
from toadlane.trade.work import urls as work

handler400 = "toadlane.config.views.unreadable"
handler404 = "toadlane.config.views.not_found"
handler403 = "toadlane.config.views.refused"
handler500 = "toadlane.config.views.broken"

urlpatterns = [
    path("", include((directory.urlpatterns, "directory"))),
    path("", include((people.urlpatterns, "people"))),
    path("", include((proposals.urlpatterns, "proposals"))),
    path("records/", include((records.urlpatterns, "records"))),
    path("rules/", include((bylaws.urlpatterns, "bylaws"))),
    path("meetings/", include((meetings.urlpatterns, "meetings"))),
    path("circles/", include((circles.urlpatterns, "circles"))),
    path("ballots/", include((ballots.urlpatterns, "ballots"))),
    path("simulations/", include((simulations.urlpatterns, "simulations"))),
    path("spending/", include((funds.urlpatterns, "funds"))),
    path("benefits/", include((benefits.urlpatterns, "benefits"))),
    path("books/", include((ledger.urlpatterns, "ledger"))),
    path("members/", include((members.urlpatterns, "members"))),
    path("pages/", include((pages.urlpatterns, "pages"))),
    path("messages/", include((messaging.urlpatterns, "messaging"))),
    path("listings/", include((catalog.urlpatterns, "catalog"))),
    path("calendar/", include((booking.urlpatterns, "booking"))),
    path("work/", include((work.urlpatterns, "work"))),
    path("orders/", include((orders.urlpatterns, "orders"))),
    path("reviews/", include((reviews.urlpatterns, "reviews"))),
    path("payments/", include((payments.urlpatterns, "payments"))),
    path("bank/", include((bank.urlpatterns, "bank"))),
    path("invoices/", include((invoicing.urlpatterns, "invoicing"))),
    path("billing/", include((billing.urlpatterns, "billing"))),
    path("activities/", include((assignments.urlpatterns, "assignments"))),
    path("shares/", include((shares.urlpatterns, "shares"))),
    path("arrivals/", include((arrivals.urlpatterns, "arrivals"))),
    path("dues/", include((dues.urlpatterns, "dues"))),
    path("loans/", include((lending.urlpatterns, "lending"))),
    path("surplus/", include((surplus.urlpatterns, "surplus"))),
    path("figures/", include((bookkeeping.urlpatterns, "bookkeeping"))),
    path("media/", include((files.urlpatterns, "files"))),
    path("sandbox/", include((demo.urlpatterns, "demo"))),
    path("sent/", include((sending.urlpatterns, "sending"))),
    path("webhooks/", include((webhooks.urlpatterns, "webhooks"))),
    path("settings/", include((coops.urlpatterns, "coops"))),
]
